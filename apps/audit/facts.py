"""The facts of an event in words, for auditors."""

import re
from datetime import date

from apps.cards.enums import RequestAction
from apps.common import moments, money
from apps.common.templatetags.formats import full_date, moment
from apps.desk import event_kinds
from apps.handout.enums import HandedWay
from apps.my_data.erasure import ERASABLE
from apps.people.enums import ConsentKind
from apps.people.models import Holder
from apps.person_changes.enums import PersonChangeKind
from apps.risks.rules import RISKS
from apps.rulebook import wording
from apps.verification import registry
from apps.verification.enums import CheckOutcome

# One line for each key that a service writes; a test compares them.
LABELS = {
    "subject": "事项",
    "list": "列表",
    "action": "办理",
    "away": "谁（工号）",
    "from_day": "从哪一天",
    "deputy": "代办的同事（工号）",
    "before": "修改前",
    "after": "修改后",
    "applied": "已登记",
    "broken": "有问题的行",
    "card": "社保卡",
    "month": "月份",
    "lines": "行数",
    "differing": "不符的行",
    "closing_fen": "期末（元）",
    "change": "修改",
    "changes": "改动前后（遮盖）",
    "changed": "修改",
    "created": "新增",
    "employed": "在职人数",
    "device": "设备",
    "factor": "哪一种",
    "fields": "改了哪几项",
    "purpose": "用来做什么",
    "pictures": "照片",
    "matched": "对上了人",
    "unmatched": "没有对上人",
    "doubled": "一人两张",
    "stored": "已存入",
    "same": "和原来的一样",
    "not_stored": "没有存入",
    "file_kind": "文件种类",
    "columns": "每一列对应的项",
    "noted": "读取时有改动",
    "heading_line": "表头所在的行",
    "format": "格式",
    "way": "领卡方式",
    "from": "原领办人工号",
    "to": "同事工号",
    "referral": "内部备注（编号）",
    "good": "可用的行",
    "groups": "角色",
    "guardian": "监护人编号",
    "is_active": "可登录",
    "is_complete": "全部在册人员",
    "is_full": "完整号码",
    "is_staff": "可进入审核后台",
    "left": "离职",
    "keeps_sign_in": "保留登录，把在办的办完",
    "left_out": "这次不办",
    "login_digest": "所填账户的摘要",
    "method": "方式",
    "promised": "应在",
    "expected": "改为",
    "is_again": "又一次超期",
    "name": "名称",
    "moved": "变动的承诺",
    "nothing_left": "已是这样",
    "network": "网络",
    "number": "工号（遮盖）",
    "not_run": "没有办理",
    "open_from": "起",
    "open_until": "止",
    "order": "支付订单",
    "outcome": "结果",
    "persons": "谁的信息（编号）",
    "person_change": "更正什么",
    "evidence": "核对的原件",
    "merged": "并入的记录（编号）",
    "phone": "手机号（遮盖）",
    "erased": "删除",
    "refused": "有问题",
    "reminders": "接收提醒",
    "repeated": "重复的行",
    "report": "回盘编号",
    "request": "业务受理编号",
    "risks": "风险",
    "rows": "件数",
    "receiver": "报送给",
    "version": "第几版",
    "schedule": "自动导出",
    "since": "从（时刻）",
    "sha256": "摘要",
    "scope": "范围",
    "text": "文字",
    "texts": "文本和版本",
    "through": "登录方式",
    "topic": "主题",
    "tries": "次数",
    "unchanged": "不变",
    "updated": "变更",
    "until": "到哪一天",
    "valid_from": "生效日期",
    "what": "内容",
    "message": "消息",
    "applies_from": "起用时间",
    "sms_text": "短信内容",
    "sms_code": "短信模板代码",
    "title": "邮件标题",
    "worked": "调休上班的天数",
    "year": "年度",
    "off": "放假的天数",
}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: dict[bool | str | None, str] = {
    True: "是",
    False: "否",
    None: "无",
    "password": "密码",
    "single_sign_on": "统一身份认证",
    "formal_loss": "正式挂失",
    "guardianship": "监护关系",
    "card_request": "申请",
    "rows_to_mend": "有问题的行",
    **{field.name: str(field.verbose_name) for field in Holder._meta.local_fields},
    **dict(CheckOutcome.choices),
    **dict(HandedWay.choices),
    **dict(PersonChangeKind.choices),
    **{code: risk.label for code, risk in RISKS.items()},
    **{action.value: action.label for action in RequestAction},
    **dict(ConsentKind.choices),
    **{each.name: each.label for each in ERASABLE},
}


def of(event):
    """(label, text) of each fact of `event`; a change of the rules as one sentence."""
    if event.subject_kind == event_kinds.RULES.name:
        return [(LABELS["change"], wording.change(event.facts))]
    return in_words(event.facts)


def in_words(facts):
    """(label, text) of each fact, in the order of `LABELS`: the database keeps none."""
    known = list(LABELS)
    keys = sorted(facts, key=lambda key: known.index(key) if key in LABELS else len(known))
    return [(LABELS.get(key) or _WORDS.get(key, key), _text(facts[key], key)) for key in keys]


def _text(value, key=""):
    if money.is_in_fen(key):
        return money.yuan(value)
    if isinstance(value, dict):
        return "，".join(f"{label} {text}" for label, text in in_words(value)) or "无"
    if isinstance(value, list):
        return "、".join(_text(item) for item in value) or "无"
    if isinstance(value, str) and (written := _date_in_words(value)):
        return written
    # 1 and True are the same key in a dictionary, but a number must stay a number.
    if isinstance(value, bool | str) or value is None:
        return _WORDS.get(value) or registry.labels().get(value, str(value))
    return str(value)


def _date_in_words(text):
    """A day or a moment that the book keeps in ISO 8601, as pages write it; "" for other texts."""
    if found := moments.parse(text):
        return moment(found)
    try:
        return full_date(date.fromisoformat(text)) if _DAY.fullmatch(text) else ""
    except ValueError:
        return ""
