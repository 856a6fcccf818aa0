"""Keeps personal numbers out of the log: those in messages, in arguments and in tracebacks."""

import logging
import re

from apps.common.visibility import shown

# 18 characters of an ID number; a mobile, with or without the code of the country.
_ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_MOBILE = re.compile(r"(?<!\d)((?:86)?)(1[3-9]\d{9})(?!\d)")
_formatter = logging.Formatter()


def redact(text):
    """`text` with every ID number and mobile in it masked."""
    text = _ID_NUMBER.sub(lambda found: shown(found[0], "log.id_number"), text)
    return _MOBILE.sub(lambda found: found[1] + shown(found[2], "log.phone"), text)


def _message(record):
    """The whole message. If its arguments do not fit, the message without them."""
    try:
        return record.getMessage()
    except (TypeError, ValueError):
        return f"{record.msg} {record.args}"


class RedactPersonalNumbers(logging.Filter):
    """Put it on every handler: a filter of a logger does not see what its child loggers log."""

    def filter(self, record):
        if hasattr(record, "_logger"):  # of structlog: its parts are put together later
            record.msg = {
                name: redact(value) if isinstance(value, str) else value
                for name, value in record.msg.items()
            }
        else:
            record.msg, record.args = redact(_message(record)), None
        if record.exc_info and not record.exc_text:
            record.exc_text = _formatter.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = redact(record.exc_text)
        if record.stack_info:
            record.stack_info = redact(record.stack_info)
        return True
