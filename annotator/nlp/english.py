"""Boundary rules for English: abbreviations, initials, speech tags, datelines; one function a rule."""

import re

from annotator.nlp.marks import closes_quotation
from annotator.nlp.tokens import DASHES, Tokens
from annotator.nlp.words import (
    AFTER_DASH,
    AUXILIARIES,
    BRANDS,
    FIRMS,
    GO_ON,
    HOURS,
    INNER,
    LOWER_ABBREVIATIONS,
    MONTHS,
    NO_SURNAMES,
    NUMBERED,
    PLACES,
    POSTSCRIPTS,
    PRONOUNS,
    SPEECH_VERBS,
    STARTERS,
    STREETS,
    TITLES,
    UNITS,
)

WEB_SIGNS = re.compile(
    r"@|https?:|www\.|\d\d:\d\d|[=_*~]{4,}|-{4,}|\d{3}[-.]\d{3,4}|\d+/\d+/\d+|!!|\?\?|<|>|\.(?:pdf|doc|com)\b"
)
INITIALISM = re.compile(r"(?:[A-Z]\.){2,}")
HOUR_WORDS = frozenset(["At", "By", "Before", "After", "Around", "About", "Until", "From"])
DATELINE_WORDS = 12
TAG_WORDS = 6  # of a name and the verb after it, as in "Mayor Jane Doe of Springfield said"


def unmarked_ends_need_signs_of_the_web(tokens: Tokens) -> None:
    """Let a sentence end without a final mark only in e-mail and web pages, which lose line breaks."""
    for index in tokens.boundaries():
        last = tokens.last_before(index)
        if not any(tokens.ends_finally(place) for place in range(max(last - 3, 0), last + 1)):
            if WEB_SIGNS.search(tokens.text):
                return
            tokens.starts[index] = False


def function_words_go_on(tokens: Tokens) -> None:
    """Keep an article, a preposition, a conjunction or a genitive with what follows, wherever it stands."""
    for index in tokens.boundaries():
        if tokens.words[index - 1] in GO_ON:
            tokens.starts[index] = False


def plain_ends_part(tokens: Tokens) -> None:
    """Start a sentence at a capital after a final mark that follows a lower-case word in full."""
    for last, after in tokens.finals:
        word = tokens.word(tokens.first_from(after))
        if (
            word[:1].isupper()
            and tokens.glued[last]
            and len(tokens.words[last]) == 1
            and is_plain(tokens.word(last - 1))
        ):
            tokens.starts[after] = True


def is_plain(word: str) -> bool:
    """Tell whether a word is too long, and too much in lower case, to be an abbreviation that we know."""
    return len(word) > 2 and word.isalpha() and word.islower() and word + "." not in LOWER_ABBREVIATIONS


def broken_off_speech_parts(tokens: Tokens) -> None:
    """Start a sentence at an interjection or sentence starter after words broken off with a dash."""
    for index in range(1, len(tokens.words) - 1):
        if tokens.words[index] not in {"—", "–", "--"} or tokens.words[index + 1] not in AFTER_DASH:
            continue
        if tokens.words[index - 1].rstrip("-").islower() and not tokens.word(index + 2)[:1].isupper():
            tokens.starts[index + 1] = True


def abbreviations_end_before_starters(tokens: Tokens) -> None:
    """Let U.S., Inc., p.m. or Jan. end a sentence before a word that starts sentences, and go on before most others."""
    for last, index in tokens.finals:
        word = tokens.dotted(last)
        is_place = word in PLACES or (word not in HOURS and INITIALISM.fullmatch(word) is not None)
        is_street = word in STREETS and tokens.before_dotted(last)[:1].isupper()
        if not (is_place or is_street or word in FIRMS or word in HOURS or word in MONTHS):
            continue
        after = tokens.words[index]
        starts = after in STARTERS or (word in HOURS and (after in TITLES or opens_clause(tokens, index)))
        if starts and not (word in HOURS and opens_with_hour(tokens, last)):
            tokens.starts[index] = True
        elif (is_place and after[0].isupper()) or after[0].islower() or after[0] in ",;:(":
            tokens.starts[index] = False


def opens_clause(tokens: Tokens, index: int) -> bool:
    """Tell whether a capital and a verb start at an index: Tickets are, Passengers should."""
    return tokens.words[index][0].isupper() and tokens.word(index + 1) in AUXILIARIES


def opens_with_hour(tokens: Tokens, last: int) -> bool:
    """Tell whether an hour such as `At 5 a.m.` opens the sentence that it is in."""
    start = tokens.sentence_start(last)
    return last - start < 4 and tokens.words[start] in HOUR_WORDS


def hours_open_sentences(tokens: Tokens) -> None:
    """Keep an hour that opens a sentence, such as `At 5 a.m.`, with the name or title after it."""
    for index in tokens.boundaries():
        if tokens.dotted(index - 1) in HOURS and opens_with_hour(tokens, index - 1):
            tokens.starts[index] = False


def titles_bind_right(tokens: Tokens) -> None:
    """Keep a title such as Gen. with the name after it."""
    for index in tokens.boundaries():
        if tokens.dotted(index - 1).capitalize() in TITLES and tokens.words[index] not in STARTERS:
            tokens.starts[index] = False


