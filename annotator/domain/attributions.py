"""Speaker, cue and content: where the words stand, who may be missing, what kind of speaker a name is."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise

from annotator.domain.spans import Span, distance, find_words
from annotator.errors import Invalid
from annotator.language import gettext as _
from db.vocabulary import Naming, SpeakerKind

Pieces = str | Sequence[str]
"""Words as a reviewer typed them: one text, or several pieces; “ … ”, “ [...] ” or a new line parts pieces too."""

BETWEEN_PIECES = re.compile(r"\s+(?:…|\[…\]|\[\.\.\.\])\s+|\s*[\n\r\u2028\u2029]\s*")
NEIGHBOURHOOD = 600  # code points round a sentence: about three sentences before and after, where a speaker is named
LONGEST = 20_000  # code points of one content, cue or speaker
MOST_PIECES = 50
NAMELESS = (Naming.UNSPECIFIED, Naming.ANONYMOUS)


def located(
    text: str, words: Pieces, near: Span, field: str, *, avoid: Sequence[Span] = (), picked: int | None = None
) -> tuple[Span, ...]:
    """Where typed words stand in the article, in the order of the text; empty for no words.

    Words that stand there more than once are those at the code point `picked`, where some are. A text is looked up as
    it is first, then as pieces. Raises Invalid for words that do not stand there.
    """
    typed = [words] if isinstance(words, str) else list(words)
    if len(typed) > MOST_PIECES or sum(map(len, typed)) > LONGEST:
        raise Invalid(
            _("At most {n} pieces with {characters} characters in all.").format(n=MOST_PIECES, characters=LONGEST),
            field=field,
        )
    found: list[Span] = []
    for piece in typed:
        found += _places(text, piece.strip(), near, field, [*avoid, *found], picked)
    ordered = sorted(found)
    if any(one.overlaps(other) for one, other in pairwise(ordered)):
        raise Invalid(_("Two of the pieces stand at the same place in the article."), field=field)
    return tuple(ordered)


def _places(text: str, words: str, near: Span, field: str, avoid: Sequence[Span], picked: int | None) -> list[Span]:
    whole = find_words(text, words, near, avoid=avoid, picked=picked)
    if whole or not words:
        return [whole] if whole else []
    pieces = [piece for piece in BETWEEN_PIECES.split(words) if piece]
    if len(pieces) > MOST_PIECES:
        raise Invalid(_("At most {n} pieces.").format(n=MOST_PIECES), field=field)
    found: list[Span] = []
    for piece in pieces:
        here = None if any(_touches(one, picked) for one in found) else picked
        span = find_words(text, piece, near, avoid=[*avoid, *found], picked=here)
        if span is None:
            raise Invalid(
                _("These words do not stand in the article: “{words}”.").format(words=_short(piece)), field=field
            )
        found.append(span)
    return found


def _touches(span: Span, at: int | None) -> bool:
    """Whether a place belongs to a piece that is found already."""
    return at is not None and span.start - 1 <= at <= span.end + 1


def _short(words: str) -> str:
    return words if len(words) <= 80 else words[:79].rstrip() + "…"


def content(text: str, words: Pieces, sentence: Span, picked: int | None = None) -> tuple[Span, ...]:
    """The spans of what was said; at least one, and one of them in the sentence. Raises Invalid."""
    spans = located(text, words, sentence, "content", picked=picked)
    if not spans:
        raise Invalid(_("Say which words are attributed: copy them from the sentence."), field="content")
    if not any(span.overlaps(sentence) for span in spans):
        raise Invalid(_("The words that were said must stand in this sentence, at least in part."), field="content")
    return spans


def mention(text: str, words: str, sentence: Span, avoid: Sequence[Span], picked: int | None = None) -> Span | None:
    """Where the speaker is named in or near the sentence, rather outside the words that were said; None if nowhere."""
    span = find_words(text, words, sentence, avoid=avoid, picked=picked) or find_words(
        text, words, sentence, avoid=avoid, picked=picked, ignore_case=True
    )
    return span if span and distance(span, sentence) <= NEIGHBOURHOOD else None


def check_naming(speaker: str, naming: Naming) -> None:
    """A speaker and the way they are named must go together. Raises Invalid."""
    if not speaker and naming not in NAMELESS:
        raise Invalid(_("Who says it? Without a speaker choose the naming unspecified or anonymous."), field="speaker")
    if speaker and naming is Naming.UNSPECIFIED:
        raise Invalid(_("Unspecified means that no speaker is mentioned: choose another naming."), field="naming")


PRONOUNS = {"he", "she", "him", "her", "i", "you"}
PLURAL_PRONOUNS = {"they", "them", "we", "us"}
TITLES = {
    "mr", "mrs", "ms", "dr", "prof", "professor", "sir", "dame", "lord", "lady", "mayor", "president", "senator",
    "governor", "judge", "justice", "captain", "sergeant", "officer", "minister", "secretary", "pope", "king", "queen",
    "prince", "princess", "sen", "rep", "gov", "gen", "general", "col", "lt", "rev", "father", "sister", "chief",
}  # fmt: skip
DOCUMENTS = {
    "report", "audit", "study", "survey", "poll", "statement", "letter", "memo", "memorandum", "document", "documents",
    "paper", "article", "act", "law", "bill", "ordinance", "statute", "order", "agreement", "contract", "treaty",
    "complaint", "lawsuit", "indictment", "affidavit", "ruling", "verdict", "transcript", "minutes", "email", "tweet",
    "post", "release", "notice", "log", "book", "newsletter", "records", "filing", "manifesto", "constitution",
}  # fmt: skip
ORGANIZATIONS = {
    "inc", "corp", "corporation", "company", "co", "ltd", "llc", "plc", "gmbh", "ag", "group", "university", "college",
    "school", "institute", "department", "ministry", "agency", "administration", "authority", "bureau", "office",
    "police", "council", "committee", "commission", "board", "court", "parliament", "senate", "congress", "government",
    "association", "society", "union", "federation", "alliance", "coalition", "league", "foundation", "center",
    "centre", "bank", "party", "church", "hospital", "museum", "service", "army", "navy", "times", "news", "herald",
    "tribune", "gazette", "journal", "guardian", "sun-times", "network", "team", "club", "line", "lines", "airlines",
    "campaign", "newspaper", "magazine", "embassy",
}  # fmt: skip
ROLES = {
    "spokesman", "spokeswoman", "spokesperson", "director", "chair", "chairman", "chairwoman", "teacher", "doctor",
    "lawyer", "attorney", "prosecutor", "farmer", "resident", "owner", "manager", "official", "expert", "analyst",
    "professor", "student", "witness", "victim", "man", "woman", "boy", "girl", "author", "leader", "head", "member",
    "driver", "nurse", "master", "reporter", "journalist", "editor", "critic", "activist", "historian", "economist",
    "source", "aide", "neighbour", "neighbor", "skipper", "clerk", "treasurer", "candidate",
}  # fmt: skip
COLLECTIVES = {"people", "police officers", "public", "media", "press", "staff", "crew", "crowd", "opposition", "both"}
KEPT_UPPER = re.compile(r"[A-Z][A-Z&.\-]*[A-Z]\.?")


def speaker_kind(name: str) -> SpeakerKind:
    """The kind of speaker a name reads like, by the first rule that speaks; unknown where none does."""
    words = _head(name)
    return next((kind for rule, kind in KIND_RULES if words and rule(words)), SpeakerKind.UNKNOWN)


def _head(name: str) -> list[str]:
    """The words of the noun phrase itself: no article in front, nothing after a comma, “of”, “for”, “from” or “in”."""
    words = re.split(r",|\s(?:of|for|from|in|at|on|by|with)\s", name.strip())[0].split()
    return words[1:] if words and words[0].casefold() in ("the", "a", "an", "some", "many", "several") else words


def _last(words: Sequence[str]) -> str:
    return re.sub(r"['’]s?$", "", words[-1].casefold()).strip(".")


def _is_pronoun(words: Sequence[str]) -> bool:
    return len(words) == 1 and words[0].casefold() in PRONOUNS


def _is_plural_pronoun(words: Sequence[str]) -> bool:
    return len(words) == 1 and words[0].casefold() in PLURAL_PRONOUNS


def _has_title(words: Sequence[str]) -> bool:
    return words[0].casefold().strip(".") in TITLES and words[-1][0].isupper()


def _is_document(words: Sequence[str]) -> bool:
    # “the Post” and “The Ellory Post” are papers that speak as an organization, “the post” is a text
    return _last(words) in DOCUMENTS and not (_last(words) == "post" and words[-1][0].isupper())


def _is_organization(words: Sequence[str]) -> bool:
    upper = [word for word in words if KEPT_UPPER.fullmatch(word)]
    return _last(words) in ORGANIZATIONS or words[-1] == "Post" or upper == list(words)


def _is_role(words: Sequence[str]) -> bool:
    return _last(words) in ROLES | TITLES


def _is_group(words: Sequence[str]) -> bool:
    last = words[-1]
    return _last(words) in COLLECTIVES or (last.islower() and last.endswith("s") and not last.endswith("ss"))


def _is_name(words: Sequence[str]) -> bool:
    """The last word has a capital: a person's name, as no rule before said otherwise."""
    return words[-1][0].isupper() and any(character.islower() for character in words[-1]) and len(words) <= 8


