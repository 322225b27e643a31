"""Foreign keys by name (`"people.Person"`) point downstairs too, which the import contracts cannot see."""

import tomllib

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from ambit.site.config import CHECKOUT


def floors() -> dict[str, int]:
    """The floor of each slice, the ground being 0, as the import contract lists them."""
    contracts = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["id"] == "floors")
    return {name.strip(" ()"): height for height, layer in enumerate(reversed(layers)) for name in layer.split("|")}


def slice_of(model: type[models.Model]) -> str | None:
    """The slice whose room a model stands in; None for Django's own and third parties."""
    parts = model.__module__.split(".")
    return parts[1] if parts[0] == "ambit" else None


def pointing_upstairs(all_models) -> list[str]:
    """Relations from a slice to one above it or beside it."""
    floor = floors()
    found = []
    for model in all_models:
        here = slice_of(model)
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created or not isinstance(field.related_model, type):
                continue
            there = slice_of(field.related_model)
            if here and there and here != there and floor[there] >= floor[here]:
                found.append(f"{model.__name__}.{field.name}: {here} points to {there}")
    return found


def test_foreign_keys_point_downstairs():
    assert pointing_upstairs(apps.get_models(include_auto_created=True)) == []


@isolate_apps("ambit.people", "ambit.register")
def test_a_planted_foreign_key_upstairs_is_caught():
    class Entry(models.Model):  # noqa: DJ008
        class Meta:
            app_label = "register"

    class Pointing(models.Model):  # noqa: DJ008
        entry = models.ForeignKey("register.Entry", on_delete=models.PROTECT)

        class Meta:
            app_label = "people"

    Entry.__module__, Pointing.__module__ = "ambit.register.models", "ambit.people.models"
    assert pointing_upstairs([Pointing]) == ["Pointing.entry: people points to register"]
