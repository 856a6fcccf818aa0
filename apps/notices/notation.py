"""The words of a message as supervisors read and write them.

A name in braces stands for what differs from message to message: {谁的}社保卡 {卡号} 已到期。
Words that depend on something stand between {如果 已缴费} and {完}, with {或者 …} and {否则} where
there are alternatives. A room's own template is read into this notation and back (`of_program`,
`compiled`), so nothing can be named that the room's template does not name.
"""

import re
from dataclasses import dataclass

from django.template.base import Lexer, TokenType

from apps.events.messages import Condition, Placeholder

IF, ELIF, ELSE, END = "如果", "或者", "否则", "完"
_MARK = re.compile(r"[{｛]\s*([^{}｛｝]*?)\s*[}｝]")
_BRACE = re.compile(r"[{}｛｝]")
_SILENT = ("autoescape off", "endautoescape")


class UnreadableWords(Exception):
    """`problems` are Chinese sentences about what is written wrongly."""

    def __init__(self, problems):
        super().__init__("；".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Choice:
    """Alternatives: (condition or None, parts) each, the first one that applies is said."""

    branches: tuple


@dataclass(frozen=True)
class Vocabulary:
    """What the words of one message may name: name → `Placeholder`, name → `Condition`."""

    placeholders: dict[str, Placeholder]
    conditions: dict[str, Condition]


def of_program(source, words, known):
    """The template `source` of a room in this notation, and its `Vocabulary`.

    `words` are (name, value) that are the same for every event; `known` are the placeholders and
    conditions of the room. Raises KeyError for what nobody has given a name.
    """
    places = {each.code: each for each in known if isinstance(each, Placeholder)}
    conditions = {each.code: each for each in known if isinstance(each, Condition)}
    always, used = dict(words), Vocabulary({}, {})
    written = []
    for token in Lexer(source.strip()).tokenize():
        if token.token_type == TokenType.TEXT:
            written.append(token.contents)
        elif token.contents in always:
            written.append(always[token.contents])
        elif token.token_type == TokenType.VAR or token.contents.startswith("rule "):
            place = places[token.contents]
            used.placeholders[place.name] = place
            written.append(f"{{{place.name}}}")
        elif token.contents not in _SILENT:
            written.append(_block(token.contents, conditions, used))
    return "".join(written), used


def _block(contents, conditions, used):
    word, _, code = contents.partition(" ")
    if word in ("if", "elif"):
        condition = conditions[code]
        used.conditions[condition.name] = condition
        return f"{{{IF if word == 'if' else ELIF} {condition.name}}}"
    return {"else": f"{{{ELSE}}}", "endif": f"{{{END}}}"}[word]


def parsed(text, vocabulary):
    """The parts of `text`: strings, `Placeholder`s and `Choice`s. Raises `UnreadableWords`."""
    reader = _Reader(vocabulary)
    at = 0
    for mark in _MARK.finditer(text):
        reader.literal(text[at : mark.start()])
        reader.mark(mark.group(1))
        at = mark.end()
    reader.literal(text[at:])
    return reader.finished()


@dataclass
class _Open:
    """A {如果} whose {完} has not come yet: the parts around it, and its alternatives so far."""

    around: list
    branches: list
    condition: Condition | None
    has_else: bool = False


class _Reader:
    def __init__(self, vocabulary):
        self.vocabulary = vocabulary
        self.problems = []
        self.parts = []  # those of the innermost alternative that is open
        self.open = []

    def literal(self, text):
        if brace := _BRACE.search(text):
            self.problems.append(f"多了一个「{brace.group()}」：大括号要成对，里面写占位符的名称。")
        if text:
            self.parts.append(text)

    def mark(self, content):
        word, _, rest = content.replace("\u3000", " ").partition(" ")
        if word in (IF, ELIF):
            condition = self._condition(rest.strip())
            if word == IF:
                self.open.append(_Open(self.parts, [], condition))
                self.parts = []
            else:
                self._next(word, condition)
        elif content == ELSE:
            self._next(ELSE, None)
        elif content == END:
            self._end()
        elif place := self.vocabulary.placeholders.get(content):
            self.parts.append(place)
        else:
            names = "、".join(f"{{{name}}}" for name in self.vocabulary.placeholders) or "没有"
            self.problems.append(f"这条消息里没有「{{{content}}}」。能用的：{names}。")

    def _condition(self, name):
        found = self.vocabulary.conditions.get(name)
        if found is None:
            names = "、".join(self.vocabulary.conditions) or "没有"
            self.problems.append(f"这条消息里没有条件「{name}」。能用的：{names}。")
        return found

    def _next(self, word, condition):
        if not self.open or self.open[-1].has_else:
            self.problems.append(
                f"「{{{word}}}」的位置不对：前面要有「{{{IF} …}}」，「{{{ELSE}}}」写在最后。"
            )
            return
        innermost = self.open[-1]
        innermost.branches.append((innermost.condition, tuple(self.parts)))
        innermost.condition, innermost.has_else = condition, word == ELSE
        self.parts = []

    def _end(self):
        if not self.open:
            self.problems.append(f"多了一个「{{{END}}}」，前面没有「{{{IF} …}}」。")
            return
        closed = self.open.pop()
        closed.branches.append((closed.condition, tuple(self.parts)))
        self.parts = [*closed.around, Choice(tuple(closed.branches))]

    def finished(self):
        if self.open:
            self.problems.append(f"「{{{IF} …}}」后面少了「{{{END}}}」。")
        if self.problems:
            raise UnreadableWords(list(dict.fromkeys(self.problems)))
        return tuple(self.parts)


def compiled(parts):
    """The source of the Django template that `parts` stand for."""
    return f"{{% autoescape off %}}{''.join(map(_compiled, parts))}{{% endautoescape %}}"


def _compiled(part):
    if isinstance(part, str):
        return part
    if isinstance(part, Placeholder):
        return code_of(part)
    written = []
    for number, (condition, parts) in enumerate(part.branches):
        if condition is None:
            written.append("{% else %}")
        else:
            written.append(f"{{% {'elif' if number else 'if'} {condition.code} %}}")
        written += map(_compiled, parts)
    return "".join([*written, "{% endif %}"])


def code_of(placeholder):
    """`placeholder` as it stands in a Django template."""
    code = placeholder.code
    return f"{{% {code} %}}" if code.startswith("rule ") else f"{{{{ {code} }}}}"


def example(parts, true=()):
    """`parts` with the examples of their placeholders, where the conditions named `true` hold."""
    said = []
    for part in parts:
        if isinstance(part, Choice):
            chosen = (each for when, each in part.branches if when is None or when.name in true)
            said.append(example(next(chosen, ()), true))
        else:
            said.append(part if isinstance(part, str) else part.example)
    return "".join(said)


def examples(parts):
    """(names of the conditions that hold, text) of every text that `parts` can make, at most 8."""
    names = [condition.name for condition in conditions_of(parts)]
    sets: list[tuple[str, ...]] = [*((name,) for name in names), (), tuple(names)]
    found: dict[str, tuple[str, ...]] = {}
    for true in sets:
        found.setdefault(example(parts, true), true)
    return [(true, text) for text, true in found.items()][:8]


def placeholders_of(parts):
    """The placeholders in `parts`, each once, in their order."""
    return [each for each in dict.fromkeys(_walk(parts)) if isinstance(each, Placeholder)]


def conditions_of(parts):
    """The conditions in `parts`, each once, in their order."""
    return [each for each in dict.fromkeys(_walk(parts)) if isinstance(each, Condition)]


def _walk(parts):
    for part in parts:
        if isinstance(part, Choice):
            for condition, inner in part.branches:
                if condition is not None:
                    yield condition
                yield from _walk(inner)
        else:
            yield part


def provider_names(parts):
    """name of the provider's variable → `Placeholder`: p1, p2 … in the order of the words."""
    return {f"p{number}": each for number, each in enumerate(placeholders_of(parts), start=1)}


def for_provider(parts):
    """The text to have approved by a provider of templates: ${p1}社保卡 ${p2} 已到期。

    None where words depend on a condition: the provider's templates have none.
    """
    if conditions_of(parts):
        return None
    variables = {each.name: name for name, each in provider_names(parts).items()}
    return "".join(
        part if isinstance(part, str) else f"${{{variables[part.name]}}}" for part in parts
    )
