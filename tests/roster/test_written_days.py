"""Birth dates in all ways of writing: read where they can mean one day only, else asked about."""

from datetime import date

import pytest

from apps.roster import written_days
from apps.roster.staff_form import StaffForm
from apps.roster.written_days import NoDay
from tests.factories.cards import AT
from tests.factories.people import make_id_number

DAY = date(1979, 3, 4)
SURE = [
    "1979-03-04",
    "1979/3/4",
    "1979.03.04.",
    "１９７９．３．４",
    "1979。3。4",
    "1979、3、4",
    "1979—3—4",
    "1979 03 04",
    "19790304",
    "1979年3月4日",
    "1979年 3月 4号",
    "公历1979年3月4日（星期日）",
    "1979-03-04 08:30",
    "1979年3月4日 0:00:00",
    "一九七九年三月四日",
    "民国68年3月4日",
    "中華民國六十八年三月四日",
    "4-Mar-1979",
    "4-三月-1979",
    "Sunday, March 4th, 1979",
    "1979-Mar-4",
]
WITH_A_DOUBT = {
    "4-Mar-79": "年份只有两位",
    "4-三月-79": "年份只有两位",
    "79.3.4": "年份只有两位",
    "79年3月4日": "年份只有两位",
    "790304": "年份只有两位",
    "3/4/79": "年份只有两位",
    "03/04/1979": "哪个是月",
    "4.3.1979": "哪个是月",
    "1979年3月": "缺哪一天",
    "1979.3": "缺哪一天",
    "197903": "缺哪一天",
    "Mar-79": "缺哪一天",
}


@pytest.mark.parametrize("text", SURE)
def test_what_can_mean_one_day_only_is_that_day(text):
    assert written_days.read(text).day == DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("15/6/1985", date(1985, 6, 15)),
        ("6/15/1985", date(1985, 6, 15)),
        ("4/4/1979", date(1979, 4, 4)),
        ("一九八五年十二月二十三日", date(1985, 12, 23)),
        ("1985年十月廿日", date(1985, 10, 20)),
    ],
)
def test_where_no_month_can_be_the_day_the_order_is_clear(text, day):
    assert written_days.read(text).day == day


@pytest.mark.parametrize("text", WITH_A_DOUBT)
def test_what_may_mean_several_days_is_none_of_them_and_says_why(text):
    written = written_days.read(text)
    assert written.day is None
    assert WITH_A_DOUBT[text] in written.doubt
    assert written.can_be(DAY)
    assert not written.can_be(date(1979, 5, 4))
    assert not written.can_be(date(1980, 3, 4))


@pytest.mark.parametrize(
    "text",
    [
        "1979-02-30",
        "1979",
        "3月4日",
        "3.4",
        "28918",
        "1850-03-04",
        "10000年3月4日",
        "农历1979年二月初六",
        "1979-03-03T16:00:00Z",
        "Mai 4 1979",
        "2.3.4.5",
        "廿三日",
        "不详",
        "---",
    ],
)
def test_what_means_no_day_is_refused(text):
    with pytest.raises(NoDay):
        written_days.read(text)


# --- In a row ------------------------------------------------------------------------------------


def form(**row):
    person = {"employee_number": "T1", "name": "张三"}
    return StaffForm(person | row, at=AT)


def of_resident(text):
    return form(id_number=make_id_number(birth_date=DAY), birth_date=text)


def of_foreigner(text):
    return form(id_type="护照", id_number="E12345678", nationality="FRA", sex="男", birth_date=text)


@pytest.mark.parametrize("text", [*SURE, *WITH_A_DOUBT])
def test_beside_an_id_number_it_is_enough_that_the_day_agrees(text):
    row = of_resident(text)
    assert not row.errors
    assert row.cleaned_data["birth_date"] == DAY
    assert bool(row.notes) == (text in WITH_A_DOUBT)


@pytest.mark.parametrize("text", ["5-Mar-79", "80.3.4", "1979年4月", "民国79年3月4日"])
def test_a_day_that_the_id_number_contradicts_is_refused_however_it_is_written(text):
    assert "不一致" in of_resident(text).errors["birth_date"][0]


@pytest.mark.parametrize("text", SURE)
def test_without_such_a_number_a_sure_day_is_read(text):
    row = of_foreigner(text)
    assert not row.errors
    assert row.cleaned_data["birth_date"] == DAY


@pytest.mark.parametrize("text", WITH_A_DOUBT)
def test_without_such_a_number_a_doubt_is_a_question_with_advice(text):
    [reason] = of_foreigner(text).errors["birth_date"]
    assert WITH_A_DOUBT[text] in reason
    assert reason.endswith("请写成 1985-06-15 的样子。")
