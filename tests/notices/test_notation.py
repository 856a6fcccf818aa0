"""The notation in which supervisors read and write the words of messages."""

import pytest
from django.conf import settings

from apps.events.messages import Condition, Placeholder
from apps.notices import notation, table

WORDS = notation.Vocabulary(
    {"谁的": Placeholder("whose", "谁的", "您的"), "卡号": Placeholder("number", "卡号", "*1058")},
    {name: Condition(code, name) for name, code in {"已缴费": "is_paid", "补换": "again"}.items()},
)


def read(text):
    return notation.parsed(text, WORDS)


def test_the_program_s_words_go_into_the_notation_and_back():
    """So every expression and condition of every room's templates has a name."""
    for message in (*table.messages(), *table.texts()):
        text, vocabulary = table.program_words(message)
        source = (settings.BASE_DIR / "templates" / message.template).read_text().strip()
        for name, value in message.words:
            source = source.replace(f"{{{{ {name} }}}}", value)
        assert notation.compiled(notation.parsed(text, vocabulary)) == source, message.key


def test_alternatives_become_a_template_and_examples():
    parts = read("{如果 已缴费}已付{或者 补换}补换{否则}没有{完}，｛ 谁的 ｝卡 {卡号}。")
    assert notation.compiled(parts) == (
        "{% autoescape off %}{% if is_paid %}已付{% elif again %}补换{% else %}没有{% endif %}，"
        "{{ whose }}卡 {{ number }}。{% endautoescape %}"
    )
    assert notation.examples(parts) == [
        (("已缴费",), "已付，您的卡 *1058。"),
        (("补换",), "补换，您的卡 *1058。"),
        ((), "没有，您的卡 *1058。"),
    ]
    assert notation.for_provider(parts) is None
    assert notation.for_provider(read("{谁的}卡 {卡号}，{谁的}。")) == "${p1}卡 ${p2}，${p1}。"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{身份证号}", "没有「{身份证号}」。能用的：{谁的}、{卡号}。"),
        ("{event.by.holder.id_number}", "没有「{event.by.holder.id_number}」"),
        ("{{ event.by }}", "多了一个「{」"),
        ("{% debug %}", "没有「{% debug %}」"),
        ("{# 谁的 #}", "没有「{# 谁的 #}」"),
        ("{谁的", "多了一个「{」"),
        ("{如果 下雨}伞{完}", "没有条件「下雨」。能用的：已缴费、补换。"),
        ("{如果 已缴费}好", "少了「{完}」"),
        ("好{完}", "多了一个「{完}」"),
        ("好{否则}", "「{否则}」的位置不对"),
        ("{如果 已缴费}好{否则}坏{或者 补换}坏{完}", "「{或者}」的位置不对"),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(text, said):
    with pytest.raises(notation.UnreadableWords) as refused:
        read(text)
    assert any(said in problem for problem in refused.value.problems)
