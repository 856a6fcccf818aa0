"""A 采集表 for the centre, ready to be fetched, and the columns that a supervisor chose for it."""

from apps.bureau.port import MAIN, public_key_of
from apps.demo.accounts import SUPERVISORS
from apps.exports import profiles, working
from apps.exports.enums import ExportFormat, SheetSchedule
from apps.exports.models import SheetProfile
from apps.people.models import User

# As the form of the centre has them.
COLUMNS = (
    ("id_type", "有效证件类型"),
    ("id_number", "有效证件号码"),
    ("name", "姓名"),
    ("sex", "性别"),
    ("birth_date", "出生日期"),
    ("ethnicity", "民族"),
    ("nationality", "国籍"),
    ("id_valid_from", "证件有效起始日期"),
    ("id_valid_until", "证件有效终止日期"),
    ("issuing_authority", "发证机关"),
    ("phone", "手机号码"),
    ("address", "通讯地址"),
    ("occupation", "职业类别"),
    ("bank_code", "银行编号"),
    ("city_code", "行政区划代码"),
    ("photo", "照片"),
    ("guardian_name", "监护人姓名"),
    ("guardian_id_number", "监护人证件号码"),
    ("guardian_relation", "监护关系"),
    ("delivery", "领卡方式"),
    ("replacement_reason", "补换卡原因"),
    ("channel", "系统类别"),
    ("operator", "经办人"),
)


def build(*, at, tell):
    """Does nothing the second time, without a key, or where nobody is to be listed."""
    if SheetProfile.objects.exists() or public_key_of(MAIN) is None:
        return
    if not profiles.count(MAIN, which=profiles.NEW, at=at):
        return
    tell("报送社保中心的采集表")
    by = User.objects.get(employee_number=SUPERVISORS[0].employee_number)
    profiles.save_columns(
        receiver=MAIN,
        columns=COLUMNS,
        format=ExportFormat.XLSX,
        schedule=SheetSchedule.WORKDAYS,
        seen_version=0,
        by=by,
        at=at,
    )
    profiles.order(receiver=MAIN, which=profiles.NEW, reason="每月报送", by=by, at=at)
    export = working.lease_next(at=at)
    name = working.write(export=export, clock=lambda: at)
    working.finish(export=export, name=name, at=at)
