"""Which quarantined lines can be settled."""

from apps.common.refusals import Refused


def check_held(order):
    """Raise `Refused` unless `order` is on hold."""
    if not order.is_held:
        raise Refused("这张制卡单没有搁置，或已经处理过了，请刷新页面查看。", code="not_held")
