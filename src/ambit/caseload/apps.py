from django.apps import AppConfig


class CaseloadConfig(AppConfig):
    name = "ambit.caseload"
