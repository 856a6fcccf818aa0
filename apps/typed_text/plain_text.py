"""Text as people type and paste it: in ordinary characters, without the marks that nobody sees.

A number copied from a chat brings marks of direction along, a name from a PDF file soft hyphens
and fillers, an old form control characters. People cannot see these marks, so they cannot delete
them.
"""

import unicodedata

# Letters and signs by their category, but drawn as nothing: fillers of the Hangul script, joiners,
# and the selectors of a glyph's variant.
_DRAWN_AS_NOTHING = frozenset(
    chr(code)
    for block in (
        range(0x034F, 0x0350),
        range(0x115F, 0x1161),
        range(0x17B4, 0x17B6),
        range(0x180B, 0x1810),
        range(0x3164, 0x3165),
        range(0xFE00, 0xFE10),
        range(0xFFA0, 0xFFA1),
        range(0x1D159, 0x1D15A),
        range(0xE0000, 0xE1000),
    )
    for code in block
)
# The empty cell of Braille, and what separates lines in other systems.
_BLANKS = {0x2800: " ", 0x85: "\n", 0x2028: "\n", 0x2029: "\n"}
_OF_A_LINE = frozenset("\t\n\r")

# Radicals that PDF files put in the place of the character. Unicode takes only those of the Kangxi
# block (⽂) for compatible; the others by its table EquivalentUnifiedIdeograph.
_RADICALS: dict[int, int | str] = {
    **str.maketrans(
        "⺁⺂⺃⺄⺅⺆⺇⺈⺉⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪"
        "⺫⺬⺭⺮⺯⺰⺱⺲⺳⺴⺵⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻀⻁⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒"
        "⻓⻔⻕⻖⻗⻘⻙⻚⻛⻜⻝⻞⻟⻠⻡⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
        "厂乛乚乙亻冂𠘨刀刂卜㔾小小兀尣尢𡯂巳幺彑彐忄心扌攵旡日月歺民氵氺灬爫爫丬牛犭王𤴔"
        "目示礻𥫗糹纟罓罒㓁冗𦉫羊𦍌𦍋耂肀聿肉𦥑艹艹艹虎衤覀西见角𧢲讠贝𧾷车辶辶辶邑钅長镸"
        "长门𨸏阝雨青韦页风飞食𩙿飠饣𩠐马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀",
    )
}
_RADICALS |= {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0x2F00, 0x2FD6)}


def visible(text):
    """`text` in ordinary characters, without invisible marks and control characters.

    Spaces and line breaks stay.
    """
    ordinary = text.translate(_BLANKS).translate(_RADICALS)
    # Composed last: a mark can stand between a letter and its accent.
    return unicodedata.normalize("NFC", "".join(_kept(character) for character in ordinary))


def _kept(character):
    if character in _OF_A_LINE or not is_invisible(character):
        return character
    return " " if character.isspace() else ""


def is_invisible(character):
    """Whether `character` is drawn as nothing and is no ordinary space."""
    return character in _DRAWN_AS_NOTHING or unicodedata.category(character) in {"Cc", "Cf", "Cs"}


def is_blank(text):
    """Whether nothing of `text` can be seen."""
    return not visible(text).strip()


def compact(text):
    """A number or code as it is stored: ASCII digits, no spaces, dashes and invisible marks."""
    return "".join(
        _digit(character)
        for character in unicodedata.normalize("NFKC", visible(text))
        if not character.isspace()
        and unicodedata.category(character) != "Pd"
        # Minus signs, and the Japanese long-vowel mark that input methods produce for a dash.
        and character not in "\u2212\u30fc"
    )


def _digit(character):
    """0 to 9 for a digit of any script, else the character itself."""
    return str(unicodedata.decimal(character)) if character.isdecimal() else character
