"""Where the words of an attribution stand, and what goes together. The people in the examples are invented."""

import pytest

from annotator.domain import attributions
from annotator.domain.spans import Span
from annotator.errors import Invalid
from db.vocabulary import Naming, SpeakerKind

TEXT = (
    "The pier is closed. “He said no,” said Ida Holm, “and I agree.” She left.\n\n"
    "Nobody answered.\u2028Ida Holm wrote: “The pier — all of it — is unsafe.”"
)
SENTENCE = Span(20, 63)


def texts(spans: tuple[Span, ...]) -> list[str]:
    return [span.of(TEXT) for span in spans]


def test_the_example_sentence_is_what_it_says() -> None:
    assert SENTENCE.of(TEXT) == "“He said no,” said Ida Holm, “and I agree.”"


def test_one_text_gives_one_span() -> None:
    assert texts(attributions.located(TEXT, "and I agree", SENTENCE, "content")) == ["and I agree"]


def test_no_words_give_no_span() -> None:
    assert attributions.located(TEXT, "  ", SENTENCE, "cue") == ()
    assert attributions.located(TEXT, (), SENTENCE, "cue") == ()


@pytest.mark.parametrize(
    "words",
    [
        ("“He said no,”", "“and I agree.”"),
        ["“and I agree.”", "“He said no,”"],
        "“He said no,” … “and I agree.”",
        '"He said no," [...] "and I agree."',
        "“He said no,” […] “and I agree.”",
        "“He said no,”\r\n“and I agree.”",
    ],
)
def test_pieces_are_found_apart_and_come_in_the_order_of_the_text(words: str | list[str]) -> None:
    assert texts(attributions.located(TEXT, words, SENTENCE, "content")) == ["“He said no,”", "“and I agree.”"]


def test_a_line_break_in_the_article_is_not_the_end_of_a_piece() -> None:
    found = attributions.located(TEXT, "Nobody answered.\nIda Holm wrote", Span(75, 92), "content")
    assert texts(found) == ["Nobody answered.\u2028Ida Holm wrote"]


def test_the_same_words_twice_are_two_places_or_refused() -> None:
    text = "She said it and said it again."
    both = attributions.located(text, ("said it", "said it"), Span(0, len(text)), "cue")
    assert both == (Span(4, 11), Span(16, 23))
    apart = attributions.located(text, "said … again", Span(0, len(text)), "cue", avoid=[Span(0, 12)])
    assert apart == (Span(16, 20), Span(24, 29))
    with pytest.raises(Invalid) as refused:
        attributions.located(text, ("again", "again"), Span(0, len(text)), "cue")
    assert refused.value.field == "cue"
    assert refused.value.message == "Two of the pieces stand at the same place in the article."


def test_words_that_are_not_in_the_article_are_named() -> None:
    with pytest.raises(Invalid, match="These words do not stand in the article: “and we agree”") as refused:
        attributions.located(TEXT, "“He said no,” … and we agree", SENTENCE, "content")
    assert refused.value.field == "content"


def test_long_words_that_are_not_there_are_shortened_in_the_message() -> None:
    for length, shown in ((80, "x" * 80), (81, "x" * 79 + "…"), (200, "x" * 79 + "…")):
        with pytest.raises(Invalid) as refused:
            attributions.located(TEXT, "x" * length, SENTENCE, "content")
        assert refused.value.message == f"These words do not stand in the article: “{shown}”."
    with pytest.raises(Invalid) as refused:
        attributions.located(TEXT, "word " * 100, SENTENCE, "content")
    assert refused.value.message.endswith("word word…”.")


def test_endless_words_are_refused_before_they_are_looked_for() -> None:
    text = "ab " * 60
    assert len(attributions.located(text, ["ab"] * 50, Span(0, 180), "cue")) == 50
    for words in (["ab"] * 51, "x" * 20_001, ["x" * 10_000, "x" * 10_001]):
        with pytest.raises(Invalid) as refused:
            attributions.located(text, words, Span(0, 180), "cue")
        assert refused.value.field == "cue"
        assert refused.value.message == "At most 50 pieces with 20000 characters in all."
    with pytest.raises(Invalid, match="do not stand"):
        attributions.located(text, "x" * 20_000, Span(0, 180), "cue")
    pieces = " … ".join(["ab"] * 50)
    assert len(attributions.located(text, pieces, Span(0, 180), "cue")) == 50
    with pytest.raises(Invalid) as refused:
        attributions.located(text, pieces + "\nab", Span(0, 180), "cue")
    assert (refused.value.field, refused.value.message) == ("cue", "At most 50 pieces.")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("Nobody answered", "The words that were said must stand in this sentence, at least in part."),
        ("", "Say which words are attributed: copy them from the sentence."),
        ("not there", "These words do not stand in the article: “not there”."),
    ],
)
def test_content_must_touch_the_sentence(words: str, message: str) -> None:
    assert texts(attributions.content(TEXT, "agree.” She left", SENTENCE)) == ["agree.” She left"]
    with pytest.raises(Invalid) as refused:
        attributions.content(TEXT, words, SENTENCE)
    assert (refused.value.field, refused.value.message) == ("content", message)


