"""The local senders: what would leave the house is kept, for demonstration and development."""

import logging

from django.conf import settings

from apps.common import masks
from apps.notices.enums import OutboxKind
from apps.notices.models import OutboxMessage

logger = logging.getLogger(__name__)


class OutboxSms:
    def send(self, *, phone, text):
        OutboxMessage.objects.create(kind=OutboxKind.SMS, recipient=phone, text=text)
        if settings.DEMO:
            logger.info("SMS to %s: %s", masks.phone(phone), text)


class OutboxEmail:
    def send(self, *, address, subject, text):
        OutboxMessage.objects.create(
            kind=OutboxKind.EMAIL, recipient=address, subject=subject, text=text
        )
        if settings.DEMO:
            logger.info("E-mail: %s", subject)
