"""The corpus is what its index says, and the recorded demo work fits its articles and the label rules."""

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from annotator.nlp.segment import segment
from db.vocabulary import (
    AttributionType,
    CheckWorthiness,
    ClaimType,
    ClaimVoice,
    Confidence,
    Label,
    Medium,
    Mode,
    Naming,
    NoneReason,
    Record,
    SourceType,
    SpeakerKind,
    Stance,
    Tier,
    Verdict,
    Voice,
)

Line = dict[str, Any]
CORPUS = Path(__file__).parent.parent / "corpus"
SEED = "chicago_police_ice"
SEED_SHA256 = "8e5cc5d5b643345799cfd92535455f233c9742a84d8633378807710d5f5a4a8b"
REVIEWERS = {"Ada Lind", "Ben Okoro", "Cleo Marsh"}
SEED_SOURCES = {"welcoming_city_ordinance", "cpd_ice_agreement", "suntimes_article", "nilc_report"}
PARTIAL_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def read_lines(name: str) -> list[Line]:
    return [json.loads(line) for line in (CORPUS / name).read_text(encoding="utf-8").splitlines()]


def read_text(article: str) -> str:
    return (CORPUS / "articles" / f"{article}.txt").read_bytes().decode("utf-8")


def sentences_of(article: str) -> list[str]:
    text = read_text(article)
    return [text[span.start : span.end] for span in segment(text)]


INDEX = read_lines("index.jsonl")
WORK = read_lines("demo/work.jsonl")
GOLD = read_lines("demo/gold.jsonl")
SOURCES = {source["key"]: source for source in read_lines("demo/sources.jsonl")}
ARTICLES = [entry["id"] for entry in INDEX]
FICTION = [entry["id"] for entry in INDEX if entry["fiction"]]


def attributions() -> Iterator[tuple[Line, Line]]:
    return ((line, attribution) for line in WORK for attribution in line["attributions"])


def claims() -> Iterator[tuple[Line, Line]]:
    return ((line, claim) for line in WORK for claim in line["claims"])


def evidence() -> Iterator[tuple[Line, Line]]:
    return ((line, piece) for line, claim in claims() for piece in claim["evidence"])


def test_every_article_file_is_listed_once_and_every_listed_file_exists() -> None:
    listed = [entry["file"] for entry in INDEX]
    found = [path.relative_to(CORPUS).as_posix() for path in (CORPUS / "articles").iterdir()]
    assert sorted(listed) == sorted(found)
    assert [Path(entry["file"]).stem for entry in INDEX] == ARTICLES


def test_index_states_the_right_hash_language_licence_and_origin() -> None:
    for entry in INDEX:
        assert hashlib.sha256((CORPUS / entry["file"]).read_bytes()).hexdigest() == entry["sha256"], entry["file"]
        assert entry["language"] == "en"
        assert entry["origin"]
        assert entry["license"] == (None if entry["id"] == SEED else "CC0-1.0")


def test_seed_article_has_its_bytes_and_nothing_is_invented_about_it() -> None:
    entry = INDEX[ARTICLES.index(SEED)]
    assert entry["sha256"] == SEED_SHA256
    assert len((CORPUS / entry["file"]).read_bytes()) == 4210
    assert len(read_text(SEED)) == 4198
    assert entry["rights_note"] == "Licence not stated"
    assert not {"published", "publisher", "byline", "url"} & entry.keys()


def test_titles_in_the_index_are_the_first_lines_of_the_articles() -> None:
    for entry in INDEX:
        assert read_text(entry["id"]).partition("\n")[0] == entry["title"]


def test_fiction_says_so_in_the_text_and_in_the_index() -> None:
    assert set(FICTION) == set(ARTICLES) - {SEED}
    for article in FICTION:
        assert "\n\nDisclaimer: This article is fiction" in read_text(article)
        assert "Fiction" in INDEX[ARTICLES.index(article)]["rights_note"]


def test_fiction_has_an_emoji_and_combining_accents_to_count_offsets_with() -> None:
    texts = "".join(map(read_text, FICTION))
    assert "\N{UPSIDE-DOWN FACE}" in texts
    assert "e\N{COMBINING ACUTE ACCENT}" in texts


def test_addresses_lie_under_the_reserved_example_domain() -> None:
    names = ["index.jsonl", "demo/work.jsonl", "demo/sources.jsonl", "demo/gold.jsonl"]
    names += [entry["file"] for entry in INDEX]
    hosts = [host for name in names for host in re.findall(r"https?://([^/\s\"]+)", (CORPUS / name).read_text("utf-8"))]
    assert len(hosts) > 10
    assert [host for host in hosts if not host.endswith(".example")] == []


