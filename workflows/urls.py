from django.urls import path

from workflows.views import absences, acts, bulk, cases, hand_overs, lists, saved_views, steps

app_name = "workflows"
urlpatterns = [
    path("", lists.my_day, name="my_day"),
    path("worklist/", lists.worklist_page, name="worklist"),
    path("worklist/views/", saved_views.views, name="views"),
    path("worklist/views/<int:pk>/delete/", saved_views.delete, name="view_delete"),
    path("worklist/bulk/<slug:verb>/", bulk.bulk, name="bulk"),
    path("contradictions/", lists.contradictions, name="contradictions"),
    path("hand-overs/", hand_overs.hand_overs, name="hand_overs"),
    path("hand-overs/answer/", hand_overs.answer, name="hand_over_answer"),
    path("hand-overs/all/<slug:code>/", hand_overs.hand_over_all, name="hand_over_all"),
    path("absences/", absences.absences, name="absences"),
    path("absences/<slug:code>/", absences.absences, name="absences_of"),
    path("absences/<int:pk>/cancel/", absences.absence_cancel, name="absence_cancel"),
    path("caseload/", lists.caseload, name="caseload"),
    path("patients/<int:pk>/", cases.patient, name="patient"),
    path("patients/<int:pk>/cases/new/", cases.case_new, name="case_new"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("cases/<int:pk>/pathways/new/", cases.pathway_add, name="pathway_add"),
    path("cases/<int:pk>/diagnoses/new/", cases.diagnosis_add, name="diagnosis_add"),
    path("cases/<int:pk>/close/", cases.case_close, name="case_close"),
    path("cases/<int:pk>/pause/", cases.case_pause, name="case_pause"),
    path("cases/<int:pk>/go-on/", cases.case_go_on, name="case_go_on"),
    path("diagnoses/<int:pk>/tell/", cases.diagnosis_tell, name="diagnosis_tell"),
    path("cases/<int:pk>/rules/<slug:rule>/accept/", cases.rule_accept, name="rule_accept"),
    path("proposals/<int:pk>/<str:decision>/", cases.proposal, name="proposal"),
    path("steps/<int:pk>/", steps.step_page, name="step"),
    path("steps/<int:pk>/peek/", steps.peek, name="peek"),
    path("steps/<int:pk>/<str:verb>/", acts.act, name="act"),
]
