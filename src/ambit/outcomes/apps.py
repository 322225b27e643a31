from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "ambit.outcomes"

    def ready(self) -> None:
        from ambit.careplan.elsewhere import holds
        from ambit.outcomes.queries import has_akps

        holds("outcomes.akps", has_akps, page="outcomes")
