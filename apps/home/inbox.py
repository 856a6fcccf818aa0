"""消息: the messages of a user, each with a link to the page it is about."""

from dataclasses import dataclass

from django.urls import reverse

from apps.cards.enums import CardStatus
from apps.cards.lifecycle import CARD
from apps.cards.models import Card
from apps.common.addresses import page_url, row_url
from apps.common.navigation import url_of
from apps.notices import table
from apps.notices.models import OF_REGISTRATIONS, Notice
from apps.people.models import Holder

# Kind of event → (URL name, words of the link) of the page it is about.
_PAGES = {
    "request": ("progress:detail", "查看这件申请"),
    "request_late": ("progress:detail", "查看这件申请"),
    "payment_late": ("payments:detail", "查看支付订单"),
    "card": ("loss_report:detail", "查看这张社保卡"),
    "payment": ("payments:detail", "查看支付订单"),
}
# Kinds of events that are told to those who work at the desk.
_OF_DESK = ("order_address", "export", "desk_request", "desk_formal_loss", "desk_guardianship")
# The kind of events about a card at the unit, which its proxy hears of too.
_AT_THE_UNIT = "box_card"


@dataclass(frozen=True)
class NoticeLink:
    words: str
    url: str


@dataclass(frozen=True)
class NoticeGroup:
    """The messages about one matter of one person, the newest first, with the page about it."""

    matter: str
    holder: Holder | None
    link: NoticeLink | None
    notices: list[Notice]

    @property
    def is_of_guardian(self):
        """Whether the reader was told as the guardian of `holder`, if it is not the reader."""
        return self.holder is not None and not _names_its_reader(self.notices[0])


# Kind of event → the matter by which its messages are grouped.
_MATTERS = {
    "request": "制卡申请",
    "request_late": "制卡申请",
    "card": "社保卡",
    "payment": "缴费和退款",
    "payment_late": "缴费和退款",
    "discrepancy": "缴费和退款",
    "formal_loss": "正式挂失",
    "formal_loss_late": "正式挂失",
    "loss_report": "临时挂失",
    "inquiry": "修改信息",
    _AT_THE_UNIT: "单位领卡",
    **dict.fromkeys(OF_REGISTRATIONS, "子女登记"),
    **dict.fromkeys(_OF_DESK, "人事处的工作"),
}
_OTHERS = "账户和其他"


def grouped(notices, *, at):
    """`notices` as `NoticeGroup`s, each where its newest message stands."""
    groups: dict[tuple, NoticeGroup] = {}
    notices = list(notices)
    over = _cards_over(notices)
    for notice in notices:
        matter = _MATTERS.get(notice.event.subject_kind, _OTHERS)
        link = link_of(notice, over=over, at=at)
        key = (matter, notice.holder_id, link)
        group = groups.setdefault(key, NoticeGroup(matter, notice.holder, link, []))
        group.notices.append(notice)
    return list(groups.values())


def _names_its_reader(notice):
    """Whether its reader was told as a colleague or as a proxy, and not for oneself or a child."""
    message = table.of(notice.event)
    return message is not None and message.only_to is not None


def notices_of(user, *, at):
    """The messages that `user` may read at the moment `at`, the newest first."""
    visible = Notice.objects.visible_to(user, at=at)
    return visible.select_related("event", "holder").order_by("-sent_at", "-pk")


def _card_of(event):
    """The reference of the card that `event` is about, or None."""
    return event.reference if event.subject_kind == CARD.name else event.facts.get("card")


def _cards_over(notices):
    """The references of the retired cards that `notices` are about. A query if there are any."""
    asked = {_card_of(notice.event) for notice in notices} - {None}
    if not asked:
        return set()
    retired = Card.objects.filter(reference__in=asked, status=CardStatus.RETIRED)
    return set(retired.values_list("reference", flat=True))


def link_of(notice, *, over, at):
    """The `NoticeLink` to what `notice` is about; None when it has no page for its reader.

    Of a card among `over`, the references of those that are retired, it is the page that says what
    became of it.

    To the guardian of somebody who has turned 16 since, it is the page that says so.
    """
    event, holder = notice.event, notice.holder
    if event.subject_kind in _OF_DESK:
        return NoticeLink("打开审核后台", url_of("审核后台"))
    is_of_child = event.subject_kind not in OF_REGISTRATIONS and not _names_its_reader(notice)
    if is_of_child and holder.is_of_age(at) and holder.user_id != notice.recipient_id:
        return NoticeLink("已移交孩子本人，查看移交", page_url("children:list"))
    if (card := _card_of(event)) in over:
        return NoticeLink("看这张卡后来怎样", reverse("home:card", args=[card]))
    if "card" in event.facts:
        url = reverse("loss_report:detail", args=[event.facts["card"]])
        return NoticeLink("查看这张社保卡", url)
    if "order" in event.facts:
        url = reverse("payments:detail", args=[event.facts["order"]])
        return NoticeLink("查看支付订单", url)
    if event.subject_kind == _AT_THE_UNIT:
        return NoticeLink("查看单位领卡", page_url("handout:index"))
    if "request" in event.facts:
        name, words = _PAGES["request"]
        return NoticeLink(words, reverse(name, args=[event.facts["request"]]))
    if event.subject_kind in _PAGES:
        name, words = _PAGES[event.subject_kind]
        return NoticeLink(words, row_url(name, event.reference))
    if event.subject_kind in OF_REGISTRATIONS:
        if holder.user_id == notice.recipient_id:
            return NoticeLink("查看我的申请", page_url("progress:list"))
        return NoticeLink("查看我的子女", page_url("children:list"))
    return None
