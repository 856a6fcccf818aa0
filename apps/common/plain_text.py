"""Text as people type and paste it, without the marks that nobody sees.

A number copied from a chat brings marks of direction along, a name from a PDF file soft hyphens
and fillers, an old form control characters. Whoever typed cannot see them and so cannot mend them.
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


def visible(text):
    """`text` without invisible marks and control characters. Spaces and line breaks stay."""
    return "".join(_kept(character) for character in text.translate(_BLANKS))


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
    """A number or code as it is stored: half-width, without spaces, dashes and invisible marks."""
    return "".join(
        character
        for character in unicodedata.normalize("NFKC", visible(text))
        if not character.isspace()
        and unicodedata.category(character) != "Pd"
        # Minus signs, and a bar for lengthening that input methods make in the place of a dash.
        and character not in "\u2212\u30fc"
    )
