"""The empty roster to fill in: a workbook with lists to choose from, or a CSV file.

The example row has an ID number that the roster refuses, so it cannot be entered by mistake.
"""

import csv
import io

from apps.common.later import later
from apps.people.enums import Ethnicity, IdType, Occupation, Sex
from apps.roster import loading
from apps.roster.rows import ONLINE_COLUMNS

openpyxl = later("openpyxl")

EXAMPLE = {
    "工号": "T2026001",
    "姓名": "张三（示例，上传前请删除本行）",
    "证件类型": "居民身份证",
    "社会保障号码": "110101199003070000",
    "性别": "男",
    "出生日期": "1990-03-07",
    "民族": "汉族",
    "国籍": "CHN",
    "手机号": "13800000000",
    "部门": "信息学院",
    "职业类别": "专业、技术人员",
    "常住地址": "山东省淄博市张店区示例路1号",
    "已有社保卡": "否",
    "在职状态": "在职",
}
_CHOICES = {
    "证件类型": IdType.labels,
    "性别": Sex.labels,
    "民族": Ethnicity.labels,
    "职业类别": Occupation.labels,
    "已有社保卡": ["是", "否"],
    "在职状态": ["在职", "离职"],
}
_ROWS = 5000  # how far down formats and lists reach
_SHEET, _CODES = "名册", "代码表"


def as_csv():
    """Bytes with a mark at the start by which spreadsheet programs recognise UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(ONLINE_COLUMNS)
    writer.writerow([EXAMPLE[heading] for heading in ONLINE_COLUMNS])
    return text.getvalue().encode("utf-8-sig")


def as_xlsx():
    """Bytes of a workbook. Every column is text, so that no number loses its last digits."""
    book = openpyxl.Workbook()
    sheet, codes = book.active, book.create_sheet(_CODES)
    sheet.title = _SHEET
    sheet.append(ONLINE_COLUMNS)
    sheet.append([EXAMPLE[heading] for heading in ONLINE_COLUMNS])
    sheet.freeze_panes = "A2"
    for number, heading in enumerate(ONLINE_COLUMNS, start=1):
        letter = openpyxl.utils.get_column_letter(number)
        sheet.column_dimensions[letter].width = max(12, len(heading) * 2 + 4)
        # The format of a column holds for its empty cells too; the two rows have their own.
        sheet.column_dimensions[letter].number_format = "@"
        for row in (1, 2):
            sheet[f"{letter}{row}"].number_format = "@"
        head = sheet[f"{letter}1"]
        head.font = openpyxl.styles.Font(bold=True)
        if heading in loading.REQUIRED:
            head.fill = openpyxl.styles.PatternFill("solid", fgColor="FFF2CC")
        sheet[f"{letter}2"].font = openpyxl.styles.Font(italic=True, color="808080")
    for number, (heading, labels) in enumerate(_CHOICES.items(), start=1):
        _offer(sheet, codes, number, heading, labels)
    for heading in ("社会保障号码", "常住地址", "姓名"):
        letter = openpyxl.utils.get_column_letter(ONLINE_COLUMNS.index(heading) + 1)
        sheet.column_dimensions[letter].width = 32
    codes.sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _offer(sheet, codes, number, heading, labels):
    """Write `labels` into column `number` of the codes, and offer them under `heading`."""
    source = openpyxl.utils.get_column_letter(number)
    for row, label in enumerate(labels, start=1):
        codes[f"{source}{row}"] = label
    choice = openpyxl.worksheet.datavalidation.DataValidation(
        type="list",
        formula1=f"{_CODES}!${source}$1:${source}${len(labels)}",
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=heading,
        error="请从列表中选择。",
    )
    letter = openpyxl.utils.get_column_letter(ONLINE_COLUMNS.index(heading) + 1)
    choice.add(f"{letter}2:{letter}{_ROWS}")
    sheet.add_data_validation(choice)
