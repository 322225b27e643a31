from django.apps import AppConfig


class MycareConfig(AppConfig):
    name = "ambit.mycare"
