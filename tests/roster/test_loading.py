from datetime import UTC, date, datetime

import pytest
from PIL import Image

from apps.encryption.fields import blind_index
from apps.people.enums import EntryOutcome
from apps.people.models import Holder, User
from apps.roster import loading
from apps.sheets.cells import UnreadableSheet
from tests.factories.people import make_holder, make_id_number, make_user

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
NUMBER = make_id_number(birth_date=date(1985, 6, 15), sex="1", sequence=11)
OTHER_NUMBER = make_id_number(birth_date=date(1990, 1, 2), sex="2", sequence=12)
HEADINGS = (
    "工号,姓名,证件类型,社会保障号码,性别,出生日期,民族,手机号,部门,职业类别,常住地址,已有社保卡"
)
FULL_ROW = (
    f"t2021007,张 超,居民身份证,{NUMBER},男,1985/6/15,汉族,139-0000-1234,信息学院,"
    "专业、技术人员,山东省淄博市张店区柳泉路12号,否"
)


def load(text, *, encoding="utf-8", whole=False, folder=None):
    return loading.load(
        content=text.encode(encoding) if isinstance(text, str) else text,
        photo_folder=folder,
        is_all_or_nothing=whole,
        by=None,
        at=AT,
    )


def row(*, number=NUMBER, employee="T1", name="张超", **cells):
    """A file of one row with the needed columns and `cells` (heading → value)."""
    headings = ["工号", "姓名", "社会保障号码", *cells]
    return f"{','.join(headings)}\n{','.join([employee, name, number, *cells.values()])}\n"


def problems(report):
    return [(problem.line, problem.column) for problem in report.problems]


def test_a_full_row_becomes_a_person_with_an_account_and_no_password():
    report = load(f"{HEADINGS}\n{FULL_ROW}\n")
    assert report.problems == []
    holder = Holder.objects.get()
    assert (holder.name, holder.id_number, holder.sex) == ("张超", NUMBER, "1")
    assert (holder.birth_date, holder.ethnicity) == (date(1985, 6, 15), "01")
    assert (holder.phone, holder.occupation) == ("13900001234", "2000000")
    assert (holder.department, holder.has_card_elsewhere) == ("信息学院", False)
    assert holder.address == "山东省淄博市张店区柳泉路12号"
    assert holder.user.employee_number == "T2021007"
    assert not holder.user.has_usable_password()


def test_the_three_needed_columns_are_enough():
    load(row())
    holder = Holder.objects.get()
    assert (holder.birth_date, holder.sex, holder.id_type) == (date(1985, 6, 15), "1", "A")
    assert (holder.phone, holder.ethnicity) == ("", "")


def test_loading_again_changes_nothing():
    load(f"{HEADINGS}\n{FULL_ROW}\n")
    report = load(f"{HEADINGS}\n{FULL_ROW}\n")
    assert report.entered == dict.fromkeys(EntryOutcome, 0) | {EntryOutcome.UNCHANGED: 1}
    assert (Holder.objects.count(), User.objects.count()) == (1, 1)


def test_a_changed_cell_is_taken_over_and_an_empty_one_keeps_what_was_there():
    load(f"{HEADINGS}\n{FULL_ROW}\n")
    report = load(row(employee="T2021007", 手机号="13900005678", 部门="", 常住地址=""))
    assert report.entered[EntryOutcome.UPDATED] == 1
    holder = Holder.objects.get(phone_index=blind_index("13900005678"))
    assert (holder.department, holder.address[:3]) == ("信息学院", "山东省")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le-with-mark"]
)
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_files_of_every_spreadsheet_program_are_read(encoding, separator):
    text = f"{HEADINGS}\n{FULL_ROW}\n".replace(",", separator).replace("\n", "\r\n")
    if encoding == "utf-16-le-with-mark":
        report = load(b"\xff\xfe" + text.encode("utf-16-le"))
    else:
        report = load(text, encoding=encoding)
    assert (report.problems, report.entered[EntryOutcome.CREATED]) == ([], 1)


def test_a_rare_character_survives_gb18030():
    load(row(name="𠮷䶮"), encoding="gb18030")
    assert Holder.objects.get().name == "𠮷䶮"


@pytest.mark.parametrize("spelling", ['"=""{}"""', "'{}", " {} ", '"{}"'])
def test_ways_to_protect_long_numbers_in_a_spreadsheet_are_understood(spelling):
    report = load(row(number=spelling.format(NUMBER)))
    assert report.problems == []


