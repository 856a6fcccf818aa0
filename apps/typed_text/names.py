"""Names, of every ethnic group and of people from abroad: one spelling to store, one to compare.

The dot in a name is U+00B7 (民委发〔2016〕33号); keyboards produce many others. Rare characters lie
outside the basic block, some in planes that this Python has no names for yet, so no short range of
code points is used to judge a character. Names in Latin letters keep hyphen, apostrophe, accents
and the spaces between words.
"""

import re
import unicodedata
from itertools import chain

from django.core.exceptions import ValidationError

from apps.typed_text.plain_text import visible

LONGEST = 50
DOT = "·"

# --- One spelling to store ------------------------------------------------------------------------

_DOTS = "•・‧∙⋅･●⸱⸳᛫ꞏ·⦁◦∘▪⚫⚬˙˚°ºㆍᆞᐧ𐄁\u302e﹒․．.｡。"
# Full stops. After a Latin initial they stay; elsewhere they were typed for the dot.
_STOPS = "﹒․．.｡。"
_DASHES = "‐‑‒–—―−﹣－⁃˗﹘-"
_APOSTROPHES = "’‘‛ʼʻʹʾʿˈ′＇`´'"
_LATIN = "A-Za-zÀ-ÖØ-öø-ʯḀ-ỿ\u0300-\u036f"
_HAN = "〇\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TO_DOT = str.maketrans(dict.fromkeys(_DOTS, DOT))
_END_OF_INITIAL = re.compile(rf"(?<=[{_LATIN}]) *[{_STOPS}](?! *[{_HAN}])")
_HYPHEN = re.compile(rf"(?<=[{_LATIN}]) *[{_DASHES}] *(?=[{_LATIN}])")
_APOSTROPHE = re.compile(rf"(?<=[{_LATIN}]) *[{_APOSTROPHES}](?: *(?=[{_LATIN}]))?")


def normalise(text):
    """`text` as it is stored: half-width, ordinary characters, one kind of dot, of hyphen and of
    apostrophe, without invisible marks, and with spaces only between words of an alphabet.

    Characters that are not allowed in a name stay, so that the error message can show them.
    """
    words = " ".join(visible(text).split())
    words = _APOSTROPHE.sub("'", _half_width(words))
    words = _HYPHEN.sub("-", _END_OF_INITIAL.sub(" ", words)).translate(_TO_DOT)
    ordinary = "".join(_ordinary(character) for character in words)
    ordinary = unicodedata.normalize("NFC", ordinary)
    return " ".join(_without_spaces_beside_characters(ordinary).split())


def _half_width(text):
    """`text` with half-width letters. First step, because signs between Latin letters differ."""
    return "".join(
        unicodedata.normalize("NFKC", character)
        if 0xFF21 <= ord(character) <= 0xFF5A
        else character
        for character in text
    )


def _ordinary(character):
    """The ordinary letters for one of compatibility (ｱ, ﬁ, Ⅷ), else the character itself.

    A sign that stands for words (™, ㍻) is no letter.
    """
    is_letter = unicodedata.category(character) in _LETTERS
    return unicodedata.normalize("NFKC", character) if is_letter else character


def _without_spaces_beside_characters(text):
    """`text` without the spaces that do not stand between two words of an alphabet."""
    return re.sub(
        r"(?P<before>.) (?=(?P<after>.))",
        lambda found: (
            found["before"]
            + (" " if _is_spaced(found["before"]) and _is_spaced(found["after"]) else "")
        ),
        text,
    )


def _is_spaced(character):
    """Whether words of the script of `character` are set apart by spaces."""
    if character in "-'":
        return True
    is_letter = unicodedata.category(character)[0] in "LM"
    return is_letter and not _is_ideograph(character) and not _is_kana(character)


def _is_ideograph(character):
    return re.fullmatch(f"[{_HAN}]", character) is not None


def _is_kana(character):
    return unicodedata.name(character, "").startswith(("HIRAGANA", "KATAKANA", "BOPOMOFO"))


# --- What can be taken ----------------------------------------------------------------------------

