"""Headings, titles and merged cells as HR writes them: read as they were meant."""

import io

import pytest
from openpyxl import Workbook

from apps.roster.loading import REQUIRED
from apps.roster.locating import locate, nothing_remembered
from apps.roster.rows import ONLINE_COLUMNS
from tests.roster.hr_sheets import NEEDED, NUMBER, OTHER, read, refusal, saved, text


@pytest.mark.parametrize(
    "headings",
    [
        ("工号", "姓 名", "社会保障\n号码"),
        ("*工号", "＊姓名", "★ 社会保障号码"),
        ("工号（必填）", "姓名(必填)", "社会保障号码（18位）"),
        ("工号", "姓名：", "社会保障号码（身份证号）"),
        ("\u3000工号\u200b", "姓\u00a0名", "社会保障号码 *"),
        ("职工号", "职工姓名", "身份证号"),
        ("教职工号*", "名字", "公民身份\r\n号码"),
        ("人员编号", "姓名", "证件号码"),
        ("1.工号", "2、姓名", "（3）身份证号码"),
        ("工号/Staff No.", "姓名 Name", "身份证号 ID No."),
    ],
)
@pytest.mark.parametrize("as_file", [saved, text])
def test_headings_are_known_in_other_dress_and_in_other_words(headings, as_file):
    if as_file is text:
        headings = [f'"{heading}"' for heading in headings]
    sheet = read(as_file(headings, ("T1", "张三", NUMBER)))
    assert sheet.rows[0][1] == {"工号": "T1", "姓名": "张三", "社会保障号码": NUMBER}


@pytest.mark.parametrize(
    "above",
    [
        [("某某学院教职工名册",)],
        [("某某学院教职工名册",), ("制表：人事处", "2026年11月")],
        [(), ("教职工名册", None, "共 2 人"), ()],
    ],
)
def test_a_title_may_stand_above_the_headings(above):
    sheet = read(saved(*above, NEEDED, ("T1", "张三", NUMBER)))
    assert len(sheet.rows) == 1
    assert "没有读" in sheet.remarks[0]


def test_headings_in_two_rows_of_merged_cells():
    content = saved(
        ("工号", "基本信息", None, "部门"),
        (None, "姓名", "身份证号", None),
        ("T1", "张三", NUMBER, "信息学院"),
        merged=["A1:A2", "B1:C1", "D1:D2"],
    )
    assert read(content).rows[0][1] == {
        "工号": "T1",
        "姓名": "张三",
        "社会保障号码": NUMBER,
        "部门": "信息学院",
    }


def test_a_heading_that_says_nothing_alone_is_read_with_the_one_that_spans_it():
    content = saved(
        ("工号", "姓名", "证件", None, "联系", None),
        (None, None, "类型", "号码", "手机", "地址"),
        ("T1", "张三", "居民身份证", NUMBER, "13900001234", "学府路 1 号"),
        merged=["A1:A2", "B1:B2", "C1:D1", "E1:F1"],
    )
    located = locate(
        content, columns=ONLINE_COLUMNS, required=REQUIRED, remembered=nothing_remembered
    )
    assert not located.headings.is_sure, "a person confirms it"
    assert read(content).rows[0][1] == {
        "工号": "T1",
        "姓名": "张三",
        "证件类型": "居民身份证",
        "社会保障号码": NUMBER,
        "手机号": "13900001234",
        "常住地址": "学府路 1 号",
    }


def test_of_headings_in_two_rows_those_of_the_upper_row_count_as_well():
    content = saved(
        ("某某学院教职工名册",),
        ("工号", "姓名", "证件", None, "部门", "备注"),
        (None, None, "类型", "号码"),
        ("T1", "张三", "居民身份证", NUMBER, "信息学院", "返聘"),
    )
    sheet = read(content)
    assert sheet.rows[0][1] == {
        "工号": "T1",
        "姓名": "张三",
        "证件类型": "居民身份证",
        "社会保障号码": NUMBER,
        "部门": "信息学院",
    }
    assert sheet.unknown_columns == ["备注"]
    assert sheet.remarks == ["表头在第 3 行和它上面一行，再上面的 1 行没有读。"]


def test_a_merged_department_counts_for_everybody_beside_it():
    content = saved(
        (*NEEDED, "部门"),
        ("T1", "张三", NUMBER, "信息学院"),
        ("T2", "李四", OTHER, None),
        merged=["D2:D3"],
    )
    sheet = read(content)
    assert [cells["部门"] for _, cells in sheet.rows] == ["信息学院", "信息学院"]
    assert "“信息学院”" in sheet.notes[3][0][1]
    assert 2 not in sheet.notes


def test_a_merged_phone_is_nobody_elses():
    content = saved(
        (*NEEDED, "手机号"),
        ("T1", "张三", NUMBER, "13900001234"),
        ("T2", "李四", OTHER, None),
        merged=["D2:D3"],
    )
    sheet = read(content)
    assert "手机号" not in sheet.rows[1][1]
    assert "合并" in sheet.broken[3]["手机号"][0]


def test_rows_of_nothing_but_a_merged_cell_are_no_people():
    content = saved((*NEEDED, "部门"), ("T1", "张三", NUMBER, "信息学院"), merged=["D2:D9"])
    assert len(read(content).rows) == 1


def test_a_cell_too_many_is_a_shifted_row_not_a_dropped_one():
    content = text((*NEEDED, "常住地址"), ("T1", "张三", NUMBER, "柳泉路12号", "3单元"))
    assert "错了位" in read(content).broken[2]["整行"][0]


