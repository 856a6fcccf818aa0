"""What people of the demo town do, through the portal's own services, at a given moment.

An action takes the request and the moment. It returns None, or the request with which the story
goes on. One thing is replaced: the code is read from the outbox instead of a phone.
"""

import re
from dataclasses import asdict
from datetime import timedelta

from apps.activation import services as activation
from apps.application import offered, pages, portraits
from apps.application import services as application
from apps.bureau import applying, production
from apps.bureau.models import SimulatedJob
from apps.cards.models import Card
from apps.common.moments import day_of
from apps.delivery.enums import DeliveryMethod
from apps.demo.photos import offered_of, selfie_of, upload_of
from apps.desk.claims import services as claims
from apps.loss_report import services as loss_report
from apps.notices.models import OutboxMessage
from apps.payments import sweeps as payment_sweeps
from apps.people.models import User
from apps.regions.models import Bank, City
from apps.requests import reopening, sweeps
from apps.requests import services as requests
from apps.requests.policies import settled_after
from apps.review import services as review
from apps.verification import code_check, face_check

LIMIT = 1000
# One of so many people; each takes as long as ten others.
BY_FACE = 9


def agree_and_start(user, *, city, bank, at):
    """Consents and precheck; returns the draft."""
    application.agree(ip="127.0.0.1", by=user, at=at)
    return application.start(
        city=City.objects.get(code=city),
        bank=Bank.objects.get(code=bank),
        by=user,
        at=at,
    )


def start_over(card_request, at):
    """Give up the draft and begin another one."""
    user, city, bank = card_request.applicant, card_request.city_id, card_request.bank_id
    requests.discard(card_request=card_request, by=user, at=at)
    return agree_and_start(user, city=city, bank=bank, at=at + timedelta(minutes=5))


def goes_by_face(user):
    """Whether `user` shows the face where that is possible: one of so many people."""
    return user.pk % BY_FACE == 0


def prove_identity(check, user, *, at):
    """Pass the check: some people by face, if that is possible, the others by a code."""
    if goes_by_face(user) and face_check.face_hindrance(check=check, at=at) is None:
        selfie = selfie_of(user.holder)
        face_check.submit_face(check=check, picture=selfie.picture, provider=selfie, by=user, at=at)
        return
    code_check.send_code(check=check, by=user, at=at)
    [code] = re.findall(r"\d{6}", OutboxMessage.objects.latest("pk").text)
    # They signed in a moment ago. Comparing forty passwords took a third of the town's building.
    code_check.submit_code(check=check, code=code, password=None, by=user, at=at)


def hand_in_photo(card_request, at):
    """Upload the holder's photo, and use the proposed crop of it."""
    who = {"card_request": card_request, "by": card_request.applicant, "at": at}
    upload = upload_of(card_request.holder)
    portraits.keep_upload(upload=upload.file, read=upload.read, **who)
    crop = asdict(portraits.kept_crop(card_request.particulars))
    portraits.use(**crop, make=upload.make, **who)


def fill_in(card_request, at):
    """The whole form, portrait included."""
    by, today = card_request.applicant, day_of(at)
    if offer := offered.to_take(card_request):
        upload = offered_of(card_request.holder)
        portraits.take_offered(
            card_request=card_request,
            shown=pages.offer_token(card_request, offer),
            read=upload.read,
            make=upload.make,
            by=by,
            at=at,
        )
    else:
        hand_in_photo(card_request, at)
    born = card_request.holder.birth_date
    values = {
        "id_valid_from": today.replace(year=today.year - 6, month=3, day=8),
        "id_valid_until": today.replace(year=today.year + 14, month=3, day=8),
    }
    if today.year - born.year >= 60:
        values["id_valid_until"] = today.replace(year=9999, month=12, day=31)
    requests.save_draft(card_request=card_request, values=values, by=by, at=at)
    card_request.particulars.refresh_from_db()


def submit(card_request, at):
    """Identity check and confirmation."""
    check = application.begin_check(card_request=card_request, by=card_request.applicant, at=at)
    prove_identity(check, card_request.applicant, at=at)
    application.submit(
        card_request=card_request,
        shown=pages.token(card_request),
        by=card_request.applicant,
        at=at,
    )


def withdraw(card_request, at):
    application.withdraw(card_request=card_request, by=card_request.applicant, at=at)


