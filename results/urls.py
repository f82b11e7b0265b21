from django.urls import path

from results import views
from results.genetics.views import reclassify_variant
from results.specimens.views import specimen_move, specimens

app_name = "results"
urlpatterns = [
    path("record/<int:pk>/", views.record, name="record"),
    path("correct/<int:pk>/", views.correct, name="correct"),
    path("retract/<int:pk>/", views.retract, name="retract"),
    path("reading/<int:pk>/", views.reading, name="reading"),
    path("draft/<int:pk>/", views.draft, name="draft"),
    path("draft/<int:pk>/discard/", views.discard, name="discard"),
    path("reclassify/<int:pk>/<int:position>/", reclassify_variant, name="reclassify"),
    path("specimens/<int:pk>/", specimens, name="specimens"),
    path("specimens/<int:pk>/move/", specimen_move, name="specimen_move"),
    path("step/<int:pk>/", views.detail, name="detail"),
    path("step/<int:pk>/text/", views.text, name="text"),
    path("step/<int:pk>/attach/", views.attach, name="attach"),
    path("search/<int:pk>/", views.search, name="search"),
    path("trends/<int:pk>/", views.trends, name="trends"),
    path("trends/<int:pk>/<str:path>/", views.trend, name="trend"),
    path("file/<int:pk>/", views.file, name="file"),
    path("file/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
