"""Our Jinja environment: strict, so that a misspelt name on a page about resuscitation raises."""

from typing import Any

from django.templatetags.static import static
from django.urls import reverse
from jinja2 import Environment, StrictUndefined


def environment(**options: Any) -> Environment:
    options["undefined"] = StrictUndefined
    options["trim_blocks"] = options["lstrip_blocks"] = True
    env = Environment(**options, extensions=["jinja2.ext.i18n"])  # noqa: S701  (Django passes autoescape=True)
    env.globals.update(static=static, url=lambda name, *args, **kwargs: reverse(name, args=args, kwargs=kwargs))
    return env