@pytest.mark.parametrize("article", ARTICLES)
def test_demo_work_and_gold_use_the_sentences_of_the_segmentation(article: str) -> None:
    found = sentences_of(article)
    used = {line["sentence"] for line in WORK + GOLD if line["article"] == article}
    assert used == set(found)
    assert len(found) == {SEED: 30}.get(article, 28)


def test_each_sentence_occurs_in_its_article_exactly_once() -> None:
    for line in WORK + GOLD:
        assert read_text(line["article"]).count(line["sentence"]) == 1, line["sentence"]


def test_no_reviewer_labels_a_sentence_twice_and_time_never_runs_back() -> None:
    twice = Counter((line["article"], line["sentence"], line["reviewer"]) for line in WORK)
    assert set(twice.values()) == {1}
    minutes = defaultdict(list)
    for line in WORK:
        minutes[line["reviewer"]].append(line["minutes"])
    assert minutes.keys() == REVIEWERS
    assert all(offsets == sorted(offsets) and offsets[0] >= 0 for offsets in minutes.values())


def test_two_articles_are_finished_and_the_third_is_half_done_and_not_begun() -> None:
    done = Counter((line["article"], line["reviewer"]) for line in WORK)
    rows = [[done[article, reviewer] for reviewer in sorted(REVIEWERS)] for article in ARTICLES]
    assert rows == [[30, 30, 30], [28, 28, 28], [28, 14, 0]]


def test_labels_have_voices_and_none_and_unsure_have_neither() -> None:
    for line in WORK + GOLD:
        labels = set(line["labels"])
        assert labels <= set(Label), line
        assert line["voices"].keys() == labels - {Label.QUOTE}, line
        assert set(line["voices"].values()) <= set(Voice), line
        assert [bool(labels), line["none_reason"] is not None, line.get("unsure", False)].count(True) == 1, line
        assert line["none_reason"] in {None, *NoneReason}, line


def test_parts_hang_only_on_a_label_that_carries_them() -> None:
    for line, claim in claims():
        assert Label.CLAIM in line["labels"], line
        assert line["voices"]["claim"] in {claim["voice"], Voice.BOTH}, line
    for line, attribution in attributions():
        silent = attribution["mode"] in {Mode.BELIEF, Mode.INTENTION}
        assert silent or Label.QUOTE in line["labels"], line


def test_words_of_the_work_are_words_of_the_database() -> None:
    for line in WORK:
        assert line["confidence"] in {None, *Confidence}
    for _, attribution in attributions():
        assert attribution["speaker_kind"] in set(SpeakerKind)
        assert attribution["type"] in set(AttributionType)
        assert attribution["mode"] in set(Mode)
        assert attribution["naming"] in set(Naming)
        assert attribution["record"] in set(Record)
    for _, claim in claims():
        assert claim["claim_type"] in set(ClaimType)
        assert claim["check_worthiness"] in {None, *CheckWorthiness}
        assert claim["voice"] in set(ClaimVoice)
        assert claim["verdict"] in {None, *Verdict}
        assert claim["claim_date"] is None or PARTIAL_DATE.fullmatch(claim["claim_date"])
    for _, piece in evidence():
        assert piece["stance"] in set(Stance)
        assert piece["accessed_on"] is None or PARTIAL_DATE.fullmatch(piece["accessed_on"])


def test_words_of_the_sources_are_words_of_the_database() -> None:
    for source in SOURCES.values():
        assert source["type"] in set(SourceType)
        assert source["tier"] in set(Tier)
        assert source["medium"] in {None, *Medium}
        assert source["issued"] is None or PARTIAL_DATE.fullmatch(source["issued"])


def test_speaker_cue_and_content_are_words_of_the_article() -> None:
    for line, attribution in attributions():
        text = read_text(line["article"])
        speaker = [attribution["speaker"]] if attribution["speaker"] else []
        assert attribution["content"], line
        missing = [words for words in speaker + attribution["cue"] + attribution["content"] if words not in text]
        assert missing == [], line


def test_content_lies_in_the_sentence_and_words_outside_it_are_not_ambiguous() -> None:
    for line, attribution in attributions():
        text = read_text(line["article"])
        assert all(words in line["sentence"] for words in attribution["content"]), line
        outside = [words for words in attribution["cue"] if words not in line["sentence"]]
        assert all(text.count(words) == 1 for words in outside), line


def test_an_attribution_without_a_speaker_is_unspecified() -> None:
    for line, attribution in attributions():
        assert (attribution["speaker"] is None) == (attribution["naming"] == Naming.UNSPECIFIED), line


