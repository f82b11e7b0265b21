"""Every address of the site; tests/test_access.py holds a line for each."""

from django.urls import include, path

from interop.fhir.bearer import Token
from nmdtracker import views

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("livez", views.live, name="live"),
    path("readyz", views.ready, name="ready"),
    path("components/", views.components, name="components"),
    path("outbox/", views.outbox, name="outbox"),
    path("patients/", include("patients.urls")),
    path("oauth/token", Token.as_view(), name="token"),
    path("fhir/", include("interop.fhir.urls")),
    path("results/", include("results.urls")),
    path("", include("workflows.urls")),
]