_RARE = (
    "这多半是生僻字没有显示出来。请换能输入生僻字的输入法重新输入这个字，输不出来的请联系人事处。"
)
_ADVICE = {
    **dict.fromkeys("0０○◯⚪", "姓名里读作“零”的字请输入「〇」；不是这个字的，请删去。"),
    **dict.fromkeys("()（）[]【】<>〈〉《》{}「」", "请去掉括号和括号里的字，只填身份证上的姓名。"),
    **dict.fromkeys("?？□■◻*＊※\ufffd〓", _RARE),
    **dict.fromkeys(_DASHES + "_~～＿", "汉字之间请用间隔号「·」，外文字母之间用「-」。"),
    **dict.fromkeys(
        ",，、;；/／|\\＼&＆+＋", "请只填一个人的姓名；姓名中间要隔开的，请用间隔号「·」。"
    ),
    **dict.fromkeys(_APOSTROPHES + '"“”＂', "这个符号只能跟在外文字母后面，请删去或核对。"),
}
# The codes that old fonts gave to 80 characters of GBK before Unicode had them. In GB 18030 they
# have the bytes FE50 to FEA0; those that Python decodes are known by their character.
_BYTES = [*range(0x50, 0x7F), *range(0x80, 0xA1)]
_OF_OLD_CODES = {
    chr(0xE815 + place): character
    for place, byte in enumerate(_BYTES)
    if unicodedata.category(character := bytes([0xFE, byte]).decode("gb18030"))[0] == "L"
}
_LETTERS = {"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nl", "Zs"}
_MOST_MARKS = 2  # accents on one letter: Vietnamese has two


def check(text):
    """Raise ValidationError unless `text`, normalised before, can be a name."""
    if not text:
        raise ValidationError("请填写姓名。", code="empty")
    if len(text) > LONGEST:
        raise ValidationError(f"姓名最多 {LONGEST} 个字，您填了 {len(text)} 个。", code="length")
    if text.startswith(DOT) or text.endswith(DOT) or DOT * 2 in text:
        raise ValidationError("姓名中的「·」只能在两个字之间，且不能连写。", code="dot")
    for place, character in enumerate(text):
        if unicodedata.category(character) == "Co":
            ordinary = _OF_OLD_CODES.get(character)
            instead = f"请改成「{ordinary}」" if ordinary else "请换新的输入法重新输入这个字"
            raise ValidationError(
                f"姓名中的第 {place + 1} 个字是生僻字，用旧的内码输入，别的系统认不出来。"
                f"{instead}，输不出来的请联系人事处。",
                code="private_use",
            )
        if not _can_stand(character, before=text[:place]):
            raise ValidationError(_refusal(character), code="characters")


def _refusal(character):
    if unicodedata.category(character)[0] == "M":
        return f"姓名中的「◌{character}」不在字母上面，或者太多。请按证件上的姓名重新填写。"
    advice = _ADVICE.get(character, "请删去，或换成身份证上的字。")
    return f"姓名中不能有「{character}」这样的数字或符号。{advice}"


def _can_stand(character, *, before):
    category = unicodedata.category(character)
    if category[0] == "M":
        return _can_take_a_mark(before)
    if character in "-'":
        return re.search(rf"[{_LATIN}]$", before) is not None
    return (
        character in f"{DOT} 〇"
        # The modifiers of letters are signs of phonetics, tones and the like.
        or (category[0] == "L" and not 0x02B0 <= ord(character) <= 0x02FF)
        or 0x20000 <= ord(character) <= 0x3FFFF  # the ideographic planes, assigned or not yet
    )


def _can_take_a_mark(before):
    """Whether `before` ends with a letter of an alphabet that can take one more accent."""
    letter = before.rstrip("".join(c for c in before if unicodedata.category(c)[0] == "M"))
    is_spaced = bool(letter) and _is_spaced(letter[-1])
    return is_spaced and len(before) - len(letter) < _MOST_MARKS


# --- To compare and to search ---------------------------------------------------------------------

_BASE_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i", "ħ": "h"}
)
_BETWEEN = re.compile(rf"[ '{DOT}-]")
_MOST_ORDERS = 4
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


def key(text):
    """One key for all usual spellings of a name: no case, accents, spaces, dots or hyphens."""
    letters = unicodedata.normalize("NFKD", normalise(text).casefold()).translate(_BASE_LETTERS)
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", _BETWEEN.sub("", plain))


def spellings(text):
    """The keys under which a name that is typed as `text` may be stored.

    Its words in either order (family name first or last), and umlauts written with an e or not.
    """
    words = normalise(text).split()
    orders = [words[turn:] + words[:turn] for turn in range(len(words))]
    names = [" ".join(order) for order in orders[:_MOST_ORDERS]]
    umlauts = (
        (name, name.casefold().translate(_UMLAUTS), re.sub("(?<=[aou])e", "", name.casefold()))
        for name in names
    )
    return {key(name) for name in chain.from_iterable(umlauts)} - {""}


def is_same(one, other):
    """Whether two spellings can be the name of one person."""
    return key(one) == key(other) or not spellings(one).isdisjoint(spellings(other))
