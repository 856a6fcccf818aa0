import pytest

from apps.common import masks


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张超", "*超"),
        ("欧阳小超", "***超"),
        ("超", "*"),
        ("", ""),
        ("买买提·艾力", "*****力"),
        ("阿卜杜热合曼·麦麦提吐尔逊·阿布都克里木·买买提明江", "*****江"),
        ("कमला देवी", "*****वी"),
    ],
)
def test_of_a_name_the_last_character_stays(name, shown):
    assert masks.name(name) == shown


def test_numbers_show_their_ends():
    assert masks.id_number("379999198506150151") == "379***********0151"
    assert masks.phone("13812341234") == "138****1234"
    assert masks.card_number("C12341058") == "*****1058"


@pytest.mark.parametrize("mask", [masks.id_number, masks.phone, masks.card_number])
@pytest.mark.parametrize("value", ["1", "1234", "12345678", "1" * 20, "1" * 60])
def test_a_value_of_a_wrong_length_shows_nothing(mask, value):
    assert mask(value) == "***"


@pytest.mark.parametrize("mask", [masks.id_number, masks.phone, masks.card_number, masks.address])
def test_nothing_stays_nothing(mask):
    assert mask("") == ""


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("山东省淄博市张店区共青团西路 88 号", "山东省淄博市张店区***"),
        ("北京市朝阳区建国路88号1单元501室", "北京市朝阳区***"),
        ("内蒙古自治区呼和浩特市赛罕区大学西街235号", "内蒙古自治区呼和浩特市赛罕区***"),
        ("贵州省黔东南苗族侗族自治州凯里市开怀街道1号", "贵州省黔东南苗族侗族自治州凯里市***"),
        ("市南区香港中路10号", "市南区***"),
        ("山东省青岛市市南区香港中路10号", "山东省青岛市市南区***"),
        ("平阴县翠屏街9号", "平阴县***"),
        ("共青团西路88号市民公寓", "***"),
        ("88号", "***"),
        ("\n", "***"),
    ],
)
def test_an_address_is_shown_as_far_as_the_district(address, shown):
    assert masks.address(address) == shown
