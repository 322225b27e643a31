from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    name = "ambit.coordination"

    def ready(self) -> None:
        from ambit.coordination.merging import keep_one_coordinator
        from ambit.people.moving import moves

        moves("coordination.Coordinator", "person", keep_one_coordinator)
