"""Boundary rules for any language: quotation marks, brackets, notes, dots, lists; one function a rule."""

import re
from collections.abc import Iterator

from annotator.nlp.tokens import BRACKETS, QUOTES, SINGLE, Tokens
from annotator.nlp.words import DOMAINS

ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
FIRST_LABELS = frozenset(["", "a", "A", "i", *map(str, range(1000))])
ITEM = re.compile(r"\d{1,3}|[a-zA-Z]|[ivx]{2,4}")
BULLETS = frozenset("•‣◦⁃▪●∙")
ELLIPSES = re.compile(r"\.{2,}|…+")
RULED_LINE = re.compile(r"([=_*~#-])\1{5,}")
NOTE_SIGN = re.compile(r"[¹²³⁰⁴-⁹†‡*]+")
EMOTICON = re.compile(r"[:;=][-o^']?[()DPp|/\\3]+|<3+|[xX]D|\^_?\^")
SHORT_QUOTATION = 12  # words and marks
LONGEST_ASIDE = 120  # words; a bracket left open longer than that is taken for a slip of the pen


def ruled_lines_part(tokens: Tokens) -> None:
    """Start a sentence before and after a line drawn with `______`, `======` or `******`."""
    if not RULED_LINE.search(tokens.text):
        return
    for start, end in glued_runs(tokens):
        if RULED_LINE.fullmatch("".join(tokens.words[start:end])):
            tokens.starts[start] = True
            if end < len(tokens.words):
                tokens.starts[end] = True


