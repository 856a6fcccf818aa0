"""Answers with a picture of the private storage."""

import logging

from django.http import FileResponse, Http404

logger = logging.getLogger(__name__)


def picture_response(file):
    """The picture in `file`, a `FieldFile`, for the page that shows it.

    Raises Http404 where there is none, and where it cannot be read: that is logged.
    """
    if not file:
        raise Http404
    try:
        return FileResponse(file.open("rb"), content_type="image/jpeg")
    except FileNotFoundError:
        raise Http404 from None
    except OSError:
        logger.exception("A picture of the private storage cannot be read")
        raise Http404 from None