def saints_bind_right(tokens: Tokens) -> None:
    """Keep St. with the name after it, unless a street's name or number stands before it."""
    for index in tokens.boundaries():
        if tokens.dotted(index - 1).capitalize() != "St.":
            continue
        before = tokens.before_dotted(index - 1)
        is_street = before[:1].isupper() or before[:1].isdigit()
        if not is_street and tokens.words[index] not in STARTERS:
            tokens.starts[index] = False


def months_bind_right(tokens: Tokens) -> None:
    """Keep a month or a day of the week with the number after it."""
    for index in tokens.boundaries():
        if tokens.dotted(index - 1) in MONTHS and (tokens.words[index][0].isdigit() or tokens.words[index] in MONTHS):
            tokens.starts[index] = False


def numbers_bind_left(tokens: Tokens) -> None:
    """Keep No., Sec., p. and their like with the number after them."""
    for index in tokens.boundaries():
        if tokens.words[index][0].isdigit() and tokens.dotted(index - 1).lower() in NUMBERED:
            tokens.starts[index] = False


def abbreviations_go_on_in_lower_case(tokens: Tokens) -> None:
    """Keep etc., lbs. or Corp. with lower case after it."""
    for index in tokens.boundaries():
        if not tokens.words[index][0].islower():
            continue
        last = tokens.last_before(index)
        word = tokens.dotted(last).lower()
        measured = word in UNITS and tokens.before_dotted(last)[-1:].isdigit()
        if measured or word in LOWER_ABBREVIATIONS:
            tokens.starts[index] = False


def inner_abbreviations_go_on(tokens: Tokens) -> None:
    """Keep e.g., i.e., vs. and cf. with what follows."""
    for index in tokens.boundaries():
        word = tokens.dotted(tokens.last_before(index)).lower()
        if word in INNER and (word in {"e.g.", "i.e.", "vs.", "cf."} or tokens.words[index] not in STARTERS):
            tokens.starts[index] = False


def initials_bind_right(tokens: Tokens) -> None:
    """Keep an initial with the name after it, unless it is a word of its own ("you and I.", "plan B. The")."""
    for last, index in tokens.finals:
        initial = tokens.dotted(last)
        if len(initial) != 2 or not initial[0].isupper() or not tokens.words[index][0].isupper():
            continue
        follows_name = tokens.before_dotted(last)[:1].isupper() and tokens.words[index] not in NO_SURNAMES
        if tokens.words[index] not in STARTERS and (initial != "I." or follows_name):
            tokens.starts[index] = False
        elif tokens.words[index] in STARTERS and not follows_name and tokens.before_dotted(last)[:1].isalpha():
            tokens.starts[index] = True


def exclaiming_names_go_on(tokens: Tokens) -> None:
    """Keep the exclamation mark of a name such as Yahoo! from ending the sentence, a starter after it aside."""
    for index in tokens.boundaries():
        if tokens.words[index - 1] == "!" and tokens.word(index - 2) in BRANDS and tokens.words[index] not in STARTERS:
            tokens.starts[index] = False


def postscripts_bind_right(tokens: Tokens) -> None:
    """Keep P.S. and N.B. with what follows."""
    for index in tokens.boundaries():
        if tokens.dotted(index - 1) in POSTSCRIPTS:
            tokens.starts[index] = False


def note_numbers_bind_left(tokens: Tokens) -> None:
    """Move a boundary before a note's bare number, as in "the rights. 4 Even though", to after it."""
    for index in tokens.boundaries():
        word = tokens.words[index]
        if word.isdecimal() and len(word) < 3 and tokens.word(index + 1) in STARTERS:
            tokens.starts[index] = False
            tokens.starts[index + 1] = True


def speech_tags_go_on(tokens: Tokens) -> None:
    """Keep `?”` or `!”` and the name and speech verb after it in one sentence; without marks, only `he said`."""
    for index in tokens.boundaries():
        mark = tokens.word(tokens.last_before(index))
        if mark in {"!", "?"} and tokens.words[index] in PRONOUNS and tokens.word(index + 1) in SPEECH_VERBS:
            tokens.starts[index] = False
        if mark[-1:] in tuple("?!…,—–-") and closes_quotation(tokens, index) and is_speech_tag(tokens, index):
            tokens.starts[index] = False


def is_speech_tag(tokens: Tokens, index: int) -> bool:
    """Tell whether a name of a few words and a speech verb start at an index."""
    for place in range(index, min(index + TAG_WORDS, len(tokens.words))):
        word = tokens.words[place]
        if place > index and word in SPEECH_VERBS:
            return True
        if not (word[0].isupper() or word in {"of", "de", "van", "von"}) or word in STARTERS:
            return False
    return False


def datelines_bind_right(tokens: Tokens) -> None:
    """Keep a dateline such as `CHICAGO (AP) —` with its sentence."""
    for index in tokens.boundaries():
        if index > DATELINE_WORDS:
            return
        if tokens.words[index - 1] in DASHES and tokens.words[0].isupper() and len(tokens.words[0]) > 2:
            for place in range(1, index + 1):
                tokens.starts[place] = False
