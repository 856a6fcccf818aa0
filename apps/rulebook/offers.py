"""The changes of a city's rules that somebody at the desk may make now."""

from functools import partial
from urllib.parse import urlencode

from django.urls import reverse

from apps.common.addresses import page_url
from apps.common.refusals import Refused
from apps.desk import roles
from apps.desk.event_kinds import HolidayAction, RuleAction
from apps.lifecycle.offers import Offer, Offers, offer_without_move
from apps.regions.policies import check_period_withdrawable, check_version_withdrawable


def check_manages(user):
    """Raise `Refused` unless `user` may change rules (and not only read them)."""
    if not user.has_perm(roles.MANAGE_RULES):
        raise Refused("地区与规则由审核主管修改。", code="no_permission")


def new_terms(city, *, by) -> Offer:
    """The `Offer` of a new version of fees and days."""
    return _offer("新的资费与时限", "rule", {"cities": city.code}, by=by)


def add_bank(city, *, by) -> Offer:
    """The `Offer` to open a bank that `city` never had."""
    return _offer("增加发卡银行", "open_bank", {}, city.code, by=by)


def upload_holidays(*, by) -> Offer:
    """The `Offer` to upload the holidays of a year."""
    return offer_without_move(
        HolidayAction.ARRANGE,
        words="上传放假安排",
        url=page_url("admin:regions_arrangedday_upload"),
        checks=(partial(check_manages, by),),
        is_main=True,
    )


def withdraw_rule(rule, *, by, at) -> Offer:
    """The `Offer` to withdraw the version `rule`; closed once it has begun."""
    check = partial(check_version_withdrawable, rule, at=at)
    return _offer("撤回", "withdraw_rule", {}, rule.city_id, rule.pk, by=by, check=check)


def withdraw_period(period, kind, *, by, at) -> Offer:
    """The `Offer` to withdraw a `period` of the `kind` service or bank, as `withdraw_rule`."""
    check = partial(check_period_withdrawable, period, at=at)
    return _offer(
        "撤回", "withdraw_opening", {}, period.city_id, kind, period.pk, by=by, check=check
    )


def of_standing(city, kind, key, *, running, following, by) -> Offers:
    """The offers to open and to close a service or a bank, `kind`, with the code or key `key`.

    `running` is its period today, `following` the next one; None where there is none.
    """
    what = {"what": key}
    return Offers(
        [
            _offer(
                "开通", f"open_{kind}", what, city.code, by=by, check=partial(_check_ends, running)
            ),
            _offer(
                "停办",
                f"close_{kind}",
                what,
                city.code,
                by=by,
                check=partial(_check_open, running or following),
            ),
        ]
    )


def _check_ends(running):
    if running is not None and running.open_until is None:
        raise Refused("已经长期开通。", code="open")


def _check_open(period):
    if period is None:
        raise Refused("没有开通，不用停办。", code="not_open")


def _offer(words, page, query, *args, by, check=None):
    url = reverse(f"admin:regions_city_{page}", args=args)
    checks = (partial(check_manages, by), *((check,) if check else ()))
    return offer_without_move(
        RuleAction.CHANGE,
        words=words,
        url=f"{url}?{urlencode(query)}" if query else url,
        checks=checks,
    )
