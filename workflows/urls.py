from django.urls import path

from workflows.views import lists

app_name = "workflows"
urlpatterns = [
    path("", lists.my_day, name="my_day"),
    path("worklist/", lists.worklist_page, name="worklist"),
    path("caseload/", lists.caseload, name="caseload"),
]
