"""The local sender: keeps messages instead of sending them, for demonstration and development."""

import logging

from django.conf import settings

from apps.common.visibility import shown
from apps.notices.models import OutboxMessage

logger = logging.getLogger(__name__)


class OutboxSms:
    def send(self, *, phone, text, **template):
        OutboxMessage.objects.create(recipient=phone, text=text)
        if settings.DEMO:
            logger.info("SMS to %s: %s", shown(phone, "log.phone"), text)
