from django.apps import AppConfig


class ResultsConfig(AppConfig):
    name = "results"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from results.history import past
        from workflows import timeline

        timeline.TOLD.append(past.moments)
