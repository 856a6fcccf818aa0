import pytest
from django.core.exceptions import ValidationError

from apps.typed_text import names


@pytest.mark.parametrize("dot", "•・‧∙．⋅･.·●⸱⸳ꞏ·⦁◦▪˙˚°ºㆍᐧ𐄁\u302e﹒․。｡")
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
        ("张㍻", "characters"),
        ("Smith™", "characters"),
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


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("ＪＯＨＮ　ＳＭＩＴＨ", "JOHN SMITH"),
        ("JEAN-PIERRE", "JEAN-PIERRE"),
        ("Jean — Pierre", "Jean-Pierre"),
        ("ＪＥＡＮ－ＰＩＥＲＲＥ", "JEAN-PIERRE"),
        ("O’Example", "O'Example"),
        ("O ` Example", "O'Example"),
        ("JOSE\u0301\u00a0GARCI\u0301A", "JOSÉ GARCÍA"),
        ("Nguyễn Thị Mai", "Nguyễn Thị Mai"),
        ("Z\u030c\u0300ivko", "Ž\u0300ivko"),
        ("J. R. R. Example", "J R R Example"),
        ("St.John", "St John"),
        ("A.艾力", "A·艾力"),
        ("张⽂", "张文"),
        ("陈⻓安", "陈长安"),
        ("⻩⻢⻰", "黄马龙"),
        ("⾦\ufa0e", "金\ufa0e"),
        ("\uf90a", "金"),
        ("ﾔﾏﾀﾞ ﾊﾅｺ", "ヤマダハナコ"),
        ("ﬁn", "fin"),
        ("\u202e张\u200d\u00a0超\ufeff\u2060", "张超"),
        ("张\u034f超\u3164\u115f\uffa0", "张超"),
        ("李\x00\x1b四", "李四"),
        ("Иван\u2003Петров", "Иван Петров"),
    ],
)
def test_one_spelling_is_stored(typed, stored):
    assert names.normalise(typed) == stored
    names.check(stored)
    assert names.normalise(stored) == stored


@pytest.mark.parametrize("typed", ["\u3164", "\u200b\u2060", "\u2800", "\x00", "\u00ad", "\u180e"])
def test_a_name_of_invisible_marks_is_none(typed):
    assert names.normalise(typed) == ""


@pytest.mark.parametrize(
    ("typed", "character", "advice"),
    [
        ("张１", "１", "删去"),
        ("张①", "①", "删去"),
        ("武0", "0", "〇"),
        ("武○", "○", "〇"),
        ("张超（大）", "（", "括号"),
        ("张？", "？", "生僻字"),
        ("张□", "□", "生僻字"),
        ("张\ufffd", "\ufffd", "生僻字"),
        ("张—超", "—", "「·」"),
        ("张超、李丽", "、", "一个人"),
        ("张'超", "'", "外文字母"),
        ("张超✓", "✓", "删去"),
        ("张\u0301超", "\u0301", "字母"),
        ("张ˇ超", "ˇ", "删去"),
    ],
)
def test_a_refusal_says_which_character_and_what_to_type_instead(typed, character, advice):
    with pytest.raises(ValidationError) as refused:
        names.check(names.normalise(typed))
    assert character in refused.value.message
    assert advice in refused.value.message
    assert refused.value.message.endswith("。")


@pytest.mark.parametrize(
    ("typed", "words"),
    [("张\ue863", "第 2 个字"), ("张\ue863", "请改成「䶮」"), ("\ue837某", "请改成「䌷」")]
    + [("张\ue000", "请换新的输入法")],
)
def test_a_character_of_an_old_font_is_told_its_ordinary_one(typed, words):
    with pytest.raises(ValidationError) as refused:
        names.check(names.normalise(typed))
    assert words in refused.value.message


def test_marks_are_not_piled_up():
    with pytest.raises(ValidationError):
        names.check(names.normalise("a" + "\u0301" * 5))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("JEAN-PIERRE EXAMPLE", "Example Jean Pierre"),
        ("O'EXAMPLE", "Oexample"),
        ("Müller", "MUELLER"),
        ("阿卜杜·买买提", "阿卜杜买买提"),
        ("José", "JOSE"),
    ],
)
def test_the_usual_spellings_of_one_name_are_the_same(one, other):
    assert names.is_same(one, other)
    assert names.is_same(other, one)


def test_another_name_is_not_the_same():
    assert not names.is_same("张超", "张超超")
    assert not names.is_same("JEAN", "JEANNE")
    assert not names.is_same("", "张超")
