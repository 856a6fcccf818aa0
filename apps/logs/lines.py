"""How a line of the log is written: JSON in production, for people in the embedded mode.

Every line carries what is bound to the present request or task (its `request_id`), whoever writes
it. No line leaves without `privacy.redact`.
"""

import logging

import structlog
from structlog.types import Processor

from apps.logs.privacy import redact

_KNOWN: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


class RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """As structlog's, with every ID number and mobile in the finished line masked."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def formatter(style: str) -> logging.Formatter:
    """The formatter for "json" or "line"; also sets up the loggers of structlog."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_KNOWN,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    return RedactingFormatter(
        foreign_pre_chain=_KNOWN,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_LAST[style]],
    )


_LAST: dict[str, list[Processor]] = {
    "json": [
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
    ],
    "line": [
        structlog.dev.ConsoleRenderer(
            colors=False,
            pad_event_to=0,
            pad_level=False,
            exception_formatter=structlog.dev.plain_traceback,
        )
    ],
}
