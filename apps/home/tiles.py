"""The matters on the first page: what each says now, and which of them are for this card now."""

from dataclasses import dataclass

from apps.cards.enums import CardStatus
from apps.common import navigation
from apps.common.navigation import NavigationEntry
from apps.common.rules import rule_text
from apps.regions.enums import Service
from apps.waiting.card_face import FaceLook


@dataclass(frozen=True)
class Tile:
    """A matter for the card that is shown: `line` says what it is for now, or why it is not.

    `is_now` says whether it is of use now; the others still open. `spoken` are the words in which
    somebody asks for it, "" for what 长辈版 leaves out.
    """

    entry: NavigationEntry
    line: str
    is_now: bool
    spoken: str


_HAS_ONE = ("已有卡，不用办", False)
_AFTERWARDS = ("有卡后可办", False)
_ACTIVATED = ("已启用", False)
_NOT_USABLE = ("这张卡已停用", False)
_NOTHING_RUNS = ("没有在办的", False)
_RUNNING = ("看办到哪一步", True)
_AT_A_BRANCH = "到网点办理"

# Page of the matter → look of the card → what it says, and whether it is of use now.
_SAID: dict[str, dict[str, tuple[str, bool]]] = {
    "application:guide": {
        FaceLook.EMPTY: ("首次免费", True),
        FaceLook.PRINTING: ("正在办", False),
        CardStatus.SEALED: _HAS_ONE,
        CardStatus.ACTIVE: _HAS_ONE,
        CardStatus.SUSPENDED: _HAS_ONE,
        CardStatus.LOST: ("丢了请办补换", False),
        CardStatus.RETIRED: ("看能不能办", True),
    },
    "activation:guide": {
        FaceLook.EMPTY: ("收到卡再办", False),
        FaceLook.PRINTING: ("收到卡再办", False),
        CardStatus.SEALED: ("卡等您启用", True),
        CardStatus.ACTIVE: _ACTIVATED,
        CardStatus.SUSPENDED: _ACTIVATED,
        CardStatus.LOST: _NOT_USABLE,
        CardStatus.RETIRED: _NOT_USABLE,
    },
    "replacement:guide": {
        FaceLook.EMPTY: _AFTERWARDS,
        FaceLook.PRINTING: _AFTERWARDS,
        CardStatus.SEALED: ("启用后可办", False),
        CardStatus.ACTIVE: ("坏了、要换新卡", True),
        CardStatus.SUSPENDED: ("先转正式挂失", False),
        CardStatus.LOST: ("可以补换新卡", True),
        CardStatus.RETIRED: _NOT_USABLE,
    },
    "loss_report:guide": {
        FaceLook.EMPTY: _AFTERWARDS,
        FaceLook.PRINTING: _AFTERWARDS,
        CardStatus.SEALED: ("启用后可办", False),
        CardStatus.ACTIVE: ("先停用，可解除", True),
        CardStatus.SUSPENDED: ("查看这次挂失", True),
        CardStatus.LOST: ("已正式挂失", False),
        CardStatus.RETIRED: _NOT_USABLE,
    },
    "progress:list": {
        FaceLook.EMPTY: _NOTHING_RUNS,
        FaceLook.PRINTING: _RUNNING,
        CardStatus.SEALED: _NOTHING_RUNS,
        CardStatus.ACTIVE: _NOTHING_RUNS,
        CardStatus.SUSPENDED: _NOTHING_RUNS,
        CardStatus.LOST: _NOTHING_RUNS,
        CardStatus.RETIRED: _NOTHING_RUNS,
    },
}
# Look of the card → what is said in place of that while another card is made for the lost one.
_WHILE_REPLACED: dict[str, dict[str, tuple[str, bool]]] = {
    FaceLook.PRINTING: {
        "application:guide": ("正在补换，不用办", False),
        "replacement:guide": ("正在办", False),
        "loss_report:guide": ("旧卡已停用", False),
    }
}
# Look of the card → what is said to somebody whose card was issued elsewhere.
_ELSEWHERE: dict[str, dict[str, tuple[str, bool]]] = {
    FaceLook.EMPTY: dict.fromkeys(
        ("activation:guide", "replacement:guide", "loss_report:guide"), ("卡不在这里管理", False)
    )
}
# Look of the card → page of the matter → what it says to somebody too young to replace a card
# online; with any other look the way is a branch.
_FROM_AN_AGE = {"replacement:guide": f"满{rule_text('REPLACEMENT_FROM_AGE')}可办"}
_TOO_YOUNG: dict[str, dict[str, str]] = {
    FaceLook.EMPTY: _FROM_AN_AGE,
    FaceLook.PRINTING: _FROM_AN_AGE,
    CardStatus.LOST: {"replacement:guide": _AT_A_BRANCH, "application:guide": _AT_A_BRANCH},
}
# Look of the card → page of the matter → its service, and what it says where that is not open.
_REPLACED_THERE = {"replacement:guide": (Service.REPLACE, _AT_A_BRANCH)}
_IN_THE_CITY: dict[str, dict[str, tuple[Service, str]]] = {
    CardStatus.SEALED: {"activation:guide": (Service.ACTIVATE, "到网点启用")},
    CardStatus.ACTIVE: _REPLACED_THERE | {"loss_report:guide": (Service.LOSS_REPORT, "请打 12333")},
    CardStatus.LOST: _REPLACED_THERE,
}
# What a page that is of use at any time says in a few words.
_ALWAYS = {"regions:areas": "查城市和银行"}
_SPOKEN = {
    "application:guide": "办一张社保卡",
    "activation:guide": "启用新卡",
    "replacement:guide": "卡坏了，换新卡",
    "loss_report:guide": "找不到卡了",
    "progress:list": "查办到哪一步",
}
_ASKED_AT_ANY_TIME = ("progress:list",)


