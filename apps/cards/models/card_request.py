"""The request that leads to a card: an 申领 or a 补换."""

from collections.abc import Callable

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from apps.cards.enums import (
    REQUEST_ENDED_WITHOUT_CARD,
    REQUEST_FINAL,
    REQUEST_IN_FLIGHT,
    REQUEST_NOT_SUBMITTED,
    REQUEST_WITH_CARD,
    Handling,
    ReplacementReason,
    RequestKind,
    RequestStatus,
)
from apps.cards.lifecycle import REQUEST
from apps.cards.models.card import Card
from apps.cards.models.request_queries import HANDED_IN, IS_SENT, REPLACES, CardRequestQuerySet
from apps.common.moments import day_of
from apps.common.references import new_reference
from apps.lifecycle.models import Living
from apps.people.models import Holder
from apps.regions.models import Bank, City, CityRule


class CardRequest(Living):
    """An 申领 or a 补换, from the first saved line to the card in hand."""

    lifecycle = REQUEST

    reference = models.CharField("业务受理编号", max_length=16, default=new_reference)
    holder = models.ForeignKey(
        Holder, models.PROTECT, related_name="requests", verbose_name="申请人"
    )
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="requests",
        verbose_name="经办人",
        help_text="填写申请的账户：本人，或代办的监护人",
    )
    kind = models.CharField("事项", max_length=12, choices=RequestKind)
    city = models.ForeignKey(
        City, models.PROTECT, related_name="+", verbose_name="申领地区", db_index=False
    )
    bank = models.ForeignKey(
        Bank, models.PROTECT, related_name="+", verbose_name="发卡银行", db_index=False
    )
    status = models.CharField("状态", max_length=16, choices=RequestStatus)
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    review_since = models.DateTimeField(
        "审核从这时算起",
        null=True,
        blank=True,
        help_text="审核通过后又撤回的，时限仍从原来的受理时间算起；没有撤回的为空",
    )
    came_back_by = models.CharField(
        "怎样回到审核",
        max_length=24,
        blank=True,
        db_default="",
        help_text="最近一次回到审核的办理；第一次审核的为空，撤回的决定不算",
    )
    # `promised_from`, for the database.
    waits_since = models.GeneratedField(
        expression=Coalesce("review_since", "status_since"),
        output_field=models.DateTimeField(),
        db_persist=True,
        verbose_name="承诺时限从这时算起",
    )
    rule = models.ForeignKey(
        CityRule,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name="适用的资费与时限",
        db_index=False,
        help_text="提交时生效的版本，以后的变更不影响",
    )
    old_card = models.ForeignKey(
        Card,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="replacement_requests",
        verbose_name="旧卡",
        db_index=False,
    )
    replacement_reason = models.CharField(
        "补换原因", max_length=16, choices=ReplacementReason, blank=True
    )
    is_collected_by_unit = models.BooleanField("单位统一领取", default=False, db_default=False)
    card = models.OneToOneField(
        Card,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="card_request",
        verbose_name="制成的社保卡",
    )
    carrier = models.CharField("承运方", max_length=20, blank=True)
    tracking_number = models.CharField("运单号", max_length=30, blank=True)

    # The page that follows a request stands in a room above: settings.ABSOLUTE_URL_OVERRIDES.
    get_absolute_url: Callable[[], str]

    objects = CardRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "申领补换申请"
        permissions = [
            ("review_cardrequest", "可以审核申请"),
            ("read_cases", "可以查看全部申请"),
        ]
        constraints = [
            # Here and below not by the field: that would add an index for LIKE (decision 0148).
            models.UniqueConstraint(fields=["reference"], name="request_of_a_reference"),
            models.UniqueConstraint(
                fields=["holder"],
                condition=Q(status__in=REQUEST_IN_FLIGHT),
                name="one_request_in_flight_per_holder",
                violation_error_message="同一个人同时只能有一件在办的申请。",
            ),
            REQUEST.constraint(),
            models.CheckConstraint(
                condition=(
                    Q(kind=RequestKind.FIRST, old_card__isnull=True, replacement_reason="")
                    | (
                        Q(kind=RequestKind.REPLACEMENT, old_card__isnull=False)
                        & ~Q(replacement_reason="")
                    )
                ),
                name="replacement_names_old_card_and_reason",
                violation_error_message="补换申请必须有旧卡和补换原因，申领不能有。",
            ),
            models.CheckConstraint(
                condition=Q(status__in=REQUEST_WITH_CARD, card__isnull=False)
                | (~Q(status__in=REQUEST_WITH_CARD) & Q(card__isnull=True)),
                name="made_request_has_its_card",
                violation_error_message="制卡成功的申请必须有社保卡，其他状态不能有。",
            ),
            models.CheckConstraint(
                condition=Q(status__in=REQUEST_NOT_SUBMITTED, rule__isnull=True)
                | (~Q(status__in=REQUEST_NOT_SUBMITTED) & Q(rule__isnull=False)),
                name="submitted_request_keeps_its_rule",
                violation_error_message="提交了的申请必须有适用的资费与时限，草稿不能有。",
            ),
            models.CheckConstraint(
                condition=Q(review_since=None)
                | Q(status=RequestStatus.ACCEPTED, review_since__lte=F("status_since")),
                name="only_a_recalled_approval_is_reviewed_since_before",
            ),
        ]
        indexes = [
            # CardRequestQuerySet.resting_since, the sweeps over what rests in a status, and
            # case_list: the reviewers' list of one status in its order, page by page.
            models.Index(fields=["status", "waits_since", "id"], name="request_in_status_since"),
            # case_list: the reviewers' list of all statuses, the newest first.
            models.Index(fields=["waits_since", "id"], name="request_since"),
            # case_list: the reviewers' list sorted by when a request was handed in, of one
            # status and of all.
            models.Index("status", HANDED_IN, "id", name="request_in_status_handed_in"),
            models.Index(HANDED_IN, "id", name="request_handed_in"),
            # case_search, and the replacements of a card. Most requests have neither for most of
            # their life, so that a move writes no entry here.
            models.Index(fields=["tracking_number"], condition=IS_SENT, name="request_of_parcel"),
            models.Index(fields=["old_card"], condition=REPLACES, name="request_of_old_card"),
            # review.filters: the requests of a city or bank that has few.
            models.Index(fields=["city"], name="request_of_city"),
            models.Index(fields=["bank"], name="request_of_bank"),
            # review.queue: the few that came back, among all that wait. Not a partial index: the
            # plan of a prepared statement does not know the values that would choose it.
            models.Index(
                fields=["status", "came_back_by", "waits_since", "id"],
                name="request_in_status_back",
            ),
        ]

    def __str__(self):
        return f"申请 #{self.pk}"

    def rule_at(self, at):
        """The `CityRule` that it was judged by; for a draft, the rule of its city at `at`."""
        return self.rule or self.city.rule_on(day_of(at))

    def handling_at(self, at):
        """Who handed it in, and who goes on with it at the moment `at`. Select `holder` along.

        What ran on the 16th birthday is handed over to the person, who alone goes on with it. A
        draft is begun anew (`requests.taking_over`).
        """
        if self.applicant_id == self.holder.user_id:
            return Handling.OWN
        own_from_at = self.holder.own_from_at
        has_ended_before = self.is_final and self.status_since < own_from_at
        is_over = own_from_at <= at and not has_ended_before
        return Handling.HANDED_OVER if is_over else Handling.GUARDIAN

    def is_handed_over(self, at):
        """Whether a guardian's part in it ended before the moment `at`."""
        return self.handling_at(at).is_handed_over

    def applicant_at(self, at):
        """The account that goes on with it: the person's own, if there is one, once handed over."""
        is_own = self.holder.user_id is not None and self.is_handed_over(at)
        return self.holder.user if is_own else self.applicant

    def share_with_card(self):
        """Let its card have the holder, the city and the bank that are read with the request.

        A card is made for these, so pages need not join them once more.
        """
        card = self.card
        if card is None:
            return
        card.holder = self.holder
        if (card.city_id, card.bank_id) == (self.city_id, self.bank_id):
            card.city, card.bank = self.city, self.bank

    def begins_anew(self, at):
        """Whether a guardian filled the draft in for a person who acts alone at the moment `at`."""
        return self.is_draft and self.is_handed_over(at)

    @property
    def promised_from(self):
        """Since when the promise of its stage counts; `waits_since` is the same in the database.

        That is when its status began. A review goes on where it was when its approval is recalled.
        """
        return self.review_since or self.status_since

    @property
    def handed_in_at(self):
        """When it was submitted, for a request that was; an amendment does not change it."""
        return self.submitted_at or self.status_since

    @property
    def is_replacement(self):
        return self.kind == RequestKind.REPLACEMENT

    @property
    def matter(self):
        """申领; for a replacement 补领 if the card was lost, else 换领."""
        if not self.is_replacement:
            return RequestKind(self.kind).label
        return "补领" if self.replacement_reason == ReplacementReason.LOST else "换领"

    def get_status_display(self):  # type: ignore[no-redef]
        """The label of the status. Django makes a table of all labels each time it is asked."""
        return RequestStatus(self.status).label

    @property
    def alarm(self):
        """The words of the tag that asks the applicant to act, or "" if nothing is to be done."""
        return RequestStatus(self.status).alarm

    @property
    def is_draft(self):
        return self.status == RequestStatus.DRAFT

    @property
    def needs_amendment(self):
        return self.status == RequestStatus.NEEDS_AMENDMENT

    @property
    def awaits_payment(self):
        return self.status == RequestStatus.SUBMITTED

    @property
    def is_discarded(self):
        return self.status == RequestStatus.DISCARDED

    @property
    def awaits_acceptance(self):
        return self.status == RequestStatus.PAID

    @property
    def is_withdrawn(self):
        return self.status == RequestStatus.WITHDRAWN

    @property
    def is_collected(self):
        return self.status == RequestStatus.COLLECTED

    @property
    def ended_without_card(self):
        return self.status in REQUEST_ENDED_WITHOUT_CARD

    @property
    def is_final(self):
        return self.status in REQUEST_FINAL
