"""The bar that leads from one part of the desk to the others."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from django.template.loader import render_to_string

from apps.common.addresses import page_url
from apps.common.navigation import NavigationEntry, NavigationPlace, is_staff
from apps.desk import roles

# In the header of the portal, for those who work at the desk.
ENTRIES = (
    NavigationEntry(
        NavigationPlace.MENU,
        40,
        "审核后台",
        "admin:index",
        icon="document",
        is_shown=is_staff,
    ),
)


@dataclass(frozen=True)
class Item:
    """`permission` opens the page `url_name`; `prefixes` are of all names that belong to it."""

    label: str
    url_name: str
    permission: str
    prefixes: tuple[str, ...] = ()

    @cached_property
    def url(self):
        return page_url(f"admin:{self.url_name}")


ITEMS = (
    Item("申请", "cards_cardrequest_changelist", roles.READ, ("cards_cardrequest_",)),
    Item("批量", "bulk_bulkrun_changelist", roles.READ, ("bulk_bulkrun_",)),
    Item("新入职办卡", "onboarding_reminderrun_progress", roles.READ, ("onboarding_",)),
    Item("正式挂失", "replacement_formalloss_changelist", roles.READ, ("replacement_formalloss_",)),
    Item("子女登记", "people_guardianship_changelist", roles.READ, ("people_guardianship_",)),
    Item(
        "制卡",
        "bureau_productionbatch_changelist",
        roles.READ,
        ("bureau_productionbatch_", "bureau_bureau", "bureau_quarantinedline_"),
    ),
    Item("单位领卡", "handout_boxcard_changelist", roles.HAND_OUT, ("handout_",)),
    Item(
        "款项",
        "payments_discrepancy_changelist",
        roles.READ_MONEY,
        ("payments_discrepancy_", "bills_"),
    ),
    Item("导出", "exports_export_changelist", roles.READ, ("exports_export_",)),
    Item(
        "人事名册", "roster_rosterupload_changelist", roles.READ_ROSTER, ("roster_rosterupload_",)
    ),
    Item("持卡人", "people_holder_changelist", "people.view_holder", ("people_holder_",)),
    Item(
        "更正请求",
        "my_data_correction_changelist",
        roles.READ_CORRECTIONS,
        ("my_data_correction_",),
    ),
    Item(
        "人员更正",
        "person_changes_personchange_changelist",
        roles.READ,
        ("person_changes_personchange_",),
    ),
    Item("地区与规则", "regions_city_changelist", roles.READ, ("regions_city_",)),
    Item("消息用语", "notices_messagewording_changelist", roles.READ, ("notices_messagewording_",)),
    Item("常用语", "phrasebook_phrase_changelist", roles.READ, ("phrasebook_phrase_",)),
    Item(
        "记录",
        "events_event_changelist",
        roles.READ_BOOK,
        ("events_event_change", "events_event_seals"),
    ),
    Item("运行状况", "operations_alarm_changelist", roles.OPERATE_PORTAL, ("operations_alarm_",)),
    Item("谁看过", "events_event_seen", roles.TRACE_LOOKS, ("events_event_seen",)),
    Item("不在岗", "desk_absence_changelist", roles.READ, ("desk_absence_",)),
    Item("团队", "desk_claim_workload", roles.LEAD_TEAM, ("desk_claim_",)),
    Item("账户", "people_user_changelist", "people.view_user", ("people_user_",)),
)


def bar_for(user, url_name):
    """The bar on the page `url_name` as HTML, with the items that `user` may open."""
    current = tuple(item.label for item in ITEMS if url_name.startswith(item.prefixes))
    return _bar(permissions_of(user), current, is_start=url_name == "index")


def permissions_of(user):
    """All permissions of `user`, None for a superuser, who needs none.

    By them is kept what is drawn once for everybody who has the same.
    """
    return None if user.is_superuser else frozenset(user.get_all_permissions())


@lru_cache(maxsize=512)
def _bar(permissions, current, *, is_start):
    items = [
        {"item": item, "is_current": item.label in current}
        for item in ITEMS
        if permissions is None or item.permission in permissions
    ]
    return render_to_string("backoffice/navigation.html", {"items": items, "is_start": is_start})