def lapse(card_request, at):
    payment_sweeps.close_unpaid(at=at, limit=LIMIT)


def ship(card_request, at):
    """To the holder's home in the issuing city's province."""
    holder, jinan = card_request.holder, City.objects.get(code="370100")
    application.ship(
        card_request=card_request,
        by=card_request.applicant,
        at=at,
        method=DeliveryMethod.MAIL,
        recipient=holder.name,
        phone=holder.phone,
        city=jinan,
        county=jinan.counties.order_by("code").first(),
        address="文化东路 88 号教职工宿舍 3 号楼",
        postcode="250014",
    )


def let_the_unit_collect(card_request, at):
    application.ship(
        card_request=card_request,
        by=card_request.applicant,
        at=at,
        method=DeliveryMethod.UNIT,
        branch="",
    )


def accept(card_request, at):
    sweeps.accept_paid(at=at, deadline=None)
    card_request.read_again()


def ask_for_amendment(card_request, at):
    review.request_amendment(
        card_request=card_request,
        items=[
            {"field": "phone", "reason": "预留的手机号打不通，请填写本人正在使用的号码"},
            {"field": "address", "reason": "请写到门牌号"},
        ],
        due_date=day_of(at) + timedelta(days=9),
        seen_since=card_request.status_since,
        by=reviewer_of(card_request, at),
        at=at,
    )
    card_request.read_again()


def amend(card_request, at):
    requests.amend(
        card_request=card_request,
        values={
            "phone": card_request.holder.phone,
            "address": f"{card_request.holder.address} 2 号楼 301 室",
        },
        by=card_request.applicant,
        at=at,
    )


def take_back_to_amend(card_request, at):
    """自行修改: the applicant finds a mistake while the request is in review."""
    reopening.reopen(
        card_request=card_request,
        fields=["phone", "address"],
        by=card_request.applicant,
        at=at,
    )


def reject(card_request, at):
    review.reject(
        card_request=card_request,
        reason="提交的照片不是本人，请重新申请并上传本人近期照片",
        seen_since=card_request.status_since,
        by=reviewer_of(card_request, at),
        at=at,
    )
    payment_sweeps.begin_refunds(at=at + settled_after())
    card_request.read_again()


def approve(card_request, at):
    review.approve(
        card_request=card_request,
        seen_since=card_request.status_since,
        by=reviewer_of(card_request, at),
        at=at,
    )


def order(card_request, at):
    """Send the request to the bureau, which takes days instead of seconds for it."""
    production.make_batches(at=at, limit=LIMIT)
    production.submit_batches(at=at, limit=LIMIT)
    SimulatedJob.objects.filter(
        order_reference__in=card_request.production_orders.values("reference")
    ).update(made_at=at + timedelta(days=4, hours=3), sent_at=at + timedelta(days=9, hours=5))


def fetch_reports(card_request, at):
    """Fetch and apply what the bureau reports by `at`."""
    production.fetch_reports(at=at)
    applying.apply_due(at=at, limit=LIMIT)
    card_request.read_again()


def collect(card_request, at):
    requests.collect(card_request=card_request, by=card_request.applicant, at=at)


def activate(card_request, at):
    card = card_of(card_request)
    check = activation.begin_check(card=card, by=card_request.applicant, at=at)
    prove_identity(check, card_request.applicant, at=at)
    activation.activate(card=card, by=card_request.applicant, at=at)


def report_loss(card_request, at):
    card = card_of(card_request)
    end = loss_report.end_if_reported(card=card, at=at)
    loss_report.report_loss(card=card, agreed_end=end, by=card_request.applicant, at=at)


def lift(card_request, at):
    """The card was found again."""
    card = card_of(card_request)
    check = loss_report.begin_check(card=card, by=card_request.applicant, at=at)
    prove_identity(check, card_request.applicant, at=at)
    loss_report.lift(card=card, by=card_request.applicant, at=at)


def card_of(card_request):
    """The card that `card_request` led to, as it is now."""
    return Card.objects.select_related("city", "bank", "holder").get(card_request=card_request)


def reviewer_of(card_request, at):
    """The reviewer, who has claimed `card_request`."""
    by = reviewer()
    claims.claim(subject=card_request, by=by, at=at)
    return by


def reviewer():
    return User.objects.select_related("holder").get(employee_number="S2001")
