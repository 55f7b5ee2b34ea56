"""Addresses of notices, objections and holders, for authorities."""

from django.urls import path

from tidu.web.officer import holder, holders, notices, objections

urlpatterns = [
    path("holding/", notices.notices, name="notices"),
    path(
        "holding/new/<int:opened>/<slug:step>/", notices.notice_new, name="notice_new"
    ),
    path("holding/objections/", objections.objections, name="objections"),
    path("holding/objections/<int:pk>/", objections.objection, name="objection"),
    path(
        "holding/objections/<int:pk>/file/",
        objections.objection_file,
        name="objection_file",
    ),
    path(
        "holding/objections/<int:pk>/erase/",
        objections.objection_erase,
        name="objection_erase",
    ),
    path("holding/due/", holders.holders_due, name="holders_due"),
    path("holding/tasks/", holders.duty_tasks, name="duty_tasks"),
    path("holding/changes/", holders.change_reports, name="change_reports"),
    path("holding/forecasts/", holders.forecasts, name="forecasts"),
    path("holding/titles/<int:pk>/", holder.holder, name="holder"),
    path("holding/titles/<int:pk>/revoke/", holder.title_revoke, name="title_revoke"),
    path(
        "holding/titles/<int:pk>/certificate/",
        holders.certificate_file,
        name="certificate_file",
    ),
    path("holding/tasks/<int:pk>/decide/", holder.task_decide, name="task_decide"),
    path(
        "holding/rights/<int:pk>/restore/", holder.right_restore, name="right_restore"
    ),
    path("holding/bars/<int:pk>/", holder.bar_change, name="bar_change"),
]
