"""Words of the identity check."""

from django.db import models

from apps.regions.enums import Service


class Likeness(models.TextChoices):
    """The possible results of comparing two pictures."""

    SIMILAR = "SIMILAR", "相似"
    UNCERTAIN = "UNCERTAIN", "不能确定"
    DIFFERENT = "DIFFERENT", "不相似"
    NO_FACE = "NO_FACE", "没有找到人脸"
    MANY_FACES = "MANY_FACES", "不止一张人脸"
    NO_REFERENCE = "NO_REFERENCE", "留存照片里没有可比对的人脸"
    SAME_PICTURE = "SAME_PICTURE", "就是留存的照片"


class Purpose(models.TextChoices):
    """What an identity check is for. It is valid for that purpose only.

    A matter that cities open (`Service`) needs no entry here: its purpose is that service.
    """

    APPLY = "APPLY", "社会保障卡申领"
    ACTIVATE = "ACTIVATE", "社会保障卡启用"
    REPLACE = "REPLACE", "社会保障卡补换"
    LOSS_REPORT = "LOSS_REPORT", "社会保障卡临时挂失"
    RESET_PASSWORD = "PASSWORD", "重设登录密码"  # noqa: S105 - a purpose


# A reviewer decides on the request afterwards and sees how the person was checked. What is done
# for any other purpose takes effect at once.
REVIEWED = frozenset({Purpose.APPLY, Purpose.REPLACE})


def purposes():
    """Every purpose, and every service, with its label."""
    return dict(Service.choices) | dict(Purpose.choices)


class CheckMethod(models.TextChoices):
    """The ways that the portal has itself. A face must not be the only one."""

    FACE = "FACE", "人脸核验"
    CODE = "CODE", "短信验证码和密码"
    SECOND_FACTOR = "SECOND_FACTOR", "两步验证"


class CheckStatus(models.TextChoices):
    PENDING = "PENDING", "待核验"
    PASSED = "PASSED", "已通过"
    USED = "USED", "已使用"
    EXPIRED = "EXPIRED", "已失效"


class CheckAction(models.TextChoices):
    BEGIN = "BEGIN", "开始核验"
    REFUSE = "REFUSE", "核验没有通过"
    PASS = "PASS", "核验通过"
    USE = "USE", "使用核验"
    EXPIRE = "EXPIRE", "核验失效"


class CheckOutcome(models.TextChoices):
    """The result of the latest try of a check."""

    PENDING = "PENDING", "待核验"
    PASSED = "PASSED", "通过"
    UNCERTAIN = "UNCERTAIN", "通过，像不像请审核老师看"
    REFUSED = "REFUSED", "未通过"


# A check with one of these lets its owner go on.
GOOD = (CheckOutcome.PASSED, CheckOutcome.UNCERTAIN)
