"""Where a draft applies, and why a card is replaced: what the page of the choice shows.

The page carries what it showed, so that a choice of another window is not overwritten unseen.
"""

from apps.cards.models import CardRequest
from apps.common.templatetags.formats import moment
from apps.unsent import shown, typed_again
from apps.unsent.shown import check_as_shown, part, seal_parts


def _about(holder):
    return f"destination:{holder.pk}"


def _parts(draft):
    if draft is None:
        return []
    return [
        part("补换原因", draft.get_replacement_reason_display(), draft.replacement_reason),
        part("地区", draft.city.full_name),
        part("发卡银行", draft.bank.name),
    ]


def token(holder, draft):
    """The hidden field of the page that offers the choice; `draft` is the one begun, or None."""
    return seal_parts(_about(holder), _parts(draft))


def saved_token(draft):
    """The hidden field of the page that asks whether to give up `draft`, as it was saved last."""
    return seal_parts(_about_saved(draft), _saved(draft))


def check_saved(shown, draft):
    """Raise `NotAsShown` if another window has saved something in `draft` since the page."""
    rows = CardRequest.objects.select_for_update(of=("self",))
    current = rows.select_related("city__province", "bank", "particulars__saved_by__holder").get(
        pk=draft.pk
    )
    saved = current.particulars
    check_as_shown(
        shown,
        _about_saved(current),
        _saved(current),
        first=saved.saved_at and (saved.saved_by, saved.saved_at),
    )


def _about_saved(draft):
    return f"discard:{draft.pk}"


def _saved(draft):
    saved_at = draft.particulars.saved_at
    last = part("最后一次保存", moment(saved_at), str(saved_at)) if saved_at else None
    return [*_parts(draft), *([last] if last else [])]


def carried(request, holder, draft, *, refusal):
    """The hidden field of the page that answers `request`.

    While something else is wrong it stays what it was; a page that shows what has changed is new.
    """
    typed = typed_again.shown()
    posted = (typed.data if typed else request.POST).get(shown.FIELD)
    if posted and not isinstance(refusal, shown.NotAsShown):
        return posted
    return token(holder, draft)


def locked(draft, *, city, bank, reason, shown):
    """`draft`, locked and as it is now.

    Raises `NotAsShown` if another window has made another choice than this one, which the page with
    the hidden field `shown` did not show.
    """
    rows = CardRequest.objects.select_for_update(of=("self",))
    current = rows.select_related("city__province", "bank", "particulars__saved_by__holder").get(
        pk=draft.pk
    )
    chosen = (city.pk, bank.pk, reason)
    if (current.city_id, current.bank_id, current.replacement_reason) != chosen:
        saved = current.particulars
        first = saved.saved_at and (saved.saved_by, saved.saved_at)
        check_as_shown(shown, _about(current.holder), _parts(current), first=first)
    return current
