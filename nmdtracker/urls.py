"""Every address of the site; tests/test_access.py holds a line for each."""

from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
]
