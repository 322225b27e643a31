from django.apps import AppConfig


class UrgentConfig(AppConfig):
    name = "ambit.urgent"
