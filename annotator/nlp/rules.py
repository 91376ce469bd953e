"""Named boundary rules: spaCy components that mend `is_sent_start` after the model has set it, one function a rule."""

import re
from collections.abc import Callable
from itertools import pairwise

from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc
from spacy.util import compile_infix_regex

from annotator.nlp.tokens import (
    BRACKETS,
    BRANDS,
    DASHES,
    FIRMS,
    HOURS,
    INNER,
    LOWER_ABBREVIATIONS,
    MONTHS,
    NUMBERED,
    PLACES,
    QUOTES,
    SPEECH_VERBS,
    STARTERS,
    TITLES,
    Tokens,
)

ENGLISH_RULES = "english_sentence_rules"
ANY_RULES = "sentence_rules"
ITEM = re.compile(r"\d{1,3}|[a-zA-Z]")
BULLETS = frozenset("•‣◦⁃▪●∙")
ELLIPSES = re.compile(r"\.{2,}|…+")
RULED_LINE = re.compile(r"[=_*~#-]{6,}")
EMOTICON = re.compile(r"[:;=][-o^']?[()DPp|/\\3]+|<3+|[xX]D|\^_?\^")
LONGEST_ASIDE = 120  # words; a bracket left open longer than that is taken for a slip of the pen
DATELINE_WORDS = 12


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
    """Move a boundary before `[4]`, `[citation needed]`, ¹ or † to after it."""
    for index in tokens.boundaries():
        last = after_footnotes(tokens, index)
        if last != index and (tokens.ends_finally(tokens.last_before(index))):
            move(tokens, index, last)


def after_footnotes(tokens: Tokens, index: int) -> int:
    """Find the first word after the footnote marks at an index."""
    while True:
        if tokens.word(index) == "[" and tokens.word(index + 2) == "]" and is_reference(tokens.word(index + 1)):
            index += 3
        elif tokens.words[index : index + 4] == ["[", "citation", "needed", "]"]:
            index += 4
        elif re.fullmatch(r"[¹²³⁰⁴-⁹†‡*]+", tokens.word(index)) and (tokens.glued[index] or tokens.word(index)[0] in "†‡"):
            index += 1
        elif is_note_number(tokens, index):
            index += 1
        else:
            return index


def is_note_number(tokens: Tokens, index: int) -> bool:
    """Tell whether a bare number before a sentence starter is a note's, as in "the rights. 4 Even though"."""
    word = tokens.word(index)
    return word.isdecimal() and len(word) < 3 and tokens.word(index + 1) in STARTERS and not tokens.glued[index + 1]


def is_reference(word: str) -> bool:
    """Tell whether a word in square brackets is a number of a note, or an omission."""
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
    """Tell whether a word is a pictograph, a flag, a part of one, or an emoticon."""
    return EMOTICON.fullmatch(word) is not None or all(
        "\U0001f000" <= sign <= "\U0001faff" or "\u2600" <= sign <= "\u27bf" or sign in "\ufe0f\u200d\u20e3\u2b50\u2b55"
        for sign in word
    )


def asides_stay_whole(tokens: Tokens) -> None:
    """Keep a bracket that opens in the middle of a sentence, and what follows it in lower case, in that sentence."""
    for opening, closing in aside_spans(tokens):
        if opening and not tokens.starts[opening]:
            for index in range(opening + 1, closing + 1):
                tokens.starts[index] = False


def aside_spans(tokens: Tokens) -> list[tuple[int, int]]:
    """Pair the outermost brackets of a piece, as indices of the opening and the closing one."""
    spans: list[tuple[int, int]] = []
    opened: list[int] = []
    for index, side in tokens.sides.items():
        word = tokens.words[index]
        if word in BRACKETS:
            opened.append(index)
        elif side == -1 and opened and BRACKETS[tokens.words[opened[-1]]] == word:
            opening = opened.pop()
            if index - opening <= LONGEST_ASIDE:
                spans.append((opening, index))
    return spans


def questions_and_their_tag_stay_whole(tokens: Tokens) -> None:
    """Keep `?”` or `!”` and lower case, or a name and a speech verb, in one sentence; `.”` only before lower case."""
    for index in tokens.boundaries():
        last = tokens.last_before(index)
        if last == index - 1 or tokens.word(last)[-1:] not in tuple("?!.…,—–-"):
            continue
        if not any(tokens.words[mark] in QUOTES for mark in range(last + 1, index)):
            continue
        if tokens.words[index][0].islower() or (tokens.words[last] != "." and is_speech_tag(tokens, index)):
            tokens.starts[index] = False


def is_speech_tag(tokens: Tokens, index: int) -> bool:
    """Tell whether a name of at most five words and a speech verb start at an index."""
    for place in range(index, min(index + 6, len(tokens.words))):
        word = tokens.words[place]
        if place > index and word in SPEECH_VERBS:
            return True
        if not word[0].isupper() or word in STARTERS:
            return False
    return False


