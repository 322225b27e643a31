from django.apps import AppConfig


class CasefindingConfig(AppConfig):
    name = "ambit.casefinding"