def test_nothing_that_is_left_out_is_left_out_silently():
    book = saved(
        (*NEEDED, "", "备注"),
        ("T1", "张三", NUMBER, "无表头", ""),
        NEEDED,
        (None, None, None, None, "制表人"),
    )
    sheet = read(book)
    assert len(sheet.rows) == 1
    assert sheet.unknown_columns == ["备注"]
    assert [remark[:4] for remark in sheet.remarks] == ["第 2 ", "第 3 ", "第 4 "]


def test_other_sheets_that_are_not_read_are_named():
    book = Workbook()
    for row in (NEEDED, ("T1", "张三", NUMBER)):
        book.active.append(list(row))
    book.create_sheet("说明").append(["填写说明"])
    book.create_sheet("空的")
    content = io.BytesIO()
    book.save(content)
    assert read(content.getvalue()).remarks == ["没有读的工作表：说明。"]


def test_two_columns_that_could_be_the_same_one_are_not_guessed():
    content = saved(("工号", "姓名", "身份证号", "证件号码"), ("T1", "张三", NUMBER, OTHER))
    assert "缺少这些列：社会保障号码" in refusal(content).message


def test_people_without_headings_are_not_taken_for_headings():
    assert (
        "没有表头，第一行就是人员"
        in refusal(text(("T1", "张三", NUMBER), ("T2", "李四", OTHER))).message
    )


def test_a_column_far_to_the_right_is_named():
    content = saved(NEEDED, ("T1", "张三", NUMBER, *[None] * 70, "x"))
    assert read(content).remarks == ["第 2 行有内容在很靠右的列里，没有读。"]


def test_rows_that_a_filter_hides_are_read_and_named():
    book = Workbook()
    for row in (NEEDED, ("T1", "张三", NUMBER), ("T2", "李四", OTHER)):
        book.active.append(list(row))
    book.active.row_dimensions[3].hidden = True
    content = io.BytesIO()
    book.save(content)
    sheet = read(content.getvalue())
    assert len(sheet.rows) == 2
    assert sheet.remarks == ["第 3 行在表格里是隐藏的（例如被筛选掉），也读了，请核对。"]


@pytest.mark.parametrize(
    "below",
    [
        [("合计", None, "1 人")],
        [("制表人：李某",), ("审核人：", "王某", "2026年11月")],
        [(), ("备注：含返聘人员",), ("注",)],
        [("共计 1 人",)],
    ],
)
def test_totals_and_signatures_below_the_list_are_nobody_and_are_named(below):
    sheet = read(saved(NEEDED, ("T1", "张三", NUMBER), *below))
    assert [line for line, _ in sheet.rows] == [2]
    assert any("制表人一类的说明，没有当作人员" in remark for remark in sheet.remarks)


@pytest.mark.parametrize("first", ["注册处1", "T1", "审核员王五", "合计"])
def test_who_has_a_number_is_somebody(first):
    sheet = read(saved(NEEDED, (first, "张三", NUMBER)))
    assert [line for line, _ in sheet.rows] == [2]


def in_columns(*rows, hidden):
    """A workbook of `rows` whose columns `hidden`, by their letters, are hidden."""
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    for letter in hidden:
        book.active.column_dimensions[letter].hidden = True
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_columns_that_are_hidden_are_read_and_named():
    rows = (*NEEDED, "部门", "备注"), ("T1", "张三", NUMBER, "旧部门", "x")
    sheet = read(in_columns(*rows, hidden="DE"))
    assert sheet.rows[0][1]["部门"] == "旧部门"
    assert sheet.remarks == ["在表格里隐藏的列也读了，请核对：部门。"]


def two_sheets(hidden_rows):
    book = Workbook()
    for row in (NEEDED, ("T1", "张三", NUMBER)):
        book.active.append(list(row))
    hidden = book.create_sheet("旧名单")
    for row in hidden_rows:
        hidden.append(list(row))
    hidden.sheet_state = "hidden"
    return book


@pytest.mark.parametrize(
    ("rows", "remarks"),
    [
        ([NEEDED, ("T2", "李四", OTHER)], ["没有读的工作表：旧名单（隐藏的）。"]),
        ([("男", "女"), ("汉族", "回族")], []),
    ],
)
def test_a_hidden_sheet_is_named_where_it_looks_like_a_roster(rows, remarks):
    content = io.BytesIO()
    two_sheets(rows).save(content)
    assert read(content.getvalue()).remarks == remarks


def test_a_roster_on_a_hidden_sheet_only_is_called_hidden():
    book = two_sheets([NEEDED, ("T2", "李四", OTHER)])
    book.active.delete_rows(1, 2)
    content = io.BytesIO()
    book.save(content)
    assert "是隐藏的：旧名单" in refusal(content.getvalue()).message


def test_a_list_far_to_the_right_is_not_called_empty():
    gap = (None,) * 61
    assert "更靠右" in refusal(saved((*gap, *NEEDED), (*gap, "T1", "张三", NUMBER))).message


def test_a_date_among_the_headings_makes_no_person_of_them():
    content = saved((*NEEDED, "20261101 在岗"), ("T1", "张三", NUMBER, "是"))
    assert read(content).unknown_columns == ["20261101 在岗"]


@pytest.mark.parametrize("mark", ["无", "—", "/", "N/A", "null", "——"])
def test_a_mark_for_nothing_is_no_department_and_the_reader_says_so(mark):
    sheet = read(saved((*NEEDED, "部门"), ("T1", "张三", NUMBER, mark)))
    assert "部门" not in sheet.rows[0][1]
    assert sheet.remarks == ["第 2 行有格子写着“无”“—”一类，当作没有填。"]


def test_that_somebody_has_no_card_is_an_answer():
    sheet = read(saved((*NEEDED, "已有社保卡"), ("T1", "张三", NUMBER, "无")))
    assert sheet.rows[0][1]["已有社保卡"] == "无"
    assert sheet.remarks == []
