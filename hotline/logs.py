"""How does the service write its log without ever writing down a person?"""

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict

ALLOWED = frozenset(
    {"event", "level", "logger", "timestamp", "error", "job", "count", "route", "status", "seconds"}
)
"""The only keys that reach the log; whatever else a line carries is dropped."""


def _only_allowed(_logger: Any, _name: str, line: EventDict) -> EventDict:
    return {key: value for key, value in line.items() if key in ALLOWED}


def _error_kind(_logger: Any, _name: str, line: EventDict) -> EventDict:
    # The message of an exception may quote a number or a name: its kind and place are enough to mend it.
    failure = line.pop("exc_info", None)
    if isinstance(failure, tuple) and failure[0] is not None:
        trace = failure[2]
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_globals.get('__name__', '?')}:{trace.tb_lineno}" if trace else ""
        line["error"] = f"{failure[0].__name__} {place}".strip()
    return line


def start_logging(level: int = logging.INFO) -> None:
    """Write one JSON line per event to standard error, with allowed keys only."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                _error_kind,
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _only_allowed,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for noisy in ("httpx", "httpcore", "apscheduler", "alembic", "twilio", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
