"""The guidelines as rules that a decision can cite, and what changes from one version to the next."""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from annotator import language
from annotator.errors import Invalid
from annotator.language import gettext as _

LONGEST = 200_000  # code points of a text
LONGEST_RULE = 200  # code points of a citation
FENCE = re.compile(r" {0,3}(```|~~~)")
HEADING = re.compile(r"(#{2,6})\s+(.+?)\s*#*$")
NUMBERED = re.compile(r"(\d{1,3})[.)]\s+(.+)$")
# words set apart at the beginning of a paragraph or an item: **Voice.** or * *Evidence*:
TERM = re.compile(r"(?:[-*+]\s+)?(\*\*|__|\*|_)(?=\S)([^*_]+?)(?:[.:]\1|\1:)")
BOLD = re.compile(r"(?:\*\*|__)(.+?)(?:\*\*|__)")
VERSION = re.compile(r"[^\W_][\w.+-]{0,39}")
CITED_VERSION = re.compile(r"[^\W_]*\d[\w.+-]*,\s*")  # “1.0, question 2”
WORDS = re.compile(r"\s+|[^\s]+")
MOST_WORDS = 4000  # compared word by word; longer passages are shown as replaced whole


@dataclass(frozen=True, slots=True)
class Rule:
    """A part of the guidelines that has a name: a heading, a numbered question, a term that a paragraph begins with.

    `line` counts from 0; `text` is its Markdown; `title` is the question in plain words, "" where the name says it all.
    """

    anchor: str
    name: str
    title: str
    line: int
    text: str
    is_heading: bool


def slug(name: str) -> str:
    """A name as it stands in an address: “Running quotes” is running-quotes."""
    return re.sub(r"[\W_]+", "-", unicodedata.normalize("NFKC", name).casefold()).strip("-")


def key_of(cited: str) -> str:
    """What a citation means: “1.0, question 2”, “Question 2” and “2” are the same rule, question-2."""
    words = CITED_VERSION.sub("", cited.strip(), count=1)
    return f"question-{int(words)}" if re.fullmatch(r"[0-9]{1,3}", words) else slug(words)


def plain(markdown: str) -> str:
    """Words without the signs that set them bold or slanted."""
    return re.sub(r"[*_`]", "", markdown).strip()


def rules_of(body: str) -> tuple[Rule, ...]:
    """The rules of a text in their order; of two with one name the first."""
    lines, found = body.split("\n"), dict[str, Rule]()
    for number, (name, title, depth) in _named(lines):
        anchor = slug(name)
        if anchor and anchor not in found:
            text = "\n".join(lines[number : _end(lines, number, depth)]).strip("\n")
            found[anchor] = Rule(anchor, name, title, number, text, is_heading=depth > 0)
    return tuple(found.values())


def _named(lines: Sequence[str]) -> Iterator[tuple[int, tuple[str, str, int]]]:
    fenced = False
    for number, line in enumerate(lines):
        if FENCE.match(line):
            fenced = not fenced
        found = None if fenced else _name(line)
        if found is not None:
            yield number, found


def _name(line: str) -> tuple[str, str, int] | None:
    """Name, title and depth (0 for what is no heading) of the rule that begins on a line."""
    if heading := HEADING.match(line):
        return plain(heading[2]), "", len(heading[1])
    if item := NUMBERED.match(line):
        bold = BOLD.match(item[2])
        return f"Question {int(item[1])}", plain(bold[1] if bold else item[2].split(". ")[0]), 0
    if term := TERM.match(line):
        return plain(term[2]), "", 0
    return None


def _end(lines: Sequence[str], start: int, depth: int) -> int:
    """The line after a rule: of a heading the next one of its depth, else the next that is not indented."""
    for number in range(start + 1, len(lines)):
        line = lines[number]
        heading = HEADING.match(line)
        if heading and (not depth or len(heading[1]) <= depth):
            return number
        if not depth and line.strip() and not line[0].isspace():
            return number
        if not depth and not line.strip() and not _is_indented(lines, number + 1):
            return number
    return len(lines)


def _is_indented(lines: Sequence[str], number: int) -> bool:
    return number < len(lines) and lines[number][:1].isspace()


def citation(cited: str | None, body: str) -> str | None:
    """What is stored for what was typed: the rule's own name where there is one, else the words. Raises Invalid."""
    words = " ".join((cited or "").split())
    if len(words) > LONGEST_RULE:
        raise Invalid(_("A rule is named in at most {n} characters.").format(n=LONGEST_RULE), field="rule")
    key = key_of(words)
    named = next((rule.name for rule in rules_of(body) if rule.anchor == key), None)
    return named or words or None


def clean(body: str) -> str:
    """A text as it is stored. Raises Invalid for one that is empty, too long or cannot be stored."""
    text = body.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").strip("\n") + "\n"
    if not text.strip():
        raise Invalid(_("Guidelines without words cannot be followed: write some."), field="body")
    if len(text) > LONGEST:
        raise Invalid(
            _("Guidelines have at most {most} characters; these have {n}.").format(
                most=language.number(LONGEST), n=language.number(len(text))
            ),
            field="body",
        )
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in text):
        raise Invalid(_("This text has characters that cannot be stored."), field="body")
    return text


def version_name(typed: str) -> str:
    """The name of a version as it is stored. Raises Invalid."""
    name = typed.strip()
    if not VERSION.fullmatch(name):
        raise Invalid(
            _("A version is named by 1 to 40 letters, digits, points and hyphens, like 1.1."), field="version"
        )
    return name


def next_version(version: str) -> str:
    """A name for the version after this one: 1.1 after 1.0, draft-2 after draft."""
    last = re.search(r"(\d+)(\D*)$", version)
    if last is None:
        return f"{version[:37]}-2"
    return f"{version[: last.start()]}{int(last[1]) + 1}{last[2]}"[:40]


class Piece(NamedTuple):
    """Words that both versions have, that are gone, or that are new."""

    kind: Literal["same", "gone", "new"]
    text: str


def changes(old: str, new: str) -> list[list[Piece]]:
    """What differs, passage by passage, each line with its pieces; lines that stay are left out."""
    before, after = old.split("\n"), new.split("\n")
    passages = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            passages.append(list(_pieces("\n".join(before[a:b]), "\n".join(after[c:d]))))
    return [passage for passage in passages if any(piece.text.strip() for piece in passage)]


def _pieces(old: str, new: str) -> Iterator[Piece]:
    one, other = WORDS.findall(old), WORDS.findall(new)
    if max(len(one), len(other)) > MOST_WORDS:
        yield Piece("gone", old)
        yield Piece("new", new)
        return
    for tag, a, b, c, d in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        pairs = [("same", one[a:b])] if tag == "equal" else [("gone", one[a:b]), ("new", other[c:d])]
        for kind, words in pairs:
            if words:
                yield Piece(kind, "".join(words))  # type: ignore[arg-type]  # the three words of Piece
