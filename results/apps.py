from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "results"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from results.drafts import services as drafts
        from results.history import past
        from workflows import charted, timeline

        charted.LISTS |= past.LISTS | drafts.LISTS
        timeline.TOLD.append(past.moments)
