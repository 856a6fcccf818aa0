"""The local sender: keeps messages instead of sending them, for demonstration and development."""

import logging

from django.conf import settings

from apps.common import masks
from apps.notices.models import OutboxMessage

logger = logging.getLogger(__name__)


class OutboxSms:
    def send(self, *, phone, text):
        OutboxMessage.objects.create(recipient=phone, text=text)
        if settings.DEMO:
            logger.info("SMS to %s: %s", masks.phone(phone), text)
