"""Addresses where people see what is kept about them and who looked."""

from django.urls import path

from tidu.web.account import my_data, own_access

urlpatterns = [
    path("enterprise/access/", own_access.own_access, name="own_access"),
    path("account/my-data/", my_data.my_data, name="my_data"),
    path("account/my-data/download/", my_data.download, name="my_data_file"),
    path("account/close/", my_data.close, name="close_account"),
]
