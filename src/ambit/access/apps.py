from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "ambit.access"

    def ready(self) -> None:
        from ambit.access.admitting import tie_who_admits
        from ambit.people.actions.admitting import after_admitting

        after_admitting(tie_who_admits)