def test_empty_lines_are_skipped_and_lines_are_counted_as_an_editor_does():
    text = f"\n{HEADINGS}\n,,,,,,,,,,,\n\n{FULL_ROW}\nT2,,,{OTHER_NUMBER},,,,,,,,\n"
    assert problems(load(text)) == [(6, "姓名")]


def test_a_cell_with_a_line_break_does_not_shift_the_count():
    text = f'工号,姓名,社会保障号码,部门\nT1,张超,{NUMBER},"信息\n学院"\nT2,,{OTHER_NUMBER},\n'
    assert problems(load(text)) == [(4, "姓名")]


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"employee": ""}, "工号", "请填写工号"),
        ({"name": "张超1"}, "姓名", "数字或符号"),
        ({"number": NUMBER[:17] + "?"}, "社会保障号码", "数字"),
        ({"number": NUMBER[:17]}, "社会保障号码", "18 位"),
        ({"number": "3.79999E+17"}, "社会保障号码", "科学计数法"),
        ({"性别": "女"}, "性别", "不一致"),
        ({"性别": "不详"}, "性别", "代码表"),
        ({"出生日期": "1985-06-16"}, "出生日期", "不一致"),
        ({"出生日期": "1985-02-30"}, "出生日期", "真实的日期"),
        ({"民族": "火星族"}, "民族", "代码表"),
        ({"手机号": "12345"}, "手机号", "11 位"),
        ({"手机号": "1.39E+10"}, "手机号", "科学计数法"),
        ({"职业类别": "7000000"}, "职业类别", "代码表"),
        ({"证件类型": "驾驶证"}, "证件类型", "代码表"),
        ({"已有社保卡": "也许"}, "已有社保卡", "是"),
        ({"照片": "../../secret.jpg"}, "照片", "文件名"),
        ({"照片": "a.jpg"}, "照片", "--photos"),
        ({"初始密码": "12345"}, "初始密码", "密码"),
        ({"number": make_id_number(birth_date=date(2011, 1, 1))}, "出生日期", "未满 16 周岁"),
    ],
)
def test_what_is_wrong_is_named_by_line_column_and_reason(cells, column, words):
    report = load(row(**cells))
    assert {(2, column)} == set(problems(report))
    assert any(words in problem.reason for problem in report.problems)
    assert Holder.objects.count() == 0


@pytest.mark.parametrize(
    ("written", "code"), [("01", "01"), ("1", "01"), ("汉", "01"), ("汉族", "01"), ("土家", "15")]
)
def test_codes_are_understood_as_people_write_them(written, code):
    load(row(民族=written))
    assert Holder.objects.get().ethnicity == code


def test_a_passport_tells_neither_birth_date_nor_sex_nor_country():
    report = load(row(number="E12345678", 证件类型="护照"))
    assert {column for _, column in problems(report)} == {"性别", "出生日期", "国籍"}
    report = load(row(number="e12345678", 证件类型="C", 性别="女", 出生日期="19900102", 国籍="FRA"))
    assert report.problems == []
    assert Holder.objects.get().id_number == "E12345678"


def test_rows_that_repeat_another_one_of_the_file_are_refused():
    text = (
        "工号,姓名,社会保障号码,手机号\n"
        f"T1,张超,{NUMBER},13900001234\n"
        f"t1,李强,{OTHER_NUMBER},\n"
        f"T3,王芳,{NUMBER.lower()},139 0000 1234\n"
    )
    report = load(text)
    assert problems(report) == [(3, "工号"), (4, "社会保障号码"), (4, "手机号")]
    assert "第 2 行" in report.problems[0].reason
    assert Holder.objects.get().name == "张超"


def test_an_employee_number_of_another_person_is_a_conflict():
    make_holder(user=make_user("T1"))
    assert problems(load(row())) == [(2, "工号")]


def test_an_id_number_under_another_employee_number_is_a_conflict():
    make_holder(user=make_user("T9"), id_number=NUMBER)
    assert problems(load(row())) == [(2, "社会保障号码")]
    assert not User.objects.filter(employee_number="T1").exists()


def test_the_phone_of_another_account_is_a_conflict():
    make_holder(phone="13900001234")
    assert problems(load(row(手机号="13900001234"))) == [(2, "手机号")]


