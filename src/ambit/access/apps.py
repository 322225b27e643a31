from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "ambit.access"