KIND_RULES: tuple[tuple[Callable[[Sequence[str]], bool], SpeakerKind], ...] = (
    (_is_pronoun, SpeakerKind.PERSON),
    (_is_plural_pronoun, SpeakerKind.GROUP),
    (_is_document, SpeakerKind.DOCUMENT),
    (_is_organization, SpeakerKind.ORGANIZATION),
    (_has_title, SpeakerKind.PERSON),
    (_is_role, SpeakerKind.PERSON),
    (_is_group, SpeakerKind.GROUP),
    (_is_name, SpeakerKind.PERSON),
)

CAPITAL = "[A-ZÀ-ÖØ-Þ]"
NAME = re.compile(  # bounded, so that a text without spaces costs no more than another one
    rf"\b{CAPITAL}[\w’'.\-]{{1,40}}(?<=\w)"
    rf"(?:[ \u00a0](?:(?:of|the|for|and|van|von|de|bin|al) )?{CAPITAL}[\w’'\-]{{1,40}})+"
    r"|\b[A-Z]{2,}\b"
)
NOT_NAMED = re.compile(
    r"^(?:(?:The|A|An|In|On|At|But|And|As|For|When|If|Last|Next|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\s)+"
)


def names_in(text: str, *, limit: int = 50) -> list[str]:
    """Names that an article mentions, the most frequent first: runs of capitalised words, and capitals alone."""
    runs = (re.sub(r"['’]s?$", "", " ".join(match.group().split())) for match in NAME.finditer(text))
    names = Counter(name for name in (NOT_NAMED.sub("", run) for run in runs) if " " in name or name.isupper())
    return [name for name, _ in names.most_common(limit)]