def tiles(
    look,
    *,
    can_apply,
    running=None,
    is_replaced_here=True,
    is_elsewhere=False,
    not_offered=(),
    has_left=False,
):
    """The tiles for a card that has the `look`: those of use now first, in the order of the rooms.

    `running` is the request of the person that is in flight, None without one; `is_elsewhere` says
    whether the person has a card that another place issued.

    `can_apply` says whether the offer to apply is open, `is_replaced_here` whether the person is
    old enough to replace a card online, `not_offered` are the services that the city of the card
    has not opened; who `has_left` begins nothing. A matter that this page knows nothing of says its
    own line.
    """
    closed = {} if can_apply else {"application:guide": "现在不能办"}
    for url_name, (service, line) in _IN_THE_CITY.get(look, {}).items():
        if service in not_offered:
            closed[url_name] = line
    if has_left:
        closed |= dict.fromkeys(("application:guide", "replacement:guide"), "离职后不能办新的")
    young = {} if is_replaced_here else _TOO_YOUNG.get(look, {"replacement:guide": _AT_A_BRANCH})
    now = {page: lines[look] for page, lines in _SAID.items() if look in lines}
    if is_elsewhere:
        now |= _ELSEWHERE.get(look, {})
    if running is not None:
        now["progress:list"] = _RUNNING
        if running.is_replacement:
            now |= _WHILE_REPLACED.get(look, {})
    found = [_tile(entry, now, closed, young) for entry in navigation.tiles()]
    return sorted(found, key=lambda tile: not tile.is_now)


def plain(found, *, without, limit):
    """At most `limit` of the tiles `found` for 长辈版, without that of the address `without`.

    They are what is of use now, and the way to see how far things are.
    """
    return [
        tile
        for tile in found
        if tile.spoken
        and (tile.is_now or tile.entry.url_name in _ASKED_AT_ANY_TIME)
        and not without.startswith(tile.entry.url)
    ][:limit]


def _tile(entry, now, closed, young):
    usual = _ALWAYS.get(entry.url_name, entry.line)
    line, is_now = now.get(entry.url_name, (usual, True))
    if entry.url_name in young:
        line, is_now = young[entry.url_name], False
    elif is_now and entry.url_name in closed:
        line, is_now = closed[entry.url_name], False
    return Tile(entry, line, is_now, _SPOKEN.get(entry.url_name, ""))
