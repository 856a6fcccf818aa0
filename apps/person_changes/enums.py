"""What is changed of a person with four eyes, and how far it has come. Stored values stay."""

from django.db import models


class PersonChangeKind(models.TextChoices):
    EMPLOYEE_NUMBER = "NUMBER", "变更工号"
    ID_NUMBER = "ID_NUMBER", "更正社会保障号码"
    MERGE = "MERGE", "合并两条记录"

    @property
    def needs_number(self):
        """Whether a new number is typed, once by each of the two."""
        return self is not PersonChangeKind.MERGE


class EvidenceKind(models.TextChoices):
    """Which original was looked at. No copy of it is kept."""

    ID_CARD = "ID_CARD", "身份证原件"
    HOUSEHOLD_BOOK = "HOUSEHOLD", "户口簿原件"
    CERTIFICATE = "CERTIFICATE", "公安机关的证明"
    APPOINTMENT = "APPOINTED", "聘用或转正文件"
    OTHER = "OTHER", "其他材料"


class PersonChangeStatus(models.TextChoices):
    PROPOSED = "PROPOSED", "等待另一人确认"
    DONE = "DONE", "已更正"
    DECLINED = "DECLINED", "没有更正"
    WITHDRAWN = "WITHDRAWN", "已收回"
    LAPSED = "LAPSED", "到期没人确认"

    @property
    def tone(self):
        """The colour of its tag."""
        return {"PROPOSED": "warn", "DONE": "ok", "DECLINED": "bad"}.get(self.value, "")


class PersonChangeAction(models.TextChoices):
    PROPOSE = "PROPOSE", "提出人员更正"
    CONFIRM = "CONFIRM", "确认人员更正"
    # Of an employee number; the person hears of it as of any change of the account.
    CONFIRM_NUMBER = "CONFIRM_NUMBER", "确认变更工号"
    DECLINE = "DECLINE", "不更正"
    WITHDRAW = "WITHDRAW", "收回人员更正"
    LAPSE = "LAPSE", "到期没人确认"
