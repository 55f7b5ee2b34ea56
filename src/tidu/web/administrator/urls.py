"""Addresses for those who run the site."""

from django.urls import path

from tidu.web.administrator import access, people

urlpatterns = [
    path("access/", access.access_log, name="access_log"),
    path("people/", people.people, name="site_people"),
    path("people/<int:pk>/", people.person, name="site_person"),
    path("people/<int:pk>/data/", people.data, name="site_person_data"),
]
