import pytest
from django.core.exceptions import ValidationError

from apps.common import names


@pytest.mark.parametrize("dot", "•・‧∙．⋅･.·")
def test_every_dot_that_a_keyboard_makes_becomes_the_one_of_the_standard(dot):
    assert names.normalise(f"阿卜杜 {dot} 买买提") == "阿卜杜·买买提"


@pytest.mark.parametrize(
    "name",
    ["张超", "㐀䶮", "𠮷田", "\U000323af某", "武〇", "买买提·艾力", "Smith John", "赵C", "李"],
)
def test_real_names_pass(name):
    names.check(names.normalise(name))


def test_spaces_and_invisible_marks_are_dropped_but_not_between_latin_words():
    assert names.normalise(" 张　 超\u200b\ufe00 ") == "张超"
    assert names.normalise("Smith   John ") == "Smith John"


def test_a_compatibility_character_is_stored_as_the_ordinary_one():
    assert names.normalise("\uf98a") == "力"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("", "empty"),
        ("·张", "dot"),
        ("张·", "dot"),
        ("买··提", "dot"),
        ("张超1", "characters"),
        ("张(超)", "characters"),
        ("张😀", "characters"),
        ("张" * 51, "length"),
        ("张\ue863", "private_use"),
    ],
)
def test_what_is_no_name_is_refused_with_a_sentence(name, code):
    with pytest.raises(ValidationError) as refused:
        names.check(names.normalise(name))
    assert refused.value.code == code
    assert refused.value.message.endswith("。")


def test_fifty_characters_are_a_name():
    names.check("张" * 50)
