"""Events about orders that are not moves of their lifecycle."""

from apps.bureau.enums import AddressAction
from apps.events.kinds import EventKind, register

ADDRESS = register(EventKind("order_address", "制卡单（收件信息）", AddressAction))
