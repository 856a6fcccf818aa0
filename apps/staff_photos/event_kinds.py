"""Events about portraits that the unit offers to a person. They have no lifecycle."""

from django.db import models

from apps.events.kinds import EventKind, register


class OfferAction(models.TextChoices):
    OFFER = "OFFER", "存入单位拍的证件照"
    TAKE = "TAKE", "选用单位拍的证件照"
    DECLINE = "DECLINE", "不用单位拍的证件照，已删除"


OFFERED_PORTRAIT = register(
    EventKind("offered_portrait", "单位拍的证件照", OfferAction, is_audit_only=True)
)
