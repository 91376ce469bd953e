"""The boundary rules as spaCy components, which mend `is_sent_start` after the model has set it."""

from collections.abc import Callable
from typing import Any

from spacy.language import Language
from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]  # compiled, without types
from spacy.tokens import Doc
from spacy.util import compile_infix_regex

from annotator.nlp import english, marks
from annotator.nlp.tokens import Tokens

ENGLISH_RULES = "english_sentence_rules"
ANY_RULES = "sentence_rules"
INFIXES = (  # where a space is missing, the tokenizer must part what the rules are to part
    r"(?<=\w)[!?]+(?=[A-Z\"“‘(\[])",
    r"(?<=[a-z]{2})[!?]+(?=[a-z]{2})",
    r"(?<=[a-z0-9])\.(?=[(\[“‘][A-Za-z0-9])",
    r"(?<=[.!?])[\"“”‘’«»(\[)\]](?=[A-Z])",
    r"(?<=[.!?,;\w\]])\[(?=\d)",
    r"\](?=\[\d)",
    r"[。！？؟۔।]",
    r"(?<=[.!?؟])[\u200e\u200f]",
    r"(?<=\w)[.!?](?=[\u200e\u200f])",
    r"(?<=[.!?])[¹²³⁰⁴-⁹†‡]+",
    r"(?<=[a-z])[.!?](?=[¹²³⁰⁴-⁹†‡])",
)
Rule = Callable[[Tokens], None]
ANY_LANGUAGE: tuple[Rule, ...] = (  # from what starts a sentence to what forbids it: the later rule wins
    marks.missing_space_parts,
    marks.ruled_lines_part,
    marks.opening_marks_bind_right,
    marks.closing_marks_bind_left,
    marks.footnote_marks_bind_left,
    marks.emoji_bind_left,
    marks.asides_stay_whole,
    marks.quotations_part,
    marks.quotations_go_on,
    marks.short_quotations_stay_whole,
    marks.ellipses_go_on,
    marks.four_dots_part,
    marks.colons_go_on,
    marks.numbered_items_part,
)
ENGLISH: tuple[Rule, ...] = (
    english.unmarked_ends_need_signs_of_the_web,
    english.function_words_go_on,
    english.plain_ends_part,
    english.broken_off_speech_parts,
    english.abbreviations_end_before_starters,
    english.hours_open_sentences,
    english.titles_bind_right,
    english.saints_bind_right,
    english.months_bind_right,
    english.numbers_bind_left,
    english.abbreviations_go_on_in_lower_case,
    english.inner_abbreviations_go_on,
    english.initials_bind_right,
    english.exclaiming_names_go_on,
    english.postscripts_bind_right,
    english.note_numbers_bind_left,
    *ANY_LANGUAGE,
    english.speech_tags_go_on,
    english.datelines_bind_right,
)


def split_missing_spaces(nlp: Language) -> None:
    """Let the tokenizer of a pipeline part words at a final mark or bracket that no space follows."""
    if isinstance(nlp.tokenizer, Tokenizer):
        nlp.tokenizer.infix_finditer = compile_infix_regex([*INFIXES, *(nlp.Defaults.infixes or ())]).finditer


def skip_plain_words(nlp: Language) -> None:
    """Spare words of plain letters the search for affixes, which they do not have and which takes a fifth of the time.

    For a pipeline that is not written to disk: spaCy writes patterns, not functions.
    """
    words: Any = nlp.tokenizer  # the stub knows it only as something that is called
    prefix, suffix, infixes, address = words.prefix_search, words.suffix_search, words.infix_finditer, words.url_match
    words.prefix_search = lambda word: None if is_plain(word[0]) and "$" not in word else prefix(word)
    words.suffix_search = lambda word: None if is_plain(word) else suffix(word)
    words.infix_finditer = lambda word: () if is_plain(word) else infixes(word)
    words.url_match = lambda word: None if is_plain(word) else address(word)


def is_plain(word: str) -> bool:
    """Tell whether there is nothing but the letters of English."""
    return word.isascii() and word.isalpha()


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
    tokens = read(doc)
    before = tokens.starts.copy()
    for rule in rules:
        rule(tokens)
    if before != tokens.starts:
        for index, (old, new) in enumerate(zip(before, tokens.starts, strict=True)):
            if old != new and index:
                doc[index].is_sent_start = bool(new)
    return doc


def read(doc: Doc) -> Tokens:
    """Read the words and boundaries of a doc as arrays, which takes a tenth of the time of reading its tokens."""
    orths, spaces, starts = doc.to_array(["ORTH", "SPACY", "SENT_START"]).T
    strings = doc.vocab.strings
    words = [strings[orth] for orth in orths.tolist()]
    spaced = (spaces != 0).tolist()
    return Tokens(
        "".join([word + " " if space else word for word, space in zip(words, spaced, strict=True)]),
        words,
        glued=[False, *(spaces[:-1] == 0).tolist()],
        starts=bytearray((starts == 1).tobytes()),
    )
