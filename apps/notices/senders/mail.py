"""E-mail through Django's mail framework: server, account and sender are the EMAIL_… settings."""

import smtplib

from django.core.mail import EmailMessage

from apps.common.messaging import SendFailed


class DjangoEmail:
    def send(self, *, address, subject, text):
        try:
            EmailMessage(subject=subject, body=text, to=[address]).send()
        except (smtplib.SMTPException, OSError) as error:
            # The error of a mail server may quote the address; only its kind is kept.
            raise SendFailed(f"mail server: {type(error).__name__}") from error
