"""Saves a new version of the words of a message, and records it with the words before."""

from datetime import timedelta

from django.db import IntegrityError, transaction

from apps.common.refusals import Refused, check_reason
from apps.common.templatetags.formats import moment
from apps.desk import event_kinds
from apps.desk import services as desk
from apps.desk.event_kinds import WordingAction
from apps.notices import table
from apps.notices.models import MessageWording
from apps.notices_desk import book

# What is saved at once begins this much later. By then it is committed, and no event of before is
# told in its words: what one person reads by two channels is the same.
BEGINS_AFTER = timedelta(minutes=1)


@transaction.atomic
def add_version(*, message, words, base, reason, applies_from, by, at):
    """Add the next version of `message`. Idempotent for words that say what the last one says.

    `base` is the number of the version that the page showed. Raises `Refused` when somebody has
    saved another one since, or when `applies_from`, a moment, is not ahead.
    """
    check_reason(reason, "请写明为什么修改。")
    newest = MessageWording.objects.of_keys([message.key]).first()
    if (newest.number if newest else 0) != base:
        raise _changed(newest)
    if applies_from <= at:
        raise Refused("起用时间已经过了，请重新填写。", code="past")
    before = book.words_of(message, newest)
    if words == before:
        raise Refused("和现在的一样，没有要保存的。", code="same")
    program, _ = table.program_words(message)
    columns = {
        "text": "" if words.text == program else words.text,
        "sms_text": words.sms_text,
        "sms_code": words.sms_code,
        "title": words.title,
    }
    try:
        with transaction.atomic():
            saved = MessageWording.objects.create(
                key=message.key,
                number=base + 1,
                reason=reason,
                applies_from=applies_from,
                saved_at=at,
                saved_by=by,
                **columns,
            )
    except IntegrityError as error:  # somebody saves at this very moment
        raise _changed(MessageWording.objects.of_keys([message.key]).first()) from error
    desk.record(
        kind=event_kinds.WORDING,
        action=WordingAction.SAVE,
        by=by,
        at=at,
        row=saved,
        reference=message.key,
        reason=reason,
        facts={
            "message": book.label(message),
            "version": saved.number,
            "before": _kept(before),
            "after": _kept(words),
            "applies_from": str(moment(applies_from)),
        },
    )
    return saved


def _kept(words):
    """`words` as the book keeps them: what is not empty."""
    return {name: text for name, text in vars(words).items() if text}


def _changed(newest):
    return Refused(
        "您打开这一页以后，有人保存了新的版本，所以还没有保存。请看过新的版本，再保存一次。",
        code="changed",
        first=newest and (newest.saved_by, newest.saved_at),
    )
