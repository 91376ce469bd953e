"""Sentences of whole texts, with the model that ships."""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import spacy

from annotator.nlp.blocks import Block
from annotator.nlp.evaluate import Counts
from annotator.nlp.model.train import CREDIT
from annotator.nlp.rules import split_missing_spaces
from annotator.nlp.segment import (
    MODEL,
    MODEL_VERSION,
    RULES_VERSION,
    WINDOW,
    Segmented,
    SentenceSpan,
    engine,
    pipeline,
    segment,
    segment_many,
)
from annotator.nlp.words import words_of
from db.vocabulary import BlockKind
from tests.nlp.marked import found

SEED = Path(__file__).parents[2] / "corpus" / "articles" / "chicago_police_ice.txt"
HARD = Path(__file__).with_name("hard_sentences.txt")  # fiction; the rules were written with it in view
NEWS = """\
The talks with Dr. Lind and Prof. Aune went on until noon. |Mr. Berg left early.
She met Gen. Anna Holm and Sen. Bo Ek on Tuesday.
Turn to p. 14 and read Sec. 3 of the act, then see No. 9. |It is short.
The plant, on 3rd St. in Eastville, closed. |St. Olav's Hospital took the injured.
The deal with Holt & Co. closed on Friday. |They sold it to Brin Inc. |The price was not given.
Brin Inc. Chief Executive Tom Lund declined to comment.
He has lived in the U.S. for ten years. |She moved to the U.K. |It rains there.
The U.S. Senate voted on Monday. |He returned to the U.S. Army.
The meeting begins at 9 a.m. Monday. |It ends at 5 p.m. |Then everyone goes home.
At 7 p.m. Mr. Berg rang the bell. |He rang again at 8 P.M. |The door stayed shut.
It rose 4.5 percent. |12 people came. |It was $3.5 million in 2010. |The rest is gone.
He turned to me, "That is fine." she said.
"Is it over?" she asked. |"Yes," he said.
“Will you run?” Mayor Lind asked. |“I might!” Berg shouted.
She asked, “Why now?” |Nobody answered.
“We won,” he said. |“We won the cup. |We did it.”
“We are done,” Lind said, “and we are going home.” |He left at noon.
“The mayor said, ‘No way!’ and left,” said Holm.
“He said, ‘I am done.’” |The room fell silent.
“Never!” |“Always!” |The crowd was split.
1. Wash the pot. |2. Dry it. |3. Put it away.
a. Wash the pot |b. Dry it |c. Put it away
He teaches art (he was a painter for ten years.) at the school.
The [agreement] is around trade, which is separate. |It [the city] said so.
She works at Yahoo! in the sales team. |He likes Yahoo! News.
CHICAGO (AP) — The mayor resigned. |She was 50.
LONDON, Jan. 5 (Reuters) - Oil fell on Monday.
J. K. Holm wrote it with Albert I. Jonsson. |George W. Lind did not.
The store will close. |The owner said so. |Who knew?
The store will close.|The owner said so.|Who knew?|Nobody did.
Sales rose.[4] |Profits fell.[5][6] |Costs fell. [7] |That was all.
He said: This is not what we want. |She said: “No.”
She said „Das ist gut.“ |He left.
«Il est là.» |Elle part.
»Das ist gut.« |Er ging.
The claim was ”very false“ in May. |It was ”wrong.“ |He left."""


def test_seed_article_has_thirty_sentences_five_of_them_headings_and_one_a_disclaimer() -> None:
    text = SEED.read_text(encoding="utf-8")
    (result,) = segment_many([(text, "en")])
    kinds = [result.blocks[sentence.block].kind for sentence in result.sentences]
    sentences = [text[sentence.start : sentence.end] for sentence in result.sentences]
    assert len(sentences) == 30
    assert kinds.count(BlockKind.HEADING) == 5
    assert kinds.count(BlockKind.DISCLAIMER) == 1
    assert "Anthony Guglielmi adds: This is not a partnership in immigration enforcement." in sentences
    assert "The [agreement] is around Homeland Security, which is a distinct and separate activity." in sentences
    assert sentences[-1] == "Disclaimer: Information on this website is not legal advice."


@pytest.mark.parametrize("marked", NEWS.splitlines())
def test_news_is_cut_where_a_reader_would_cut_it(marked: str) -> None:
    assert found(marked.replace("|", "")) == marked


