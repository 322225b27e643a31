from django.apps import AppConfig


class DemonstrationConfig(AppConfig):
    name = "ambit.demonstration"