def ellipses_go_on(tokens: Tokens) -> None:
    """Keep dots together, and the sentence whole where lower case follows them."""
    for index in tokens.boundaries():
        last = tokens.last_before(index)
        dots = ELLIPSES.fullmatch(tokens.word(last)) or (tokens.word(last) == "." and not tokens.glued[last])
        if not dots:
            continue
        if tokens.word(index) in {".", "...", "…"} or tokens.word(tokens.first_from(index))[:1].islower():
            tokens.starts[index] = False


def plain_ends_part(tokens: Tokens) -> None:
    """Start a sentence at a capital after a final mark that follows a lower-case word in full."""
    for index in range(2, len(tokens.words)):
        if not tokens.words[index][0].isupper():
            continue
        first = tokens.opened_before(index)
        last = tokens.last_before(first)
        before = tokens.word(last - 1)
        if tokens.word(last) in {".", "!", "?"} and is_plain(before) and tokens.glued[last]:
            tokens.starts[first] = True


def is_plain(word: str) -> bool:
    """Tell whether a word is too long, and too much in lower case, to be an abbreviation that we know."""
    return len(word) > 2 and word.isalpha() and word.islower() and word + "." not in LOWER_ABBREVIATIONS


def ruled_lines_part(tokens: Tokens) -> None:
    """Start a sentence before and after a rule drawn with `_____`, `=====` or `*****`."""
    for index, word in enumerate(tokens.words):
        if len(word) > 5 and RULED_LINE.fullmatch(word):
            tokens.starts[index] = True
            if index + 1 < len(tokens.words) and not tokens.glued[index + 1]:
                tokens.starts[index + 1] = True


def postscripts_bind_right(tokens: Tokens) -> None:
    """Keep P.S. and N.B. with what follows."""
    for index in tokens.boundaries():
        if tokens.dotted(index - 1) in {"P.S.", "PS.", "P.P.S.", "N.B.", "NB."}:
            tokens.starts[index] = False


def missing_space_parts(tokens: Tokens) -> None:
    """Start a sentence after a final mark that no space follows, as in `close.The`."""
    for index in range(2, len(tokens.words)):
        word = tokens.words[index]
        if not tokens.glued[index] or not word[0].isupper():
            continue
        last = tokens.last_before(tokens.opened_before(index))
        before = tokens.word(last - 1)
        if tokens.word(last) in {".", "!", "?"} and tokens.glued[last] and len(before) > 1 and before.islower():
            tokens.starts[index] = True


def titles_bind_right(tokens: Tokens) -> None:
    """Keep a title such as Gen. with the name after it."""
    for index in tokens.boundaries():
        if tokens.dotted(index - 1) in TITLES and tokens.words[index] not in STARTERS:
            tokens.starts[index] = False


def saints_bind_right(tokens: Tokens) -> None:
    """Keep St. with the name after it, unless a street's name or number stands before it."""
    for index in tokens.boundaries():
        if tokens.dotted(index - 1) != "St.":
            continue
        before = tokens.word(index - 2 if tokens.words[index - 1] == "St." else index - 3)
        is_street = before[:1].isupper() or before[:1].isdigit()
        if not is_street and tokens.words[index] not in STARTERS:
            tokens.starts[index] = False


def months_bind_right(tokens: Tokens) -> None:
    """Keep a month with the day or year after it."""
    for index in tokens.boundaries():
        if tokens.dotted(index - 1) in MONTHS and tokens.words[index][0].isdigit():
            tokens.starts[index] = False


def numbers_bind_left(tokens: Tokens) -> None:
    """Keep No., Sec., p. and their like with the number after them."""
    for index in tokens.boundaries():
        if tokens.dotted(index - 1).lower() in NUMBERED and tokens.words[index][0].isdigit():
            tokens.starts[index] = False


def inner_abbreviations_go_on(tokens: Tokens) -> None:
    """Keep e.g., i.e., vs. and cf. with what follows."""
    for index in tokens.boundaries():
        if tokens.dotted(tokens.last_before(index)).lower() in INNER and tokens.words[index] not in STARTERS:
            tokens.starts[index] = False


def initials_bind_right(tokens: Tokens) -> None:
    """Keep an initial with the name after it, unless it is a word of its own ("you and I.", "plan B.")."""
    for index in tokens.boundaries():
        initial = tokens.dotted(index - 1)
        if len(initial) != 2 or not initial[0].isupper() or tokens.words[index] in STARTERS:
            continue
        before = tokens.word(index - 2 if tokens.words[index - 1] == initial else index - 3)
        if initial != "I." or before[:1].isupper():
            tokens.starts[index] = not tokens.words[index][0].isupper() and tokens.starts[index]


def abbreviations_end_before_starters(tokens: Tokens) -> None:
    """Let U.S., Inc., p.m. end a sentence before a word that starts sentences, and only there."""
    for index in range(1, len(tokens.words)):
        word = tokens.dotted(index - 1)
        if not word or word not in PLACES | FIRMS | HOURS:
            continue
        after = tokens.words[index]
        if after in STARTERS:
            tokens.starts[index] = True
        elif (word in PLACES and after[0].isupper()) or after[0].islower() or after[0] in ",;:(":
            tokens.starts[index] = False


