from django.apps import AppConfig


class NmdtrackerConfig(AppConfig):
    name = "nmdtracker"
