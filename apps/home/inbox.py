"""消息: the messages of a user, each with a link to the page it is about."""

from dataclasses import dataclass

from django.urls import reverse

from apps.notices.models import Notice
from apps.people.lifecycle import GUARDIANSHIP

# Kind of event → (URL name, words of the link) of the page it is about.
_PAGES = {
    "request": ("progress:detail", "查看这件申请"),
    "card": ("loss_report:detail", "查看这张社保卡"),
    "payment": ("payments:detail", "查看支付订单"),
}


@dataclass(frozen=True)
class NoticeLink:
    words: str
    url: str


def notices_of(user):
    """The messages to `user`, the newest first."""
    visible = Notice.objects.visible_to(user)
    return visible.select_related("event", "holder").order_by("-sent_at", "-pk")


def link_of(notice, *, at):
    """The `NoticeLink` to what `notice` is about; None when it has no page for its reader.

    To the guardian of somebody who has turned 16 since, it is the page that says so.
    """
    event, holder = notice.event, notice.holder
    is_of_card = event.subject_kind != GUARDIANSHIP.name
    if is_of_card and holder.is_of_age(at) and holder.user_id != notice.recipient_id:
        return NoticeLink("已移交孩子本人，查看移交", reverse("children:list"))
    if "card" in event.facts:
        url = reverse("loss_report:detail", args=[event.facts["card"]])
        return NoticeLink("查看这张社保卡", url)
    if "order" in event.facts:
        url = reverse("payments:detail", args=[event.facts["order"]])
        return NoticeLink("查看支付订单", url)
    if "request" in event.facts:
        name, words = _PAGES["request"]
        return NoticeLink(words, reverse(name, args=[event.facts["request"]]))
    if event.subject_kind in _PAGES:
        name, words = _PAGES[event.subject_kind]
        return NoticeLink(words, reverse(name, args=[event.reference]))
    if event.subject_kind == GUARDIANSHIP.name:
        if holder.user_id == notice.recipient_id:
            return NoticeLink("查看我的申请", reverse("progress:list"))
        return NoticeLink("查看我的子女", reverse("children:list"))
    return None
