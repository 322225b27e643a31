from django.apps import AppConfig


class OutcomesConfig(AppConfig):
    name = "ambit.outcomes"

    def ready(self) -> None:
        from ambit.access.items import consists_of
        from ambit.careplan.elsewhere import holds
        from ambit.outcomes.queries import PART, PART_TITLE, has_akps

        holds("outcomes.akps", has_akps, page="outcomes")
        consists_of(lambda: {PART: PART_TITLE})
