from django.urls import path

from results import views

app_name = "results"
urlpatterns = [
    path("record/<int:pk>/", views.record, name="record"),
    path("correct/<int:pk>/", views.correct, name="correct"),
    path("retract/<int:pk>/", views.retract, name="retract"),
    path("step/<int:pk>/", views.detail, name="detail"),
]
