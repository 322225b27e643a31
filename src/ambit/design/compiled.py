"""How our templates become Python. A page of fifty rows says hundreds of words and asks for hundreds of parts: what can
be settled when a template is compiled is not worked out again for every page."""

from collections.abc import Callable, Iterable
from functools import lru_cache, partial
from keyword import iskeyword
from typing import Any

from django.conf import settings
from django.template.backends.jinja2 import Jinja2
from django.utils import translation
from django.utils.safestring import SafeString
from jinja2 import Environment, nodes, runtime
from jinja2 import Template as JinjaTemplate
from jinja2.compiler import CodeGenerator, Frame, optimizeconst
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape
from markupsafe import _escape_inner as escaped

# filters that say days and times in words
SPOKEN = ("day", "short_day", "time", "moment", "weekday", "age")


class Templates(Jinja2):
    """Django's engine, with every template compiled once for each language."""

    app_dirname = "jinja2"

    def __init__(self, params: dict[str, Any]) -> None:
        self._in_language: dict[str, Environment] = {}
        super().__init__(params)

    @property
    def env(self) -> Environment:
        language = translation.get_language() or settings.LANGUAGE_CODE
        found = self._in_language.get(language)
        if found is None:
            found = self._in_language[language] = self._first.overlay()
            found.language = language  # type: ignore[attr-defined]
            said = partial(said_in, language)
            found.globals = {**found.globals, "_": said, "gettext": said}
            spoken = {name: partial(found.filters[name], language=language) for name in SPOKEN}
            found.filters = {**found.filters, **spoken}
        return found

    @env.setter
    def env(self, made: Environment) -> None:
        self._first = made


def said_in(language: str | None, words: str, /, **filled: Any) -> Markup:
    """Words in a language; a page says hundreds, so each is looked up once in each language. What fills them is escaped."""
    if not filled:
        return _said(language, words)
    return _safe(translated(language, words) % {name: _filling(value) for name, value in filled.items()})


def _filling(value: Any) -> Any:
    """A number as it is, since the words may say how it is written; all else made safe."""
    return value if isinstance(value, int | float) else shown(value)


@lru_cache(maxsize=16_384)
def translated(language: str | None, words: str) -> str:
    """Words of a template or of Python in a language, with the places that are filled."""
    with translation.override(language):
        return translation.gettext(words)


@lru_cache(maxsize=16_384)
def _said(language: str | None, words: str) -> Markup:
    return Markup(translated(language, words)) % {}  # noqa: S704  (templates' and catalogues' own words)


@lru_cache(maxsize=4096)
def once(part: Callable[..., Any], *values: Any) -> Markup:
    """What a macro, imported without the page's names, says of a few values: drawn once, however many rows say it.

    For marks and words of a list. What is drawn is kept, so never for anything that is somebody's own.
    """
    return Markup(part(*values))  # noqa: S704  (a macro escapes)


class Macro(runtime.Macro):
    """Jinja's own; one that takes nothing but its parameters is called without looking at each of them."""

    def __call__(self, *args: Any, **given: Any) -> str:
        lacking = self._argument_count - len(args)
        called_by = not self.caller or (not self.explicit_caller and "caller" in given)
        if self.catch_kwargs or self.catch_varargs or lacking < 0 or not called_by:
            return super().__call__(*args, **given)
        if lacking:
            args += tuple([given.pop(name, runtime.missing) for name in self.arguments[len(args) :]])
        if self.caller:
            args += (given.pop("caller"),)
        if given:
            raise TypeError(f"macro {self.name!r} takes no keyword argument {next(iter(given))!r}")
        return _safe(self._func(*args))


# a macro escapes what it shows
_safe: Callable[[str], Markup] = partial(str.__new__, Markup)


class Template(JinjaTemplate):
    def _get_default_module(self, ctx: Any = None) -> Any:
        """Parts of another template: no template has names of its own besides the environment's, so none are looked for."""
        return super()._get_default_module()


class Compiler(CodeGenerator):
    """Jinja's own, but for what is the same on every page, and for how a page is put together."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:
        with translation.override(getattr(self.environment, "language", None) or translation.get_language()):
            _Words(self.environment).visit(node)
        super().visit_Template(node, frame)
        self.writeline("from ambit.design.compiled import Macro, shown")

    def blockvisit(self, nodes: Iterable[nodes.Node], frame: Frame) -> None:
        """A block is put together and handed on as one piece, not each piece through all the templates it stands in."""
        if not frame.block_frame or frame.buffer is not None:
            super().blockvisit(nodes, frame)
            return
        self.buffer(frame)
        super().blockvisit(nodes, frame)
        self.writeline(f"yield concat({frame.buffer})")

    @optimizeconst
    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:
        """What an object has is looked up at once; what it has not is an item of it, or a misspelt name."""
        held, value = (
            (self.temporary_identifier(), self.temporary_identifier())
            if not isinstance(node.node, nodes.Name)
            else ("", self.temporary_identifier())
        )
        self.write(f"({value} if ({value} := getattr(")
        if held:
            self.write(f"{held} := ")
        self.visit(node.node, frame)
        self.write(f", {node.attr!r}, missing)) is not missing else environment.getitem(")
        if held:
            self.write(held)
        else:
            self.visit(node.node, frame)
        self.write(f", {node.attr!r}))")

    def visit_Call(self, node: nodes.Call, frame: Frame, forward_caller: bool = False) -> None:
        """A macro or function is called as Python does; only what asks for the page's names is handed them."""
        called = node.node
        asks = isinstance(called, nodes.Name) and hasattr(self.environment.globals.get(called.name), "jinja_pass_arg")
        if asks or node.dyn_args or node.dyn_kwargs or any(iskeyword(given.key) for given in node.kwargs):
            super().visit_Call(node, frame, forward_caller=forward_caller)
            return
        self.visit(called, frame)
        self.write("(")
        for given in (*node.args, *node.kwargs):
            self.visit(given, frame)
            self.write(", ")
        self.write("caller=caller)" if forward_caller else ")")

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("shown(")


class _Words(NodeTransformer):
    """Words with nothing to fill in become what they are in the language of the environment."""

    def __init__(self, environment: Environment) -> None:
        self.say: Any = environment.globals["_"]

    def visit_Call(self, node: nodes.Call) -> nodes.Node:
        says = isinstance(node.node, nodes.Name) and node.node.name in {"_", "gettext"}
        if says and not node.kwargs and len(node.args) == 1 and isinstance(node.args[0], nodes.Const):
            return nodes.TemplateData(str(self.say(node.args[0].value)), lineno=node.lineno)
        return self.generic_visit(node)


def shown(value: Any) -> str:
    """`escape` without a new object for each piece of a page: the pieces are joined at once."""
    kind = type(value)
    if kind is str:
        return escaped(value)
    if kind is Markup or kind is SafeString:
        return value
    if kind is int:
        return str(value)
    return escape(value)
