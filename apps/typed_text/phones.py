"""Mobile numbers of the mainland: one spelling to store, and what is wrong with another number.

The ranges of the carriers grow, so only the shape is judged.
"""

import re

from django.core.exceptions import ValidationError

from apps.typed_text.plain_text import compact

LENGTH = 11
_SHAPE = re.compile(rf"1[3-9][0-9]{{{LENGTH - 2}}}")
# What people write between the digits, besides spaces and dashes.
_BETWEEN = str.maketrans("", "", "().·•_")
# A label or the beginning of a link.
_LABEL = re.compile(r"\A(?:tel|电话|手机号?码?):?", re.I)
# Before a mobile number: +86, 0086 or 86, a 0 as dialled from another city. After another + or 00
# stands the code of another country: +1 415 555 2671 has the digits of a number of ours.
_BEFORE = re.compile(r"\A(?:(?:\+|00)?86)?0?(?=1[3-9][0-9]{9}\Z)")
_LANDLINE = re.compile(
    r"(?:(?:\+|00)?86|0|(?:\+|00)?860)(?:10|2[0-9]|[3-9][0-9]{2})[1-9][0-9]{6,7}(?:(?:转|ext|x|#|,)[0-9]{1,6})?",
    re.I,
)
_LOCAL_LANDLINE = re.compile(r"[2-9][0-9]{6,7}")
_SERVICE_LINE = re.compile(r"[48]00[0-9]{7}")
_ABROAD = re.compile(r"(?:\+|00)(?!86)[1-9][0-9]{6,14}")
_SEVERAL = re.compile(r"[^0-9]*[0-9]{7,}[/、,，;；或和][0-9]{7,}")


def normalise(text):
    """`text` as it is stored: eleven digits, without a country code and invisible marks.

    A number of another kind loses only its label, spaces, dashes and brackets.
    """
    return _BEFORE.sub("", _LABEL.sub("", compact(text).translate(_BETWEEN)))


def is_mobile(text):
    """Whether `text`, normalised before, can be a mobile number."""
    return bool(_SHAPE.fullmatch(text))


def check(text):
    """Raise ValidationError unless `text`, normalised before, can be a mobile number."""
    if is_mobile(text):
        return
    if _LANDLINE.fullmatch(text) or _LOCAL_LANDLINE.fullmatch(text):
        raise ValidationError(
            f"这是座机号码，收不到短信。请填写手机号，{LENGTH} 位，以 1 开头。", code="landline"
        )
    if _SERVICE_LINE.fullmatch(text):
        raise ValidationError("这是服务热线的号码。请填写个人的手机号。", code="service_line")
    if _ABROAD.fullmatch(text):
        raise ValidationError(
            "这是内地以外的号码，收不到本系统的短信。请填写内地的手机号，前面不写 + 或 00。",
            code="abroad",
        )
    if _SEVERAL.fullmatch(text):
        raise ValidationError("只能填一个手机号，请删去其余的。", code="several")
    wrong = re.search(r"[^0-9]", text)
    if wrong:
        raise ValidationError(f"手机号只能填数字，请检查「{wrong[0]}」。", code="not_digits")
    if len(text) != LENGTH:
        raise ValidationError(f"手机号应为 {LENGTH} 位，您填了 {len(text)} 位。", code="length")
    raise ValidationError("手机号应以 13 至 19 开头，请检查前两位。", code="prefix")