def exclaiming_names_go_on(tokens: Tokens) -> None:
    """Keep the exclamation mark of a name such as Yahoo! from ending the sentence, a starter after it aside."""
    for index in tokens.boundaries():
        if tokens.words[index - 1] == "!" and tokens.word(index - 2) in BRANDS:
            if tokens.words[index] not in STARTERS:
                tokens.starts[index] = False


def colons_go_on(tokens: Tokens) -> None:
    """Keep a colon, semicolon or comma from ending a sentence."""
    for index in tokens.boundaries():
        if tokens.word(tokens.last_before(index)) in {":", ";", ","}:
            tokens.starts[index] = False


def datelines_bind_right(tokens: Tokens) -> None:
    """Keep a dateline such as `CHICAGO (AP) —` with its sentence."""
    for index in tokens.boundaries():
        if index > DATELINE_WORDS:
            return
        if tokens.words[index - 1] in DASHES and tokens.words[0].isupper() and len(tokens.words[0]) > 2:
            for place in range(1, index + 1):
                tokens.starts[place] = False


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
    for index in range(len(tokens.words)):
        if index and not marks:
            break
        found = item_mark(tokens, index)
        if found is None or (marks and index < marks[-1][1]):
            continue
        end, label, look = found
        if not marks or (look == style and label == expected):
            marks.append((index, end))
            style, expected = look, successor(label)
    return marks


def item_mark(tokens: Tokens, index: int) -> tuple[int, str, str] | None:
    """Read the item mark at an index: the index after it, its label, and how it looks."""
    word = tokens.words[index]
    if word[0] in BULLETS:
        return index + 1, "", word[0]
    bare = word.rstrip(".")
    if not ITEM.fullmatch(bare) or (index and tokens.glued[index]):
        return None
    end = index + 1
    look = "." if bare != word else ""
    while end < len(tokens.words) and tokens.glued[end] and tokens.words[end] in {".", ")"}:
        look += tokens.words[end]
        end += 1
    return (end, bare, look) if look in {".", ")", ".)"} and end < len(tokens.words) else None


def successor(label: str) -> str:
    """Give the label after one: 2 after 1, b after a, nothing after a bullet."""
    if label.isdecimal():
        return str(int(label) + 1)
    return chr(ord(label) + 1) if label else ""


Rule = Callable[[Tokens], None]
ANY_LANGUAGE: tuple[Rule, ...] = (
    ruled_lines_part,
    missing_space_parts,
    opening_marks_bind_right,
    closing_marks_bind_left,
    footnote_marks_bind_left,
    emoji_bind_left,
    asides_stay_whole,
    questions_and_their_tag_stay_whole,
    ellipses_go_on,
    colons_go_on,
    numbered_items_part,
)
ENGLISH: tuple[Rule, ...] = (
    plain_ends_part,
    abbreviations_end_before_starters,
    titles_bind_right,
    saints_bind_right,
    months_bind_right,
    numbers_bind_left,
    inner_abbreviations_go_on,
    initials_bind_right,
    exclaiming_names_go_on,
    postscripts_bind_right,
    *ANY_LANGUAGE,
    datelines_bind_right,
)


INFIXES = (  # where a space is missing, the tokenizer must part what the rules are to part
    r"(?<=\w)[!?]+(?=[A-Z\"“‘(\[])",
    r"(?<=[a-z])\.(?=[(\[“‘][A-Za-z0-9])",
    r"(?<=[.!?])[\"”’»)\]](?=[A-Z])",
    r"(?<=[.!?,;\w])\[(?=\d)",
)


def split_missing_spaces(nlp: Language) -> None:
    """Let the tokenizer of a pipeline part words at a final mark or bracket that no space follows."""
    if isinstance(nlp.tokenizer, Tokenizer):
        nlp.tokenizer.infix_finditer = compile_infix_regex([*INFIXES, *(nlp.Defaults.infixes or ())]).finditer


@Language.component(ENGLISH_RULES, requires=["token.is_sent_start"], assigns=["token.is_sent_start"])
def mend_english(doc: Doc) -> Doc:
    """Apply the rules for English and those for any language."""
    return mend(doc, ENGLISH)


@Language.component(ANY_RULES, requires=["token.is_sent_start"], assigns=["token.is_sent_start"])
def mend_any(doc: Doc) -> Doc:
    """Apply the rules for any language."""
    return mend(doc, ANY_LANGUAGE)


def mend(doc: Doc, rules: tuple[Rule, ...]) -> Doc:
    """Apply rules to the boundaries of a piece of text, in order."""
    if len(doc) < 2:
        return doc
    text = doc.text
    offsets, lengths, spaces, marks = doc.to_array(["IDX", "LENGTH", "SPACY", "SENT_START"]).astype("int64").T.tolist()
    words = [text[offset : offset + length] for offset, length in zip(offsets, lengths, strict=True)]
    before = [mark == 1 for mark in marks]
    tokens = Tokens(words, [False, *(not space for space in spaces[:-1])], before.copy())
    for rule in rules:
        rule(tokens)
    for index, (old, new) in enumerate(zip(before, tokens.starts, strict=True)):
        if old != new and index:
            doc[index].is_sent_start = new
    return doc