def test_a_cue_is_looked_for_outside_the_words_that_were_said() -> None:
    content = attributions.content(TEXT, ("“He said no,”", "“and I agree.”"), SENTENCE)
    (cue,) = attributions.located(TEXT, "said", SENTENCE, "cue", avoid=content)
    assert cue == Span(34, 38)


def test_a_speaker_is_found_in_the_sentence_or_near_it_or_nowhere() -> None:
    assert attributions.mention(TEXT, "Ida Holm", SENTENCE, ()) == Span(39, 47)
    assert attributions.mention(TEXT, "ida holm", SENTENCE, ()) == Span(39, 47)
    assert attributions.mention(TEXT, "Ida Holm", Span(64, 73), ()) == Span(39, 47)
    assert attributions.mention(TEXT, "Per Holm", SENTENCE, ()) is None


def test_a_name_far_from_the_sentence_is_not_its_mention() -> None:
    text = "Ida Holm came. " + "Nothing. " * 100 + "She spoke."
    assert attributions.mention(text, "Ida Holm", Span(len(text) - 10, len(text)), ()) is None


@pytest.mark.parametrize(("between", "found"), [(600, Span(0, 8)), (601, None)])
def test_a_mention_is_at_most_600_code_points_away(between: int, found: Span | None) -> None:
    text = "Ida Holm" + "." * between + "She spoke."
    assert attributions.mention(text, "Ida Holm", Span(len(text) - 10, len(text)), ()) == found


def test_a_mention_is_looked_for_outside_the_words_that_were_said() -> None:
    text = "“Ask Ida Holm,” said IDA HOLM, that is Ida Holm."
    whole, said = Span(0, len(text)), Span(0, 15)
    assert attributions.mention(text, "Ida Holm", whole, ()) == Span(5, 13)
    assert attributions.mention(text, "Ida Holm", whole, [said]) == Span(39, 47)
    assert attributions.mention(text, "ida holm", whole, [said]) == Span(21, 29)


def test_without_a_speaker_only_unspecified_and_anonymous_are_right() -> None:
    for naming in Naming:
        if naming in (Naming.UNSPECIFIED, Naming.ANONYMOUS):
            attributions.check_naming("", naming)
        else:
            with pytest.raises(Invalid) as refused:
                attributions.check_naming("", naming)
            assert refused.value.field == "speaker"
            assert refused.value.message == (
                "Who says it? Without a speaker choose the naming unspecified or anonymous."
            )


def test_a_speaker_is_never_unspecified() -> None:
    with pytest.raises(Invalid) as refused:
        attributions.check_naming("officials", Naming.UNSPECIFIED)
    assert refused.value.field == "naming"
    assert refused.value.message == "Unspecified means that no speaker is mentioned: choose another naming."
    attributions.check_naming("a senior official", Naming.ANONYMOUS)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Ida Holm", "person"),
        ("Holm", "person"),
        ("harbour master Ida Holm", "person"),
        ("Dr. Holm", "person"),
        ("Mayor Ida Holm", "person"),
        ("she", "person"),
        ("the mayor", "person"),
        ("a spokesman for the police", "person"),
        ("Ida Holm, head of the harbour office", "person"),
        ("the harbour board", "organization"),
        ("Town Council", "organization"),
        ("Department of Fisheries", "organization"),
        ("the Ministry of Ports", "organization"),
        ("NATO", "organization"),
        ("Hask Line", "organization"),
        ("The Ellory Post", "organization"),
        ("the audit", "document"),
        ("the audit's", "document"),
        ("Harbour Safety Act", "document"),
        ("a report from the harbour office", "document"),
        ("residents", "group"),
        ("many local fishermen's wives", "group"),
        ("critics of the plan", "group"),
        ("they", "group"),
        ("the boss", "unknown"),
        *((f"{article} EU", "organization") for article in ("the", "A", "an", "some", "many", "several")),
        ("Acme Inc.", "organization"),
        ("the Post", "organization"),
        ("the local Post", "organization"),
        ("the post", "document"),
        ("Mr. X", "person"),
        ("Mayor", "person"),
        ("Dr. Ida Bea Cleo Dana Eve Fay Gro von Holm", "person"),
        ("Ida Bea Cleo Dana Eve Fay Gro Holm", "person"),
        ("Ida Bea Cleo Dana Eve Fay Gro Hea Holm", "unknown"),
        ("somebody", "unknown"),
        ("", "unknown"),
        ("市長", "unknown"),
    ],
)
def test_the_kind_of_speaker_is_guessed_from_the_name(name: str, kind: str) -> None:
    assert attributions.speaker_kind(name) is SpeakerKind(kind)


def test_names_in_an_article_come_most_frequent_first() -> None:
    text = "Ida Holm and the PHO met. On Monday Ida Holm’s boat sank. The Harbour Board said no."
    assert attributions.names_in(text) == ["Ida Holm", "PHO", "Harbour Board"]
    assert attributions.names_in(text, limit=1) == ["Ida Holm"]
    assert attributions.names_in("") == []


def test_names_are_counted_not_listed_as_they_come() -> None:
    text = "The Harbour Board met. Ida Holm spoke. Ida  Holm's plan failed. In Ida Holm we trust. PHO said so."
    assert attributions.names_in(text) == ["Ida Holm", "Harbour Board", "PHO"]
