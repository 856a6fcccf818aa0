"""How much each column of personal data is protected: its level, read from how it is kept.

Three levels of our own: OWASP ASVS 5.0 V14.1.1 asks for levels and names none.
"""

from enum import Enum

from django.db.models import FileField

from apps.common.kept_data import LegalGround
from apps.encryption.fields import EncryptedTextField


class Level(Enum):
    """From the most protected on. Each value is what the documents say: name, what, how."""

    SENSITIVE = (
        "三级",
        "加密存放的列和所有文件，以及凭单独同意处理的：号码、出生日期、手机号、地址、照片、证明",
        "列或文件加密，只有从几项里选的（职业等）不加密；谁看得到、遮盖多少见 security.md 第二节；"
        "看完整的要写原因，记一次查看；本人下载副本要再证明是本人",
    )
    PERSONAL = (
        "二级",
        "其他关于人的列",
        "谁看得到见同一张表；不出现在日志和网址里",
    )
    INTERNAL = (
        "一级",
        "不是关于人的列（列在最后）",
        "数据库角色只有需要的权限；不对外",
    )

    @property
    def label(self):
        return self.value[0]


def level_of(entry, name):
    """The `Level` of the column `name` of the `PersonalData` `entry`."""
    column = entry.table._meta.get_field(name)
    is_sealed = isinstance(column, EncryptedTextField | FileField)
    if is_sealed or entry.ground is LegalGround.SEPARATE_CONSENT:
        return Level.SENSITIVE
    return Level.PERSONAL


def highest(entry):
    """The most protected `Level` among the columns of `entry`."""
    order = list(Level)
    return min((level_of(entry, name) for name in entry.fields), key=order.index)
