"""Django fields that render our components."""

from django.forms.renderers import Jinja2


class Renderer(Jinja2):
    """Renders form fields with the same environment as pages."""
