"""What those who work at the desk are told by message."""

from django.contrib.auth.models import Permission

from apps.bureau import event_kinds
from apps.bureau.enums import AddressAction
from apps.bureau.models import ProductionOrder
from apps.bureau.port import get_bureau
from apps.desk import roles
from apps.events.messages import Condition, Message, Placeholder
from apps.people.models import User


def _rows():
    return ProductionOrder.objects.select_related("batch", "card_request")


def _operators(event):
    """The accounts that may do what the message asks for."""
    room, codename = roles.OPERATE_BUREAU.split(".")
    granting = Permission.objects.filter(content_type__app_label=room, codename=codename)
    able = User.objects.filter(is_active=True, groups__permissions__in=granting).distinct()
    return list(able.order_by("pk").values_list("pk", flat=True))


def _facts(events):
    """Whether the bureau of the order is told by a file, and the number of the request."""
    return {
        event.pk: {
            "takes_files": get_bureau(event.subject.batch.bureau).takes_addresses,
            "number": event.subject.card_request.reference,
        }
        for event in events
        if event.subject
    }


PLACEHOLDERS = (
    Placeholder("subject.batch.reference", "制卡批次", "B20261129001", is_needed=True),
    Placeholder("number", "业务受理编号", "CCGQDRS8X9HC69HH", is_needed=True),
    Condition("takes_files", "制卡中心收更正文件", is_needed=True),
)

MESSAGES = (
    Message(
        event_kinds.ADDRESS.name,
        AddressAction.CHANGE,
        "backoffice/messages/readdressed.txt",
        rows=_rows,
        facts=_facts,
        only_to=_operators,
        audience="可以处理制卡批次的同事",
    ),
)
