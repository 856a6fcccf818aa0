"""The events of the desk that are not moves of a lifecycle.

There is one kind for each sort of subject. A look at full data is the action LOOK of that kind:
`facts["what"]` says what was shown, `reason` why. It is recorded before the data is shown. `ALL`
are the desk's kinds; only auditors read all of them. A move of a lifecycle is not recorded twice.
"""

from django.db import models

from apps.events.kinds import EventKind, register


class CaseAction(models.TextChoices):
    LOOK = "LOOK", "查看完整信息"
    TAKE_OVER = "TAKE_OVER", "接手"
    FIRST_APPROVAL = "FIRST_APPROVAL", "初审通过"
    POSTPONE = "POSTPONE", "放到以后办"
    HAND_OVER = "HAND_OVER", "转给同事"
    ASK_COLLEAGUE = "ASK_COLLEAGUE", "请同事看"
    ANSWER_COLLEAGUE = "ANSWER_COLLEAGUE", "答复同事"


class DeskHolderAction(models.TextChoices):
    LOOK = "LOOK", "查看完整信息"


class FileAction(models.TextChoices):
    FETCH = "FETCH", "下载导出文件"


class RosterFileAction(models.TextChoices):
    FETCH = "FETCH", "下载待改正的行"


class PhraseAction(models.TextChoices):
    CHANGE = "CHANGE", "修改常用语"


class SheetAction(models.TextChoices):
    CHANGE = "CHANGE", "修改采集表的栏"


class WordingAction(models.TextChoices):
    SAVE = "SAVE", "保存消息用语"


class SavedListAction(models.TextChoices):
    SHARE = "SHARE", "给全组用"
    RENAME = "RENAME", "改名"
    REPLACE = "REPLACE", "换了筛选"
    TAKE_BACK = "TAKE_BACK", "不再给全组用"
    DELETE = "DELETE", "删除"


class AbsenceAction(models.TextChoices):
    SET = "SET", "登记不在岗"
    END = "END", "回来了"


class RuleAction(models.TextChoices):
    CHANGE = "CHANGE", "修改地区与规则"


class HolidayAction(models.TextChoices):
    ARRANGE = "ARRANGE", "上传放假安排"


class UploadAction(models.TextChoices):
    UPLOAD = "UPLOAD", "上传制卡回盘"


class DeskLineAction(models.TextChoices):
    LOOK = "LOOK", "查看隔离行"


class MoneyAction(models.TextChoices):
    NOTE = "NOTE", "记下办到哪一步"
    TAKE_LIST = "TAKE_LIST", "下载款项清单"


class DeskAccountAction(models.TextChoices):
    CHANGE = "CHANGE", "修改账户"


def _kind(name, label, actions):
    looks = tuple(action.value for action in actions if action.name in _LOOKS)
    return register(EventKind(f"desk_{name}", label, actions, is_audit_only=True, looks=looks))


# Actions by which somebody is shown full data: on a page, or in a file.
_LOOKS = {"LOOK", "FETCH"}


REQUEST = _kind("request", "申请（审核后台）", CaseAction)
FORMAL_LOSS = _kind("formal_loss", "正式挂失（审核后台）", CaseAction)
GUARDIANSHIP = _kind("guardianship", "子女登记（审核后台）", CaseAction)
HOLDER = _kind("holder", "持卡人（审核后台）", DeskHolderAction)
EXPORT_FILE = _kind("export", "导出文件", FileAction)
ROSTER_FILE = _kind("roster_file", "人事名册（审核后台）", RosterFileAction)
PHRASE = _kind("phrase", "常用语", PhraseAction)
SHEET = _kind("sheet", "采集表的栏", SheetAction)
WORDING = _kind("wording", "消息用语", WordingAction)
SAVED_LIST = _kind("saved_list", "全组的列表", SavedListAction)
ABSENCE = _kind("absence", "不在岗", AbsenceAction)
RULES = _kind("rules", "地区与规则", RuleAction)
HOLIDAYS = _kind("holidays", "放假安排", HolidayAction)
FILE = _kind("file", "往来文件", UploadAction)
LINE = _kind("line", "隔离行（审核后台）", DeskLineAction)
REFUND = _kind("payment", "退款（审核后台）", MoneyAction)
DISCREPANCY = _kind("discrepancy", "款项不符（审核后台）", MoneyAction)
ACCOUNT = _kind("account", "账户（审核后台）", DeskAccountAction)

ALL = (
    REQUEST,
    FORMAL_LOSS,
    GUARDIANSHIP,
    HOLDER,
    EXPORT_FILE,
    ROSTER_FILE,
    PHRASE,
    SAVED_LIST,
    SHEET,
    WORDING,
    ABSENCE,
    RULES,
    HOLIDAYS,
    FILE,
    LINE,
    REFUND,
    DISCREPANCY,
    ACCOUNT,
)