def test_hard_cases_are_cut_as_a_reader_would_cut_them_but_for_a_few() -> None:
    counts = Counts()
    for marked in HARD.read_text(encoding="utf-8").splitlines():
        if not marked.startswith("# "):
            counts.add(spans_of(found(marked.replace("|", ""))), spans_of(marked))
    assert counts.gold > 200
    assert counts.f1(counts.spans) >= 98
    assert counts.f1(counts.ends) >= 98.5


def spans_of(marked: str) -> list[tuple[int, int]]:
    """Spans of the sentences of a marked text."""
    places, start = [], 0
    for part in marked.split("|"):
        places.append((start, start + len(part.rstrip())))
        start += len(part)
    return places


def test_offsets_count_code_points() -> None:
    text = "👨🏻‍🚒 helped. Cafe\u0301 Lind burned. \u05d4\u05d5\u05d0 \u05d4\u05dc\u05da."
    first, *_, last = segment(text)
    assert text[first.start : first.end] == "👨🏻‍🚒 helped."
    assert last.end == len(text)


def test_right_to_left_text_keeps_its_offsets() -> None:
    text = "قال الرجل إنه سيعود غدا. هل يعود؟ نعم."
    assert [text[s.start : s.end] for s in segment(text, language="ar")] == [
        "قال الرجل إنه سيعود غدا.",
        "هل يعود؟",
        "نعم.",
    ]


@pytest.mark.parametrize(
    ("language", "marked"),
    [
        ("de", "Er kam am Montag. |„Das ist gut.“ |Sie ging [2]. |Wer weiß?"),
        ("es", "Se fue. |«Está bien.» |¿Quién sabe? |Ella no."),
        ("zh", "他来了。|她走了。|真的吗？|是的。"),
        ("hi", "वह आया। |वह चला गया।"),
        ("pt-BR", "Ele veio. |Ela saiu?"),
        ("fr", "Il est parti. |« C'est bien », dit M. Lund. |Qui sait ?"),
        ("ru", "Он ушёл. |«Это хорошо», — сказала она. |Кто знает?"),
        ("ja", "彼は来た。|彼女は行った。|本当？|はい。"),
        ("he", "הוא הלך. |היא נשארה? |כן."),
        ("fa", "او رفت. |آیا برمی\u200cگردد؟ |بله."),
        ("ur", "وہ آیا۔ |وہ چلا گیا۔"),
        ("ar", "\u200fقال: نعم.\u200f |هل يعود؟ 🙂 |لا."),
        ("xx", "Ab cd. |Ef gh!"),
        ("no such language", "Ab cd. |Ef gh!"),
        ("qq", "Ab cd. |Ef gh!"),
    ],
)
def test_other_languages_follow_the_rules_of_spacy(language: str, marked: str) -> None:
    assert found(marked.replace("|", ""), language) == marked


def test_unknown_languages_share_one_pipeline() -> None:
    assert pipeline("qq") is pipeline("xx") is pipeline("qx")


def test_region_does_not_change_the_engine() -> None:
    assert engine("en-GB") == engine("EN_us") == engine()


def test_engine_names_model_and_versions() -> None:
    assert engine().startswith(f"annotator-senter {MODEL_VERSION} annotator-rules {RULES_VERSION} spacy 3.")
    assert engine("de").startswith(f"annotator-rules {RULES_VERSION} de spacy 3.")
    assert engine("qq").startswith(f"annotator-rules {RULES_VERSION} xx spacy 3.")


def test_pipeline_that_is_not_installed_is_an_error() -> None:
    with pytest.raises(OSError, match="no_such_pipeline"):
        segment("It rained.", installed="no_such_pipeline")


def test_installed_pipeline_finds_the_sentences_and_the_rules_mend_them() -> None:
    text = "She met Gen. Holm. It rained."
    assert [text[s.start : s.end] for s in segment(text, installed=str(MODEL))] == ["She met Gen. Holm.", "It rained."]
    assert engine(installed=str(MODEL)).startswith(f"en_annotator_senter {MODEL_VERSION} annotator-rules")


def test_given_blocks_are_used() -> None:
    known = [Block(0, 2, BlockKind.LIST_ITEM), Block(3, 10, BlockKind.PARAGRAPH)]
    assert segment("It rained.", blocks=known) == [SentenceSpan(0, 2, 0), SentenceSpan(3, 10, 1)]


