import io
import logging
import logging.config

import pytest
from django.conf import settings

from tests.factories.people import make_id_number

NUMBER = make_id_number()
PHONE = "13912345678"


@pytest.fixture
def log():
    """A logger with the handler and filter of the settings, and its output."""
    logging.config.dictConfig({**settings.LOGGING, "root": {"handlers": ["console"]}})
    handler = next(h for h in logging.getLogger().handlers if type(h) is logging.StreamHandler)
    stream = io.StringIO()
    handler.setStream(stream)
    yield logging.getLogger("tests.privacy"), stream
    logging.config.dictConfig(settings.LOGGING)


@pytest.mark.parametrize(
    ("message", "arguments"),
    [
        (f"持卡人{NUMBER}，手机{PHONE}。", ()),
        ("holder %s phone %s", (NUMBER, PHONE)),
        ("holder %(number)s phone %(phone)s", ({"number": NUMBER, "phone": f"+86{PHONE}"},)),
        ({"id_number": NUMBER, "phone": PHONE}, ()),
        (f"too many %s {NUMBER}", (PHONE, PHONE)),
    ],
)
def test_numbers_are_masked_wherever_they_stand_in_a_message(log, message, arguments):
    logger, stream = log
    logger.warning(message, *arguments)
    written = stream.getvalue()
    assert NUMBER[-4:] in written
    assert "139****5678" in written
    assert NUMBER not in written
    assert PHONE not in written


def test_numbers_in_a_traceback_are_masked(log):
    logger, stream = log
    try:
        raise ValueError(f"bad number {NUMBER[:17]}x of {PHONE}")
    except ValueError:
        logger.exception("failed")
    assert "Traceback" in stream.getvalue()
    assert NUMBER[:17] not in stream.getvalue()
    assert PHONE not in stream.getvalue()


def test_other_numbers_stay(log):
    logger, stream = log
    logger.warning("order 2026112312345678901234 took 1390 ms, card %s, 12345678901", 1058)
    assert "order 2026112312345678901234 took 1390 ms, card 1058, 12345678901" in stream.getvalue()
