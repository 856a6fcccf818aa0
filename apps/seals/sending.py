"""Sends the heads out of the house, so that not even the owner of the database rewrites unseen.

Rows are the queue: one `HeadCopy` for each place that the settings name. A place that fails is
tried again after a growing pause.
"""

import base64
import fcntl
import logging
import os
from datetime import timedelta
from pathlib import Path

import requests
from django.conf import settings
from django.core.mail import send_mail

from apps.common import leases
from apps.common.http_calls import BoundedSession
from apps.seals import cosignatures, tree
from apps.seals.enums import CopyChannel
from apps.seals.models import HeadCopy, TreeHead
from apps.seals.nodes import StoredNodes

logger = logging.getLogger(__name__)

# One try takes less than this.
LEASE = timedelta(minutes=5)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
WITNESS_TIMEOUT = 10  # seconds
ANSWER_MAX_BYTES = 4096
_SIZE_TYPE = "text/x.tlog.size"  # a witness tells how much of the tree it knows


class CopyFailed(Exception):
    """A place did not take the heads. The message is for the log and the desk."""


def places():
    """(channel, target) of every place outside that the settings name."""
    if settings.SEAL_COPY_FILE:
        yield CopyChannel.FILE, settings.SEAL_COPY_FILE
    if settings.SEAL_COPY_MAIL:
        yield CopyChannel.MAIL, ",".join(settings.SEAL_COPY_MAIL)
    for address in settings.SEAL_WITNESSES:
        yield CopyChannel.WITNESS, address


def send_due(*, at):
    """Send the new heads to every place that is due. One that fails never stops the others."""
    head = TreeHead.objects.order_by("-number").first()
    if head is None:
        return
    for channel, target in places():
        copy, _ = HeadCopy.objects.get_or_create(channel=channel, target=target)
        is_due = copy.next_try_at is None or copy.next_try_at <= at
        is_new = copy.sent_number < head.number
        if is_due and is_new and leases.take(copy, "next_try_at", until=at + LEASE):
            _send(copy, head, at=at)


def _send(copy, head, *, at):
    try:
        _SENDERS[copy.channel](copy, head)
    except CopyFailed as failure:
        logger.error("head %s did not reach %s #%s: %s", head.pk, copy.channel, copy.pk, failure)
        copy.tries += 1
        copy.last_error = str(failure)[:200]
        pause = leases.growing_pause(copy.tries, first=FIRST_PAUSE, longest=LONGEST_PAUSE)
    else:
        copy.tries, copy.last_error = 0, ""
        copy.sent_number, copy.sent_size, copy.sent_at = head.number, head.size, at
        is_mail = copy.channel == CopyChannel.MAIL
        pause = settings.SEAL_MAIL_EVERY if is_mail else timedelta()
    copy.next_try_at = at + pause
    copy.save()


def _append_to_file(copy, head):
    """Every head that is new, each as a signed note, at the end of the file."""
    heads = TreeHead.objects.filter(number__gt=copy.sent_number, number__lte=head.number)
    try:
        with Path(copy.target).open("a", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            for one in heads.order_by("number").iterator():
                file.write(one.note)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise CopyFailed(f"file: {error.strerror}") from error


def _mail(copy, head):
    """The newest head, which covers all before it."""
    try:
        send_mail(
            f"办理记录存证：树头 {head.number}",
            f"请把这封信留存，核对时用得着。\n\n{head.note}",
            None,
            copy.target.split(","),
        )
    except OSError as error:  # as smtplib's errors are
        raise CopyFailed(f"mail: {type(error).__name__}") from error


def _tell_witness(copy, head):
    """C2SP tlog-witness: the head, with the proof that it continues what the witness knows."""
    answer = _post(copy, head)
    if isinstance(answer, int):  # the witness knows another size than we thought
        if not 0 <= answer <= head.size:
            raise CopyFailed(f"witness knows {answer} leaves of {head.size}")
        copy.sent_size = answer
        answer = _post(copy, head)
    if isinstance(answer, int):
        raise CopyFailed("witness refused the proof")
    keys = cosignatures.known_keys()
    if keys and not cosignatures.witnesses(head.checkpoint.text, answer, keys):
        raise CopyFailed("witness did not sign the head")
    copy.answer = answer


def witness_request(head, *, old):
    """What a witness that knows `old` leaves is sent: the proof that `head` continues them."""
    path = tree.consistency_path(old, head.size, StoredNodes())
    proof = "".join(f"{base64.b64encode(sibling).decode()}\n" for sibling in path)
    return f"old {old}\n{proof}\n{head.note}"


def _post(copy, head):
    """What the witness answers: its signature, or the size that it knows."""
    body = witness_request(head, old=copy.sent_size).encode()
    if not copy.target.startswith(("https://", "http://")):
        raise CopyFailed("not an HTTP address")
    try:
        with BoundedSession(WITNESS_TIMEOUT) as session:
            headers = {"Content-Type": "text/plain; charset=utf-8"}
            answer = session.post(copy.target, data=body, headers=headers)
    except requests.RequestException as error:
        raise CopyFailed(f"witness: {type(error).__name__}") from error
    text = answer.content[:ANSWER_MAX_BYTES].decode(errors="replace")
    if 200 <= answer.status_code < 300:
        return text
    text, kind = text.strip(), answer.headers.get("Content-Type", "").split(";")[0]
    if answer.status_code == 409 and kind == _SIZE_TYPE and text.isascii() and text.isdecimal():
        return int(text)
    raise CopyFailed(f"witness answered {answer.status_code}")


_SENDERS = {
    CopyChannel.FILE: _append_to_file,
    CopyChannel.MAIL: _mail,
    CopyChannel.WITNESS: _tell_witness,
}
