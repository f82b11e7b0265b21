from django.urls import path, re_path

from interop.fhir import views

app_name = "fhir"
urlpatterns = [
    path("metadata", views.metadata, name="metadata"),
    path("Task", views.search, name="tasks"),
    path("Task/<int:pk>", views.read, name="task"),
    re_path(".*", views.elsewhere, name="elsewhere"),  # what was asked for stays out of the events
]