def test_a_child_that_became_a_member_of_the_staff_stays_the_same_person():
    child = make_holder(user=False, id_number=NUMBER, phone="")
    report = load(row())
    assert report.entered[EntryOutcome.UPDATED] == 1
    child.refresh_from_db()
    assert child.user.employee_number == "T1"


def test_an_account_that_was_there_without_a_person_is_used():
    user = make_user("T1")
    load(row())
    assert Holder.objects.get().user == user


TWO_ROWS = f"工号,姓名,社会保障号码\nT1,张超,{NUMBER}\nT2,,{OTHER_NUMBER}\n"


def test_the_good_rows_are_kept():
    report = load(TWO_ROWS)
    assert (problems(report), report.entered[EntryOutcome.CREATED]) == ([(3, "姓名")], 1)


def test_or_the_whole_file_is_refused():
    report = load(TWO_ROWS, whole=True)
    assert (problems(report), report.entered[EntryOutcome.CREATED]) == ([(3, "姓名")], 0)
    assert (Holder.objects.count(), User.objects.count()) == (0, 0)


def test_a_conflict_with_what_is_stored_refuses_the_whole_file_too():
    make_holder(user=make_user("T2"))
    report = load(TWO_ROWS.replace("T2,,", "T2,李强,"), whole=True)
    assert (problems(report), report.entered[EntryOutcome.CREATED]) == ([(3, "工号")], 0)
    assert Holder.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空的"),
        (b"\x81\xff\xff\x00\x01", "编码"),
        ("姓名,工号\n张超,T1\n".encode(), "缺少这些列：社会保障号码"),
        ("工号,姓名,社会保障号码,姓名\n".encode(), "重复的列：姓名"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_as_a_whole(content, words):
    with pytest.raises(UnreadableSheet) as refused:
        load(content)
    assert words in refused.value.message


def test_columns_that_are_not_known_are_named_and_left_out():
    assert load(row(工资="9000")).unknown_columns == ["工资"]


def test_no_reason_repeats_a_number_of_a_person():
    text = row(number=NUMBER[:17] + "A", 手机号="1390000123", 常住地址="路" * 101)
    shown = "".join(problem.reason for problem in load(text).problems)
    assert NUMBER[:6] not in shown
    assert "1390000123" not in shown


def test_an_initial_password_is_set_for_a_new_account_only():
    load(row(初始密码="a-first-good-password"))
    assert User.objects.get().check_password("a-first-good-password")
    load(row(初始密码="a-second-good-password"))
    assert User.objects.get().check_password("a-first-good-password")


@pytest.fixture
def folder(tmp_path):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Camera of Zhang"
    Image.new("RGB", (3000, 1500), "red").save(tmp_path / "zhang.jpg", exif=exif)
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8 not a picture")
    Image.new("L", (5, 5)).save(tmp_path / "moving.gif")
    return tmp_path


def test_a_photo_is_turned_reduced_stripped_and_stored_under_our_name(folder):
    load(row(照片="zhang.jpg"), folder=folder)
    holder = Holder.objects.get()
    assert holder.reference_photo.name == f"reference/{holder.reference}.jpg"
    with Image.open(holder.reference_photo) as stored:
        assert (stored.size, stored.format) == ((600, 1200), "JPEG")
        assert not stored.getexif()


def test_the_same_photo_again_changes_nothing_and_another_one_replaces_it(folder):
    load(row(照片="zhang.jpg"), folder=folder)
    first = Holder.objects.get().reference_photo
    load(row(照片="zhang.jpg"), folder=folder)
    assert Holder.objects.get().reference_photo.name == first.name
    Image.new("RGB", (300, 300), "blue").save(folder / "zhang.jpg")
    load(row(照片="zhang.jpg"), folder=folder)
    second = Holder.objects.get().reference_photo
    with Image.open(second) as stored:
        assert stored.size == (300, 300)
    assert second.name == first.name or not first.storage.exists(first.name)


@pytest.mark.parametrize("name", ["nobody.jpg", "broken.jpg", "moving.gif"])
def test_a_photo_that_is_missing_or_none_is_a_problem_of_its_row(folder, name):
    report = load(row(照片=name), folder=folder)
    assert problems(report) == [(2, "照片")]
    assert Holder.objects.count() == 0
