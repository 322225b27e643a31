"""What a site writes into its log: JSON lines of ids, counts and places in the code; never personal data.

Words that come with an exception, and values filled into a library's message, may hold a name or an NHS number
(a form's input, a database's "Key (value)=… already exists"). So neither is ever written: of an exception its class
and the lines of code it went through, of a library's message its template without the values.
"""

import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

# words of ours that say what and where; under any other name only ids, counts, moments and yes/no pass
WORDS = frozenset(
    {
        "event", "level", "logger", "timestamp", "where", "exception", "frames", "method", "route", "process", "job",
        "event_name", "problem", "file", "signal", "path", "reference",
    }
)  # fmt: skip
ROOT = Path(__file__).resolve().parents[2]
FRAMES = 12


def only_ids_and_counts(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Hold back every word that was not expected, so that a careless log line cannot say who somebody is."""
    for name, value in event.items():
        if name not in WORDS and not isinstance(value, bool | int | float | UUID | date | None):
            event[name] = "held back"
    return event


def without_words_of_exceptions(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """An exception is written as its class and the lines it went through, with those of what caused it."""
    given = event.pop("exc_info", None)
    event.pop("stack_info", None)
    if given is True:
        given = sys.exc_info()
    problem = given[1] if isinstance(given, tuple) else given
    if isinstance(problem, BaseException):
        causes = list(_causes(problem))
        event["exception"] = " from ".join(f"{type(cause).__module__}.{type(cause).__qualname__}" for cause in causes)
        event["frames"] = [_place(frame) for cause in causes for frame in traceback.extract_tb(cause.__traceback__)][
            -FRAMES:
        ]
    return event


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__ or problem.__context__


def _place(frame: traceback.FrameSummary) -> str:
    path = Path(frame.filename)
    within = path.relative_to(ROOT) if path.is_relative_to(ROOT) else Path(*path.parts[-3:])
    return f"{within}:{frame.lineno} {frame.name}"


class Formatter(structlog.stdlib.ProcessorFormatter):
    """Ours and libraries' records alike, as one JSON line each."""

    def __init__(self) -> None:
        super().__init__(
            foreign_pre_chain=[structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True)],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                without_words_of_exceptions,
                only_ids_and_counts,
                structlog.processors.JSONRenderer(default=str),
            ],
        )

    def format(self, record: logging.LogRecord) -> str:
        if not isinstance(record.msg, dict):
            record = logging.makeLogRecord(record.__dict__)
            # a message without values may have been put together before it was logged
            record.msg = {
                "event": str(record.msg) if record.args else f"message of {record.name}",
                "logger": record.name,
                "where": f"{record.module}:{record.lineno} {record.funcName}",
                "level": record.levelname.lower(),
                "exc_info": record.exc_info,
            }
            record.args, record.exc_info, record.exc_text = None, None, None
            record._from_structlog = True
            record._logger, record._name = None, record.name
        return super().format(record)


def logging_settings(level: str) -> dict[str, Any]:
    """Django's LOGGING: everything goes through our formatter to standard error."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": Formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"level": level, "handlers": [], "propagate": True},
            # requests are logged by our own middleware, with the route instead of the address
            "django.server": {"level": "ERROR", "handlers": [], "propagate": True},
            # what makes PDF files tells of every letter form and of every style that is for screens only
            "fontTools": {"level": "ERROR", "handlers": [], "propagate": True},
            "weasyprint": {"level": "CRITICAL", "handlers": [], "propagate": True},
        },
    }
