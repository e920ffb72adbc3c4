"""How the program speaks to its operator: one line per fact on stderr, for machines (JSON) or for people (text).

`workflow.logger` and `activity.logger` of Temporal come out in the same form, with the number of the dossier; they are
silent during a replay, so nothing is said twice. Of an exception only the type, the first line and the places are
written: later lines of a message and local variables may hold what a person typed.
"""

from __future__ import annotations

import logging
import sys
import traceback
from typing import Literal, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger
from temporalio import activity, workflow

Format = Literal["auto", "json", "text"]

_FIRST_LINE = 300
_TALKATIVE = ("sqlalchemy.engine", "sqlalchemy.pool", "alembic.runtime.migration", "asyncio", "mail.log", "httpx")
_CONTEXTS = {
    "temporal_workflow": {
        "workflow_id": "dossier",
        "run_id": "run",
        "workflow_type": "workflow",
        "update_name": "update",
    },
    "temporal_activity": {
        "workflow_id": "dossier",
        "workflow_run_id": "run",
        "activity_type": "activity",
        "attempt": "attempt",
    },
}
"""Which of the facts Temporal adds to a line are kept, and what they are called here."""


def configure(log_format: Format = "auto", level: str = "INFO", stream: TextIO | None = None) -> None:
    """Set up logging of the whole process; calling it again replaces what was set up before.

    `auto` writes text when `stream` (stderr when left out) is a terminal, and JSON otherwise.
    """
    stream = stream or sys.stderr
    as_text = log_format == "text" or (log_format == "auto" and stream.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _exception_in_brief,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), _dossier, *shared],
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_renderers(as_text, stream)],
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    workflow.logger.workflow_info_on_message = False
    activity.logger.activity_info_on_message = False
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _renderers(as_text: bool, stream: TextIO) -> list[Processor]:
    if as_text:
        plain = structlog.dev.plain_traceback  # says: what `exception` holds is written as it is
        return [structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=plain)]
    return [structlog.processors.JSONRenderer(ensure_ascii=False)]


def _dossier(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Say in our own words to which dossier a line of Temporal belongs."""
    for context, names in _CONTEXTS.items():
        facts = event.pop(context, None)
        if isinstance(facts, dict):
            event.update({ours: facts[theirs] for theirs, ours in names.items() if theirs in facts})
    return event


def _exception_in_brief(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    raised = event.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    error = raised[1] if isinstance(raised, tuple) else raised
    if isinstance(error, BaseException):
        event["exception"] = in_brief(error)
    return event


def in_brief(error: BaseException) -> str:
    """The exception and what caused it, outermost last as Python does: places, type and first line."""
    lines: list[str] = []
    seen: set[int] = set()
    current: BaseException | None = error
    chain: list[BaseException] = []
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        chain.append(current)
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    for link in reversed(chain):
        lines += [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(link.__traceback__)]
        lines.append(f"{type(link).__qualname__}: {str(link).partition(chr(10))[0][:_FIRST_LINE]}")
    return "\n".join(lines)
