from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "ambit.site"
    label = "ambit_site"

    def ready(self) -> None:
        from ambit.organisations.queries import names_by_code
        from ambit.population.naming import let_name_practices
        from ambit.site import kinds, reactions  # noqa: F401  (fill the lists of kinds of pack and of listeners)

        let_name_practices(names_by_code)
