"""Who is shown what of personal data: one table of places and data, and the function that reads it.

Every page, list, file, message, event and log line writes a person's data through `shown` (in
templates the filter or the tag of the same name), so that this table is what is shown.
tests/test_visibility.py holds templates and code to it and reads the pages of every role.
`manage.py visibility_table` writes it into docs/security.md.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from apps.common import masks
from apps.common.rules import rule_text


class Rule(Enum):
    """How a place shows a datum."""

    FULL = "完整"
    MASKED = "遮盖"
    LOOK = "查看后完整"  # masked until a look is recorded
    HIDDEN = "—"


@dataclass(frozen=True)
class Datum:
    """One kind of personal data. `mask` makes of a value what `Rule.MASKED` shows."""

    label: str
    mask: Callable[[Any], str]
    masked_how: str


DATA: dict[str, Datum] = {
    "name": Datum("姓名", masks.name, "只留最后一个字"),
    "id_number": Datum("社会保障号码", masks.id_number, "前 3 后 4"),
    "birth_date": Datum("出生日期", masks.year, "只留年份"),
    "namesake_birth_date": Datum("同名同尾号的孩子的出生日期", masks.year, "只留年份"),
    "phone": Datum("手机号", masks.phone, "前 3 后 4"),
    "address": Datum("常住地址", masks.address, "到区县"),
    "recipient": Datum("收件人", masks.name, "只留最后一个字"),
    "street": Datum("详细收件地址", masks.hidden, "***"),
    "card_number": Datum("社保卡号", masks.card_number, "后 4 位"),
    "employee_number": Datum("工号", masks.employee_number, "后 2 位"),
    "guardian": Datum("监护人姓名", masks.name, "只留最后一个字"),
    "former_contact": Datum("移交后原监护人的电话地址", masks.hidden, "***"),
    "sensitive": Datum("另外声明的敏感项", masks.name, "只留最后一个字"),
    "portrait": Datum("照片", masks.hidden, "***"),
    "proof": Datum("监护证明影像", masks.hidden, "***"),
}


@dataclass(frozen=True)
class Place:
    """A page or file and its readers. A datum without a rule is not shown there.

    `is_recorded`: opening it at all is an event, whatever its rules say.
    """

    label: str
    readers: str
    rules: Mapping[str, Rule]
    is_recorded: bool = False

    @property
    def shows_by_event(self):
        """Whether it shows full values only once an event says who is shown them."""
        return self.is_recorded or Rule.LOOK in self.rules.values()


def _rules(**names):
    """Datum → rule, from lists such as full="name phone"."""
    return {name: Rule[rule.upper()] for rule, data in names.items() for name in data.split()}


_DESK = "审核人、审核主管、审计员"
_SELF = f"本人、未满 {rule_text('GUARDIAN_UNTIL_AGE', gap=' ')}孩子的监护人"

PLACES: dict[str, Place] = {
    "page": Place(
        "门户各页",
        _SELF,
        _rules(
            masked="name id_number phone address recipient street card_number guardian"
            " employee_number sensitive",
            full="portrait namesake_birth_date",
        ),
    ),
    "own_form": Place(
        "填写、核对的一页",
        "正在填写的人",
        _rules(
            full="name birth_date phone address recipient street employee_number portrait proof"
            " sensitive",
            masked="id_number card_number guardian",
        ),
    ),
    "my_data": Place(
        "我的信息",
        _SELF,
        _rules(
            look="name id_number birth_date phone address recipient street card_number sensitive",
            full="employee_number",
        ),
    ),
    "copy": Place(
        "下载的副本",
        _SELF,
        _rules(
            full="name id_number birth_date phone address recipient street card_number"
            " employee_number portrait proof sensitive"
        ),
        is_recorded=True,
    ),
    "receipt": Place("办理凭据", _SELF, _rules(masked="name id_number card_number")),
    "proof_page": Place("凭据的公开核对页", "任何人", _rules()),
    "list": Place(
        "审核后台：列表、批量、批次、更正请求",
        _DESK,
        _rules(
            masked="name id_number phone address recipient card_number guardian",
            full="employee_number",
        ),
    ),
    "case": Place(
        "审核后台：一件申请、挂失、登记",
        _DESK,
        _rules(
            full="name guardian employee_number portrait",
            look="id_number birth_date phone address recipient street proof sensitive",
            masked="card_number",
        ),
    ),
    "roster": Place(
        "人事名册预览、持卡人",
        "审核主管、审计员",
        _rules(
            look="name id_number phone address",
            masked="birth_date",
            full="employee_number",
        ),
    ),
    "table": Place(
        "审核后台：单位领卡",
        "发卡员、审核主管",
        _rules(full="name employee_number portrait", masked="card_number"),
    ),
    "sign_list": Place(
        "签收表、全部待领的名单",
        "发卡员、审核主管、部门联系人",
        _rules(full="name employee_number", masked="card_number"),
        is_recorded=True,
    ),
    "department": Place(
        "部门联系人的一页",
        "部门联系人",
        _rules(full="name employee_number"),
        is_recorded=True,
    ),
    "accounts": Place("账户管理", "系统管理员", _rules(full="employee_number", masked="phone")),
    "finance": Place("对账、退款", "审核主管、审计员", _rules(masked="name")),
    "operations": Place("运行状况", "运维员", _rules()),
    "export": Place(
        "导出（遮盖）、「谁看过」名单",
        _DESK,
        _rules(
            masked="name id_number phone card_number guardian sensitive", full="employee_number"
        ),
        is_recorded=True,
    ),
    "export_full": Place(
        "导出（完整，写明原因，记到每一行）",
        "审核主管",
        _rules(
            full="name id_number phone guardian employee_number sensitive", masked="card_number"
        ),
        is_recorded=True,
    ),
    "sheet": Place(
        "采集表（为接收方加密）",
        "审核主管下载，只有接收方打得开",
        _rules(
            full="name id_number birth_date phone address recipient street card_number guardian"
            " portrait sensitive"
        ),
        is_recorded=True,
    ),
    "bureau": Place(
        "送制文件",
        "制卡中心",
        _rules(
            full="name id_number birth_date phone address recipient street card_number guardian"
            " portrait sensitive"
        ),
    ),
    "gateway": Place("支付订单", "支付平台", _rules()),
    "message": Place(
        "短信、门户消息、邮件、企业微信",
        "收消息的人",
        _rules(masked="name id_number card_number", full="namesake_birth_date"),
    ),
    "book": Place(
        "办理记录的内容",
        "本人、审计员",
        _rules(masked="name id_number birth_date phone address employee_number"),
    ),
    "log": Place("应用日志", "运维员", _rules(masked="id_number phone")),
}


def rule_of(where):
    """The `Rule` at `where`, such as "page.phone": a place and a datum of the table.

    Raises KeyError for names that the table does not have.
    """
    place, datum = where.split(".")
    if datum not in DATA:
        raise KeyError(datum)
    return PLACES[place].rules.get(datum, Rule.HIDDEN)


def shown(value, where, *, has_looked=False):
    """`value` as it is shown at `where`, such as "page.phone": a place and a datum of the table.

    Empty stays empty; *** is what is not shown. `has_looked` says that a look at it is recorded in
    the book of events.
    """
    rule = rule_of(where)
    if value is None or value == "":
        return ""
    if rule == Rule.FULL or (rule == Rule.LOOK and has_looked):
        return value
    if rule == Rule.HIDDEN:
        return masks.hidden(value)
    return DATA[where.split(".")[1]].mask(value)


def is_masked(where):
    """Whether the value is not shown at `where` unless a look is recorded, if at all."""
    return rule_of(where) != Rule.FULL
