"""Which quarantined lines can be settled."""

from apps.common.refusals import Refused


def check_held(order):
    """Raise `Refused` unless `order` is on hold."""
    if not order.is_held:
        raise Refused("这张制卡单已经不在搁置里，不用再办。", code="not_held", row=order)
