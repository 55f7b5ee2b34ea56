"""Addresses of an officer's month: collecting, recognition lists, the monthly table."""

from django.urls import path

from tidu.web.officer import collection, collection_papers, monthly, title_lists

_ROUND = "collection/<int:pk>/"
_LIST = "title-lists/<int:pk>/"

urlpatterns = [
    path("collection/", collection.rounds, name="collections"),
    path("collection/new/", collection.round_new, name="collection_new"),
    path(_ROUND, collection.round_one, name="collection"),
    path(_ROUND + "remind/", collection.round_remind, name="collection_remind"),
    path(_ROUND + "close/", collection.round_close, name="collection_close"),
    path(_ROUND + "returns/", collection.round_returns, name="collection_returns"),
    path(_ROUND + "commit/", collection.round_commit, name="collection_commit"),
    path(_ROUND + "contacts/", collection.round_contacts, name="collection_contacts"),
    path(_ROUND + "firms/<int:firm>/", collection.round_firm, name="collection_firm"),
    path(
        _ROUND + "firms/<int:firm>/form/",
        collection_papers.firm_form,
        name="collection_firm_form",
    ),
    path(_ROUND + "form/", collection_papers.round_form, name="collection_form"),
    path(_ROUND + "forms/", collection_papers.round_forms, name="collection_forms"),
    path(
        _ROUND + "list/<str:form>/",
        collection_papers.round_list,
        name="collection_list",
    ),
    path(
        _ROUND + "notices/", collection_papers.round_notices, name="collection_notices"
    ),
    path("title-lists/", title_lists.title_lists, name="title_lists"),
    path("title-lists/new/", title_lists.title_list_new, name="title_list_new"),
    path(_LIST, title_lists.title_list, name="title_list"),
    path(
        _LIST + "progress/", title_lists.title_list_progress, name="title_list_progress"
    ),
    path(_LIST + "certain/", title_lists.title_list_certain, name="title_list_certain"),
    path(_LIST + "decide/", title_lists.title_list_decide, name="title_list_decide"),
    path(_LIST + "commit/", title_lists.title_list_commit, name="title_list_commit"),
    path(_LIST + "undo/", title_lists.title_list_undo, name="title_list_undo"),
    path(_LIST + "discard/", title_lists.title_list_discard, name="title_list_discard"),
    path(
        _LIST + "result/<str:form>/",
        title_lists.title_list_result,
        name="title_list_result",
    ),
    path("monthly/", monthly.monthly, name="monthly"),
    path("monthly/<str:form>/", monthly.monthly_file, name="monthly_file"),
]
