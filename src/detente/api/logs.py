"""Logs: a line of JSON for each request, under its id; never a plan's contents, never a token."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Final

import msgspec
import structlog
from structlog.typing import Processor

__all__ = ["GRANIAN", "log_fault", "set_up"]

_SHARED: Final[list[Processor]] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def set_up(form: str) -> None:
    """Log to standard error from here on.

    Parameters
    ----------
    form : "json", or "console" for people.
    """
    structlog.configure(
        processors=[*_SHARED, _last(form)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=_SHARED,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _last(form)],
        )
    )
    # other libraries say what went wrong, and nothing of what they were given
    logging.basicConfig(handlers=[handler], level=logging.ERROR, force=True)


GRANIAN: Final[dict[str, Any]] = {
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"handlers": [], "propagate": True}},
}
"""Has the server's own words go where the others go."""


def log_fault(error: BaseException, **about: object) -> None:
    """Log what was not foreseen: where it happened, and not what it was about.

    An exception's text may hold what was filed; its type and its frames do not.
    """
    frames = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    structlog.get_logger("detente").error(
        "fault", kind=type(error).__qualname__, frames=frames[-12:], **about
    )


def _last(form: str) -> Processor:
    if form == "console":
        return structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    return _as_json


def _as_json(_: object, __: str, event: MutableMapping[str, Any]) -> str:
    return msgspec.json.encode(event, enc_hook=repr).decode()
