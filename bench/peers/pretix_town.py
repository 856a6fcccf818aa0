"""Fills a migrated pretix with one event and many orders, for bench.peers.pretix.

    .venv-peers/bin/python bench/peers/pretix_town.py ORDERS

Runs in the environment of the peers. One paid order is made as pretix makes it; the others repeat
its rows, one statement a table. Prints as JSON what the benchmark asks for: the addresses, the
cookie of the organizer, and what each page must show.
"""

import json
import os
import sys
from datetime import timedelta
from decimal import Decimal

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pretix.settings")

import django

django.setup()

from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils.timezone import now  # noqa: E402
from django_scopes import scopes_disabled  # noqa: E402
from pretix.base.models import (  # noqa: E402
    Event,
    InvoiceAddress,
    Item,
    LogEntry,
    Order,
    OrderPayment,
    OrderPosition,
    Organizer,
    Quota,
    Team,
    Transaction,
    User,
)

NAME, EMAIL, PASSWORD = "Zhang Chao", "organizer@example.org", "bench-2026-organizer"
POSTAGE = Decimal("10.00")
# A fifth of ours wait for somebody; a fifth of theirs wait for the money.
STATUS = "CASE WHEN i % 5 = 0 THEN 'n' ELSE 'p' END"
# Another moment and another code for each; `i` counts from 1.
EARLIER = "- i * INTERVAL '10 seconds'"
CODE = "'B' || LPAD(i::text, 8, '0')"


def main(count):
    with scopes_disabled():
        organizer, event, item = make_event(count)
        with transaction.atomic():
            order = make_order(event, item)
        multiply(order, count - 1)
        make_staff(organizer)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    control = f"/control/event/{organizer.slug}/{event.slug}"
    print(
        json.dumps(
            {
                "cookie": sign_in(),
                "pages": {
                    "page_progress": [
                        f"/{organizer.slug}/{event.slug}/order/{order.code}/{order.secret}/",
                        [order.code, NAME, str(item.name)],
                    ],
                    "page_queue": [f"{control}/orders/", [order.code, f"{order.total}"]],
                    "page_decision": [f"{control}/orders/{order.code}/", [order.code, NAME]],
                    "page_desk_start": [f"{control}/", [str(event.name)]],
                    "page_sign_in": ["/control/login", ['name="password"']],
                },
            }
        )
    )


def make_event(count):
    organizer = Organizer.objects.create(name="Bench", slug="bench")
    event = Event.objects.create(
        organizer=organizer,
        name="Cards",
        slug="cards",
        currency="CNY",
        live=True,
        is_public=True,
        date_from=now() + timedelta(days=90),
        plugins="pretix.plugins.banktransfer,pretix.plugins.statistics",
    )
    event.settings.timezone = "Asia/Shanghai"
    item = Item.objects.create(event=event, name="Card by mail", default_price=POSTAGE)
    quota = Quota.objects.create(event=event, name="All", size=2 * count)
    quota.items.add(item)
    return organizer, event, item


def make_order(event, item):
    """A paid order with its position, payment, address, booking and history."""
    order = Order.objects.create(
        event=event,
        email="holder@example.org",
        status=Order.STATUS_PAID,
        datetime=now(),
        expires=now() + timedelta(days=7),
        total=POSTAGE,
        locale="en",
        sales_channel=event.organizer.sales_channels.get(identifier="web"),
    )
    OrderPosition.objects.create(
        order=order,
        item=item,
        price=POSTAGE,
        attendee_name_parts={"_scheme": "full", "full_name": NAME},
    )
    order.payments.create(
        provider="banktransfer",
        amount=POSTAGE,
        state=OrderPayment.PAYMENT_STATE_CONFIRMED,
        payment_date=now(),
        info="{}",
    )
    InvoiceAddress.objects.create(
        order=order,
        name_parts={"_scheme": "full", "full_name": NAME},
        street="1 Jingshi Road",
        zipcode="250000",
        city="Jinan",
        country="CN",
    )
    order.create_transactions(is_new=True)
    for action in ("placed", "payment.confirmed", "paid"):
        order.log_action(f"pretix.event.order.{action}", data={"provider": "banktransfer"})
    return order


def multiply(order, more):
    """Write the rows of `order` that many times more, as rows of other and earlier orders."""
    at = f"datetime {EARLIER}"
    orders = {
        "code": CODE,
        "secret": "'s' || i",
        "internal_secret": "'t' || i",
        "datetime": at,
        "status": STATUS,
    }
    repeat(Order, f"id = {order.pk}", more, orders)
    # The first new key: the rows of the other tables belong to consecutive orders.
    first = Order.objects.exclude(pk=order.pk).order_by("pk").values_list("pk", flat=True).first()
    own, belongs = f"order_id = {order.pk}", {"order_id": f"{first} - 1 + i"}
    position = {"secret": "'p' || i", "web_secret": "'w' || i", "pseudonymization_id": CODE}
    repeat(OrderPosition, own, more, belongs | position)
    repeat(OrderPayment, own, more, belongs | {"state": STATE_OF_PAYMENT})
    repeat(InvoiceAddress, own, more, belongs)
    repeat(Transaction, own, more, belongs | {"datetime": at})
    kind = ContentType.objects.get_for_model(Order).pk
    log = f"content_type_id = {kind} AND object_id = {order.pk}"
    repeat(LogEntry, log, more, {"object_id": f"{first} - 1 + i", "datetime": at})


STATE_OF_PAYMENT = "CASE WHEN i % 5 = 0 THEN 'created' ELSE 'confirmed' END"


def repeat(model, which, more, other):
    """Insert the rows of `model` that `which` picks `more` times; `other`: column → SQL."""
    if not more:
        return
    table = model._meta.db_table
    names = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    values = ", ".join(other.get(name, f'"{name}"') for name in names)
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values} "  # noqa: S608
            f"FROM generate_series(1, {more}) AS i, {table} WHERE {which} ORDER BY i"
        )


def make_staff(organizer):
    user = User.objects.create_user(EMAIL, PASSWORD, locale="en", timezone="Asia/Shanghai")
    team = Team.objects.create(
        organizer=organizer,
        name="Staff",
        all_events=True,
        all_event_permissions=True,
        all_organizer_permissions=True,
    )
    team.members.add(user)


def sign_in():
    """The cookie of a session of the organizer, who typed the password."""
    client = Client()
    client.post("/control/login", {"email": EMAIL, "password": PASSWORD})
    (cookie,) = (value for name, value in client.cookies.items() if name.endswith("pretix_session"))
    return f"{cookie.key}={cookie.value}"


if __name__ == "__main__":
    main(int(sys.argv[1]))
