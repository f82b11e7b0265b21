from django.urls import path

from patients import views

app_name = "patients"
urlpatterns = [
    path("", views.search_page, name="search"),
    path("new/", views.new, name="new"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    path("<int:pk>/relatives/new/", views.relative, name="relative_new"),
    path("<int:pk>/relatives/<int:relative>/", views.relative, name="relative"),
]
