from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    name = "ambit.coordination"

    def ready(self) -> None:
        from ambit.careplan.elsewhere import holds
        from ambit.coordination.merging import keep_one_coordinator
        from ambit.coordination.queries import coordinator_of
        from ambit.people.moving import moves

        holds("coordination.coordinator", lambda reader, person: coordinator_of(reader, person.id), page="tasks_about")
        moves("coordination.Coordinator", "person", keep_one_coordinator)