def test_sentences_end_with_the_row_of_a_table() -> None:
    text = "town | rain | snow\nEastville | 5 mm | none"
    assert [text[s.start : s.end] for s in segment(text)] == text.split("\n")


def test_several_spaces_change_nothing() -> None:
    assert (
        found("He left at 5 p.m.  The door \t shut.   It rained.")
        == "He left at 5 p.m.  |The door \t shut.   |It rained."
    )


def test_wrapped_lines_are_no_boundary() -> None:
    text = "The mayor of Eastville said on Monday that she would\nresign in May. Per Holm,\nher deputy, follows."
    assert (
        found(text)
        == "The mayor of Eastville said on Monday that she would\nresign in May. |Per Holm,\nher deputy, follows."
    )


def test_block_of_a_million_characters_is_cut_at_every_sentence() -> None:
    sentence = "The cat sat on the mat and saw Mr. Berg. "
    text = (sentence * 25_000)[:1_000_000]
    spans = segment(text)
    assert len(spans) == -(-len(text) // len(sentence))
    assert {text[s.start : s.end] for s in spans[:-1]} == {sentence.strip()}


def test_sentence_longer_than_a_window_stays_whole() -> None:
    text = "She said that " + "the cat saw the dog and " * (2 * WINDOW // 24) + "left."
    assert len(text) > 5_000
    assert found(f"{text} It rained.") == f"{text} |It rained."


def test_word_longer_than_a_window_stays_whole() -> None:
    assert segment("a" * (3 * WINDOW + 1)) == [SentenceSpan(0, 3 * WINDOW + 1, 0)]


def test_empty_texts_have_no_sentence() -> None:
    assert list(segment_many([("", "en"), (" \n", "de")])) == [Segmented([], []), Segmented([], [])]


def test_texts_are_taken_as_results_are_asked_for() -> None:
    taken = 0

    def texts() -> Iterator[tuple[str, str]]:
        nonlocal taken
        while True:
            taken += 1
            yield "It rained in Eastville. " * 400, "en"

    results = segment_many(texts())
    next(results)
    assert taken < 50


def test_languages_may_alternate() -> None:
    texts = [("It rained.", "en"), ("Es regnet. Na gut.", "de"), ("It rained. It did.", "en")]
    assert [len(result.sentences) for result in segment_many(texts)] == [1, 2, 2]


def test_words_are_parted_as_spacy_parts_them_also_where_the_search_for_affixes_is_spared() -> None:
    words = words_of(
        "mill. “mill” C$ C$5 US$500 the's THE'S don't U.S.A. 5km 10a.m. 9am it’s a@x.org www.x.org http://x.org/a?b=c "
        "end.The end,the a-b a--b foo/bar foo_bar e\u0301lan. él, ﬁne ªx x² 🙂x cannot gonna Id we're O'Brien's"
    )
    plain, ours = spacy.load(MODEL), pipeline("en").tokenizer
    split_missing_spaces(plain)
    assert [[token.text for token in ours(word)] for word in words] == [
        [t.text for t in plain.tokenizer(word)] for word in words
    ]


def test_spacy_is_not_imported_before_a_text_is_segmented() -> None:
    code = "import annotator.nlp.segment, sys; sys.exit('spacy' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_pipeline_that_has_met_too_many_words_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    before = pipeline("en")
    segment("It rained.")
    assert pipeline("en") is before
    monkeypatch.setattr("annotator.nlp.segment.VOCABULARY", 10)
    segment("It rained.")
    assert pipeline("en") is not before
    assert found("It rained. It snowed.") == "It rained. |It snowed."


def test_credit_is_beside_the_weights() -> None:
    assert CREDIT in (MODEL.parent / "LICENCE").read_text(encoding="utf-8")
    assert pipeline("en").meta["license"] == "CC BY-SA 4.0"
    assert pipeline("en").meta["description"] == CREDIT
    assert pipeline("en").meta["version"] == MODEL_VERSION


def test_weights_are_for_every_spacy_that_the_project_allows() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (spacy,) = [name for name in project["dependencies"] if name.startswith("spacy")]
    assert spacy == f"spacy{pipeline('en').meta['spacy_version']}"