def test_references_inside_a_line_and_to_sources_resolve() -> None:
    for line, attribution in attributions():
        parent = attribution["parent"]
        assert parent is None or 0 <= parent < line["attributions"].index(attribution), line
        assert attribution["source"] in {None, *SOURCES}, line
    for line, claim in claims():
        assert claim["attribution"] is None or claim["attribution"] < len(line["attributions"]), line
        assert claim["attribution"] is None or claim["voice"] == ClaimVoice.ATTRIBUTED, line
    assert {piece["source"] for _, piece in evidence()} <= SOURCES.keys()


def test_every_source_is_used() -> None:
    used = {piece["source"] for _, piece in evidence()} | {attribution["source"] for _, attribution in attributions()}
    assert used - {None} == SOURCES.keys()


def test_seed_evidence_cites_only_named_documents_as_context_without_addresses() -> None:
    pieces = [piece for line, piece in evidence() if line["article"] == SEED]
    assert {piece["source"] for piece in pieces} == SEED_SOURCES
    for piece in pieces:
        assert piece["stance"] == Stance.CONTEXT
        assert [piece["excerpt"], piece["locator"], piece["accessed_on"]] == [None, None, None]
    assert [SOURCES[key]["url"] for key in sorted(SEED_SOURCES)] == [None] * 4
    assert {key for key, source in SOURCES.items() if source["url"] is None} == SEED_SOURCES


def test_seed_sources_are_cited_nowhere_else() -> None:
    cited = {piece["source"] for line, piece in evidence() if line["article"] != SEED}
    cited |= {attribution["source"] for line, attribution in attributions() if line["article"] != SEED}
    assert not cited & SEED_SOURCES


def test_no_verdict_is_given_on_the_seed_article() -> None:
    given = [claim for line, claim in claims() if line["article"] == SEED]
    assert len(given) >= 5
    assert [claim for claim in given if claim["verdict"] or claim["verdict_note"]] == []
    assert [line for line in GOLD if line["article"] == SEED and line["take"]] == []


def test_fiction_has_every_verdict_and_every_stance_and_each_verdict_has_evidence() -> None:
    given = [claim for line, claim in claims() if line["article"] != SEED]
    assert {claim["verdict"] for claim in given if claim["verdict"]} == set(Verdict)
    assert {piece["stance"] for claim in given for piece in claim["evidence"]} == set(Stance)
    assert all(claim["evidence"] for claim in given if claim["verdict"])


def test_gold_decides_disputed_sentences_of_finished_articles_with_a_reason() -> None:
    assert len({(line["article"], line["sentence"]) for line in GOLD}) == len(GOLD)
    for line in GOLD:
        sets = [
            row["labels"] for row in WORK if (row["article"], row["sentence"]) == (line["article"], line["sentence"])
        ]
        assert len(sets) == len(REVIEWERS), line
        assert any(labels != sets[0] for labels in sets), line
        assert re.search(r"[Qq]uestions? [1-4]|Deletion test", line["reason"]), line


def test_gold_takes_parts_that_a_reviewer_recorded() -> None:
    rows = {(row["article"], row["sentence"], row["reviewer"]): row for row in WORK}
    taken = [line for line in GOLD if line["take"]]
    assert taken
    for line in taken:
        for part in ("attributions", "claims"):
            reviewer = line["take"][f"{part}_of"]
            assert reviewer is None or rows[line["article"], line["sentence"], reviewer][part], line


def test_reviewers_disagree_on_labels_voices_and_speakers_but_agree_on_plain_sentences() -> None:
    rows = defaultdict(list)
    for line in WORK:
        if line["article"] == SEED:
            rows[line["sentence"]].append(line)
    exact = [group for group in rows.values() if all(line["labels"] == group[0]["labels"] for line in group)]
    assert 10 <= len(exact) <= 20
    for label in ("claim", "opinion"):
        voices = [{line["voices"][label] for line in group if label in line["voices"]} for group in rows.values()]
        assert any(len(found) > 1 for found in voices), label
    speakers = [
        {first.get("speaker_name", first["speaker"]) for line in group for first in line["attributions"][:1]}
        for group in rows.values()
    ]
    assert any(len(names) > 1 for names in speakers)
    assert any(line["loaded_language"] != group[0]["loaded_language"] for group in exact for line in group)
    assert sum(line["unsure"] for group in rows.values() for line in group) == 1
    assert sum(line["confidence"] == Confidence.LOW for group in rows.values() for line in group) >= 3
