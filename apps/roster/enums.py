"""Statuses and actions of an uploaded roster, and what its rows do; values never change."""

from django.db import models


class RosterStatus(models.TextChoices):
    UPLOADED = "UPLOADED", "正在读取"
    UNMATCHED = "UNMATCHED", "待对应列"
    READ = "READ", "待核对"
    UNREADABLE = "UNREADABLE", "读不了"
    APPLYING = "APPLYING", "正在生效"
    APPLIED = "APPLIED", "已生效"
    DISCARDED = "DISCARDED", "已放弃"


class RosterAction(models.TextChoices):
    UPLOAD = "UPLOAD", "上传名册"
    ASK = "ASK", "表头要对应"
    MATCH = "MATCH", "对应列"
    REMATCH = "REMATCH", "重新对应列"
    READ = "READ", "读完名册"
    FAIL = "FAIL", "名册读不了"
    APPLY = "APPLY", "名册生效"
    FINISH = "FINISH", "名册办完"
    DISCARD = "DISCARD", "放弃名册"


class RowKind(models.TextChoices):
    """What a row of an uploaded roster would do.

    UNCHANGED rows are kept only if something in them was filled in or changed when reading.
    """

    CREATED = "CREATED", "新增"
    UPDATED = "UPDATED", "变更"
    LEFT = "LEFT", "离职"
    REFUSED = "REFUSED", "有问题"
    UNCHANGED = "UNCHANGED", "没有变化"

    @property
    def takes_effect(self):
        """Whether a row of this kind waits to be applied."""
        return self not in (RowKind.REFUSED, RowKind.UNCHANGED)


# The kinds that change something once the preview is confirmed.
EFFECTIVE = tuple(kind for kind in RowKind if kind.takes_effect)


class RowOutcome(models.TextChoices):
    """The outcome of a row when the roster was applied."""

    APPLIED = "APPLIED", "已生效"
    NOTHING_LEFT = "NOTHING_LEFT", "已是这样"
    REFUSED = "REFUSED", "没有生效"


class InvitationStatus(models.TextChoices):
    """What becomes of an invitation."""

    WAITING = "WAITING", "等待发送"
    SENT = "SENT", "已发出"
    GIVEN_UP = "GIVEN_UP", "没有发出"
    ACCEPTED = "ACCEPTED", "已设置密码"
