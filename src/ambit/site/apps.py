from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "ambit.site"
    label = "ambit_site"

    def ready(self) -> None:
        from ambit.site import reactions  # noqa: F401  (fills the list of listeners)