def glued_runs(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """Part a piece at its spaces; a line drawn with signs is many words to spaCy."""
    heads = [index for index, glued in enumerate(tokens.glued) if not glued]
    yield from zip(heads, [*heads[1:], len(tokens.words)], strict=True)


def missing_space_parts(tokens: Tokens) -> None:
    """Start a sentence after a final mark that no space follows, as in `close.The`, `really?yes` or `wait...Then`."""
    for last, after in tokens.finals:
        first = after
        after = tokens.first_from(first)
        mark, word, before = tokens.words[last], tokens.word(after), tokens.word(last - 1)
        if not (tokens.glued[last] and after < len(tokens.words) and tokens.glued[after] and word.isalpha()):
            continue
        if not (len(before) > 1 and before.isalpha() and before.islower()):
            continue
        if word.lower() in DOMAINS:
            continue
        is_dotted = mark == "." or ELLIPSES.fullmatch(mark) is not None
        if mark in {"?", "!"} or (is_dotted and word[0].isupper() and word[1:].islower()):
            tokens.starts[first] = True


def opening_marks_bind_right(tokens: Tokens) -> None:
    """Move a boundary after an opening quotation mark or bracket to before it."""
    for index in tokens.boundaries():
        first = tokens.opened_before(index)
        if first != index:
            tokens.starts[index] = False
            tokens.starts[first] = True


def closing_marks_bind_left(tokens: Tokens) -> None:
    """Move a boundary before closing marks to after them."""
    for index in tokens.boundaries():
        last = index
        while tokens.sides.get(last) == -1:
            last += 1
        if last != index:
            move(tokens, index, last)


def move(tokens: Tokens, index: int, later: int) -> None:
    """Move a boundary to a later word; nothing is left of it at the end of the piece or before lower case."""
    tokens.starts[index] = False
    if later < len(tokens.words) and not tokens.word(tokens.first_from(later))[:1].islower():
        tokens.starts[later] = True


def footnote_marks_bind_left(tokens: Tokens) -> None:
    """Move a boundary before `[4]`, `[citation needed]`, ¹ or † to after it, and make one if a capital follows."""
    for _, first in tokens.finals:
        last = after_notes(tokens, first)
        if last == first:
            continue
        is_boundary = any(tokens.starts[first : last + 1]) or tokens.word(tokens.first_from(last))[:1].isupper()
        tokens.starts[first:last] = [False] * (last - first)
        if is_boundary:
            move(tokens, first, last)


def after_notes(tokens: Tokens, index: int) -> int:
    """Find the first word after the note marks at an index."""
    while True:
        word = tokens.word(index)
        if word == "[" and tokens.word(index + 2) == "]" and is_reference(tokens.word(index + 1)):
            index += 3
        elif tokens.words[index : index + 4] == ["[", "citation", "needed", "]"]:
            index += 4
        elif NOTE_SIGN.fullmatch(word) and (tokens.glued[index] or word[0] in "†‡"):
            index += 1
        else:
            return index


def is_reference(word: str) -> bool:
    """Tell whether a word in square brackets is the number or letter of a note, or stands for an omission."""
    return word.isdecimal() or (len(word) == 1 and word.islower()) or ELLIPSES.fullmatch(word) is not None


def emoji_bind_left(tokens: Tokens) -> None:
    """Move a boundary before emoji or emoticons to after them."""
    for index in tokens.boundaries():
        last = index
        while last < len(tokens.words) and is_emoji(tokens.words[last]):
            last += 1
        if last != index:
            move(tokens, index, last)


def is_emoji(word: str) -> bool:
    """Tell whether a word is a pictograph, a flag, a part of one, an emoticon, or a mark of writing direction."""
    return EMOTICON.fullmatch(word) is not None or all(
        "\U0001f000" <= sign <= "\U0001faff"
        or "\u2600" <= sign <= "\u27bf"
        or sign in "\ufe0f\u200d\u20e3\u2b50\u2b55\u200e\u200f"
        for sign in word
    )


def asides_stay_whole(tokens: Tokens) -> None:
    """Keep a bracket that opens in the middle of a sentence, and lower case after it, in that sentence."""
    for opening, closing in aside_spans(tokens):
        if opening and not tokens.starts[opening]:
            after = closing + (2 if tokens.word(closing + 1)[:1].islower() else 1)
            for index in range(opening + 1, after):
                tokens.starts[index] = False


def aside_spans(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """Pair the brackets of a piece, as indices of the opening and the closing one."""
    opened: list[int] = []
    for index, side in tokens.sides.items():
        word = tokens.words[index]
        if word in BRACKETS:
            opened.append(index)
        elif side == -1 and opened and BRACKETS[tokens.words[opened[-1]]] == word:
            opening = opened.pop()
            if index - opening <= LONGEST_ASIDE:
                yield opening, index


def quotations_part(tokens: Tokens) -> None:
    """Start a sentence at a quotation that follows one that ended with a final mark."""
    for last, after in tokens.finals:
        if tokens.sides.get(after) == 1 and tokens.words[after] in QUOTES and closes_quotation(tokens, after):
            tokens.starts[after] = (tokens.glued[last] or len(tokens.words[last]) > 1) and not tokens.glued[after]


def quotations_go_on(tokens: Tokens) -> None:
    """Keep a quotation that ends with `?”`, `!”` or `.”` and the lower case after it in one sentence."""
    for index in tokens.boundaries():
        if tokens.words[index][0].islower() and closes_quotation(tokens, index):
            tokens.starts[index] = False


def short_quotations_stay_whole(tokens: Tokens) -> None:
    """Keep a few quoted words that a sentence runs round, as in: the banner read “Out! Out!” in red."""
    opened: dict[bool, int] = {}  # whether the marks are single -> where a quotation opened
    for index, side in tokens.sides.items():
        word = tokens.words[index]
        if word not in QUOTES:
            continue
        if side == 1:
            opened[word in SINGLE] = index
            continue
        opening = opened.pop(word in SINGLE, 0)
        if opening and index - opening <= SHORT_QUOTATION and is_run_round(tokens, opening, index):
            tokens.starts[opening + 1 : index + 2] = bytes(index + 1 - opening)


def is_run_round(tokens: Tokens, opening: int, closing: int) -> bool:
    """Tell whether a sentence goes on from before a quotation, with no comma or colon, to lower case after it."""
    before, after = tokens.words[opening - 1], tokens.word(closing + 1)
    return before.isalpha() and not tokens.starts[opening] and after[:1].islower()


def closes_quotation(tokens: Tokens, index: int) -> bool:
    """Tell whether a closing quotation mark stands before an index."""
    last = tokens.last_before(index)
    return any(tokens.words[mark] in QUOTES for mark in range(last + 1, index))


def ellipses_go_on(tokens: Tokens) -> None:
    """Keep dots together and with what they open, and the sentence whole where lower case follows them."""
    for index in tokens.boundaries():
        last = tokens.last_before(index)
        if tokens.words[index] == "." and tokens.ends_finally(last):
            tokens.starts[index] = False
        elif ELLIPSES.fullmatch(tokens.word(last)) or (tokens.word(last) == "." and not tokens.glued[last]):
            opens = last <= tokens.sentence_start(last)
            is_inside = tokens.word(tokens.first_from(index))[:1].islower()
            if opens or is_inside or ELLIPSES.fullmatch(tokens.words[index]):
                tokens.starts[index] = False


def four_dots_part(tokens: Tokens) -> None:
    """Start a sentence at a capital after four spaced dots, which are an ellipsis and a full stop."""
    for last, after in tokens.finals:
        dots = 0
        while last - dots >= 0 and tokens.words[last - dots] == ".":
            dots += 1
        if dots > 3 and tokens.word(tokens.first_from(after))[:1].isupper():
            tokens.starts[after] = True


def colons_go_on(tokens: Tokens) -> None:
    """Keep a colon, semicolon or comma from ending a sentence, and from starting one."""
    for index in tokens.boundaries():
        if tokens.word(tokens.last_before(index)) in {":", ";", ",", "："} or tokens.words[index] in {":", ";", ","}:
            tokens.starts[index] = False


def numbered_items_part(tokens: Tokens) -> None:
    """Start a sentence at each item of a list that runs on in one line, and bind its number to it."""
    marks = item_marks(tokens)
    for start, end in marks:
        for index in range(start + 1, min(end + 1, len(tokens.words))):
            tokens.starts[index] = False
    for start, _ in marks[1:]:
        tokens.starts[start] = True


def item_marks(tokens: Tokens) -> list[tuple[int, int]]:
    """List the item marks of a line that opens with one: bullets, or 1. 2. 3., 1) 2) 3), a. b. c. in sequence."""
    marks: list[tuple[int, int]] = []
    expected = style = ""
    roman = False
    for index in range(len(tokens.words)):
        if index and not marks:
            break
        if marks and index < marks[-1][1]:
            continue
        found = item_mark(tokens, index)
        if found and (found[1:] == (expected, style) if marks else found[1] in FIRST_LABELS):
            end, label, style = found
            roman = label in ROMAN and (roman or not marks)
            marks.append((index, end))
            expected = successor(label, roman=roman)
    return marks


def item_mark(tokens: Tokens, index: int) -> tuple[int, str, str] | None:
    """Read the item mark at an index: the index after it, its label, and how it looks."""
    word = tokens.words[index]
    if word[0] in BULLETS:
        return after_bullet(tokens, index), "", word[0]
    bare = word.rstrip(".")
    if not ITEM.fullmatch(bare) or (index and tokens.glued[index]):
        return None
    end = index + 1
    look = word[len(bare) :]
    while end < len(tokens.words) and tokens.glued[end] and tokens.words[end] in {".", ")"}:
        look += tokens.words[end]
        end += 1
    return (end, bare, look) if look in {".", ")", ".)"} and end < len(tokens.words) else None


def after_bullet(tokens: Tokens, index: int) -> int:
    """Find the first word after a bullet and the number that may follow it, as in `• 9. It` or `•9. It`."""
    if tokens.words[index][1:].isdecimal():
        return index + 2 if tokens.word(index + 1) == "." else index + 1
    numbered = item_mark(tokens, index + 1) if index + 1 < len(tokens.words) else None
    return numbered[0] if numbered else index + 1


def successor(label: str, *, roman: bool = False) -> str:
    """Give the label after one: 2 after 1, b after a, ii after i, nothing after a bullet."""
    if label.isdecimal():
        return str(int(label) + 1)
    if roman:
        return ROMAN[ROMAN.index(label) + 1] if label != ROMAN[-1] else ""
    return chr(ord(label) + 1) if label else ""
