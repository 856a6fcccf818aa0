"""Finds the row of headings, and says which column of the file is which of ours.

HR writes headings in its own words, with stars, blanks and line breaks, under a title. A heading
that equals ours without these signs is certain. One in other words is a guess that a person has to
confirm. A confirmed choice is remembered for the set of headings by its `key`.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field, replace
from itertools import accumulate, zip_longest

from apps.sheets.cells import UnreadableSheet

# A column of the file with rows to correct (`mending`). It holds no data of a person.
ADVICE = "怎么改"
LOOKED_AT = 20  # rows among which the headings are looked for
# Other words for a column, without blanks and stars.
OTHER_WORDS = {
    "工号": "职工号 职工编号 职工工号 教工号 教职工号 员工号 员工工号 员工编号 人员编号 人员代码 "
    "职工代码 教师工号 教职工编号 工作证号 人事编号",
    "姓名": "名字 职工姓名 员工姓名 教职工姓名 人员姓名 教师姓名 本人姓名",
    "证件类型": "证件类别 证件种类 身份证件类型 有效证件类型 身份证件种类",
    "社会保障号码": "身份证号 身份证号码 身份证 公民身份号码 公民身份证号 公民身份证号码 "
    "居民身份证号 居民身份证号码 证件号 证件号码 身份证件号码 身份证件号 有效证件号码 "
    "社会保障号 社保号 社保号码",
    "性别": "性別",
    "出生日期": "出生年月日 生日 出生日",
    "民族": "族别",
    "国籍": "国籍地区 国籍/地区 国家 国家/地区 国家地区",
    "手机号": "手机 手机号码 联系电话 联系方式 电话 电话号码 移动电话 联系手机 本人手机 "
    "本人手机号 手机电话 联系号码",
    "部门": "单位 所在单位 所在部门 部门名称 单位名称 工作单位 工作部门 所属部门 所属单位 二级单位 "
    "学院 院系 科室 院系部门 部门单位 单位部门",
    "职业类别": "职业 职业类型 职业工种",
    "常住地址": "住址 地址 家庭住址 家庭地址 通讯地址 通信地址 联系地址 居住地址 现住址 居住地 "
    "常住住址 常住地",
    "已有社保卡": "是否已有社保卡 是否有社保卡 有无社保卡",
    "在职状态": "人员状态 在岗状态 职工状态 状态 在职情况",
}
_OURS = {word: column for column, words in OTHER_WORDS.items() for word in words.split()}
_KNOWN = {column: column for column in OTHER_WORDS}
_SURELY_HEADINGS = 2  # known headings in one row
_STARS = "*★☆※●▲△◆·:#"
_BRACKETS = re.compile(r"[(\[【{<〔][^()\[\]【】{}<>〔〕]*[)\]】}>〕]")
# Hints in brackets that do not change the meaning of a heading.
_HINT = re.compile(r".*(必填|选填|可不填|填写|文本|格式|示例|[0-9]+位|如|例).*")
# Numbers and foreign words beside a heading: 1.工号, ②姓名, 姓名 Name, 工号/Staff No.
_BESIDE = re.compile(r"^[0-9]{1,2}[.、)]?|[0-9]{1,2}$|[A-Za-z][A-Za-z.'/]*|/")
_MANY_DIGITS = re.compile(r"[0-9]{6}")


def plain(text):
    """`text` without blanks, line breaks, invisible marks and stars, in the usual width."""
    text = unicodedata.normalize("NFKC", text)
    visible = (c for c in text if unicodedata.category(c) not in ("Cf", "Cc", "Zs", "Zl", "Zp"))
    return "".join(visible).strip(_STARS)


@dataclass(frozen=True)
class Headings:
    """The row of headings in `line`: its texts, and for each the column it is, or "".

    `is_sure`: nothing in `columns` was guessed and nothing is `missing`. `above` is the number of
    rows over it; `has_upper`: the last of them is a part of the headings.
    """

    line: int
    texts: list[str]
    columns: list[str]
    is_sure: bool
    missing: list[str] = field(default_factory=list)
    is_remembered: bool = False
    above: int = 0
    has_upper: bool = False

    @property
    def names(self):
        """A name of each column, unique in the row, by which a choice is remembered."""
        names: list[str] = []
        for text in self.texts:
            name = plain(text)
            repeated = sum(each.split("\n")[0] == name for each in names)
            names.append(f"{name}\n{repeated}" if repeated else name)
        return names

    @property
    def key(self):
        return key_of(self.names)

    @property
    def unknown(self):
        pairs = zip(self.texts, self.columns, strict=True)
        return [text for text, column in pairs if text and not column and text != ADVICE]

    @property
    def readings(self):
        """Pairs of heading and column whose words differ."""
        pairs = zip(self.texts, self.columns, strict=True)
        return [(text, column) for text, column in pairs if column and plain(text) != column]


def key_of(names):
    """The key of a set of headings, independent of their order and of `ADVICE`."""
    kept = sorted(name for name in names if name and name != ADVICE)
    return hashlib.sha256("\0".join(kept).encode()).hexdigest()


def find(lines, *, columns, required, remembered):
    """The `Headings` among the first rows `lines`, pairs of number and cells.

    `remembered(keys)` is a dict of those keys that were chosen before, each with the column of
    each name. Raises `UnreadableSheet` where no row can be the headings.
    """
    if not lines:
        raise UnreadableSheet("文件是空的，没有表头。", code="empty")
    possible = [
        judge(lines, above, columns=columns, required=required)
        for above, (_, cells) in enumerate(lines)
        if can_be_headings(texts_of(cells))
    ]
    known = remembered([each.key for each in possible]) if possible else {}
    for each in possible:
        if each.key in known and not each.is_sure:
            chosen = [known[each.key].get(name, "") for name in each.names]
            return chosen_by_hand(each, chosen, required=required, is_remembered=True)
    if all(len([text for text in texts_of(cells) if text]) < 2 for _, cells in lines):
        raise UnreadableSheet(
            "每一行只读出一格，看不出各列是怎样分开的。请在 Excel 或 WPS 里用“分列”把各列分开，"
            "另存为 .xlsx 后上传。",
            code="one_column",
        )
    if not possible and any(map(_is_a_person, lines)):
        raise UnreadableSheet(
            "没有表头，第一行就是人员。请在最上面加一行，写上每一列是什么（"
            f"{'、'.join(required)}等），再重新上传。",
            code="headings",
        )
    best = max(possible, key=_likelihood(required), default=None)
    if best is None or len([text for text in best.texts if text]) < len(required):
        missing = best.missing if best else list(required)
        raise missing_columns(missing)
    return best


def judge(lines, above, *, columns, required):
    """The `Headings` that the row with the index `above` of `lines` would be.

    A heading that says nothing alone, 号码, is read with the one that spans it in the row above.
    Of headings in two rows, one that stands only in the upper row counts as well.
    """
    line, texts = lines[above][0], texts_of(lines[above][1])
    wanted = {plain(column): column for column in columns}
    over = texts_of(lines[above - 1][1]) if above else []
    own, texts = texts, _with_upper(texts, over, wanted)
    spanning = _spanning(over, len(texts)) if above else [""] * len(texts)
    found = [_exact(text, wanted) for text in texts]
    repeated = sorted({column for column in found if column and found.count(column) > 1})
    if repeated:
        raise UnreadableSheet(
            f"表头有重复的列：{'、'.join(repeated)}。每列只能出现一次。", code="repeated_headings"
        )
    guesses = [
        _guess(text, wanted) or (text and _guess(over + text, wanted))
        for over, text in zip(spanning, texts, strict=True)
    ]
    is_sure = True
    for place, guess in enumerate(guesses):
        if guess and guess not in found:
            is_sure = False
            # If two columns could be the same one, neither is used.
            if guesses.count(guess) == 1:
                found[place] = guess
    missing = [column for column in required if column not in found]
    is_sure = is_sure and not missing
    has_upper = texts != own
    return Headings(line, texts, found, is_sure, missing, above=above, has_upper=has_upper)


def _with_upper(texts, over, wanted):
    """`texts`, with those of the row `over` it where that has headings over empty cells."""
    pairs = list(zip_longest(texts, over, fillvalue=""))
    lone = [upper for text, upper in pairs if not text and upper]
    is_heading = can_be_headings(over) and any(
        _exact(upper, wanted) or _guess(upper, wanted) for upper in lone
    )
    return [text or upper for text, upper in pairs] if is_heading else texts


def _spanning(texts, width):
    """The heading of `texts` over each of `width` columns: it spans the empty cells beside it."""
    spanning: list[str] = list(accumulate(texts, lambda before, text: text or before))[:width]
    return spanning + [spanning[-1] if spanning else ""] * (width - len(spanning))


def chosen_by_hand(headings, columns, *, required, is_remembered=False):
    """`headings` with the `columns` that a person chose."""
    missing = [column for column in required if column not in columns]
    return replace(
        headings,
        columns=columns,
        is_sure=not missing,
        missing=missing,
        is_remembered=is_remembered,
    )


def texts_of(cells):
    return [cell.text for cell in cells]


def can_be_headings(texts):
    """Whether `texts` can be headings: a single text is a title, and a long number a person.

    Beside two headings that are known, a long number is no person: 202611 工资.
    """
    filled = [text for text in texts if text]
    numbers = [text for text in filled if _MANY_DIGITS.search(plain(text))]
    known = sum(bool(_guess(text, _KNOWN)) for text in filled if text not in numbers)
    return len(filled) > 1 and (not numbers or known >= _SURELY_HEADINGS)


def _is_a_person(line):
    """Whether the pair `line` of number and cells has several texts, and a long number in one."""
    filled = [text for text in texts_of(line[1]) if text]
    return len(filled) > 1 and any(_MANY_DIGITS.search(plain(text)) for text in filled)


def missing_columns(missing):
    return UnreadableSheet(
        f"没有找到这样的表头行：缺少这些列：{'、'.join(missing)}。请补上后重试。", code="headings"
    )


def _likelihood(required):
    """A key to sort candidates by: required columns first, and the earlier of equal rows."""

    def likelihood(headings):
        needed = len(required) - len(headings.missing)
        return needed, sum(map(bool, headings.columns)), -headings.above

    return likelihood


def _exact(text, wanted):
    """The column with this name, where only a hint or another name is in brackets."""
    text = _without_hint(text)
    inside = [plain(found[1:-1]) for found in _BRACKETS.findall(text)]
    column = wanted.get(plain(_BRACKETS.sub("", text)), "")
    return column if all(_OURS.get(word) == column for word in inside) else ""


def _guess(text, wanted):
    """What `text` may mean: the word itself, or what is left without brackets, or inside them.

    Numbers and foreign words beside it do not count.
    """
    text = unicodedata.normalize("NFKC", text)
    outside = plain(_BRACKETS.sub("", text))
    inside = [plain(found[1:-1]) for found in _BRACKETS.findall(text)]
    for word in (plain(text), outside, *inside, plain(_BESIDE.sub("", outside))):
        column = _OURS.get(word, wanted.get(word, ""))
        if column in wanted.values():
            return column
    return ""


def _without_hint(text):
    text = unicodedata.normalize("NFKC", text)
    return _BRACKETS.sub(lambda found: "" if _HINT.fullmatch(found[0]) else found[0], text)
