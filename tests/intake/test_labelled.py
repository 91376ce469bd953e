"""What was labelled in Label Studio and doccano comes in: places, people, labels, and what is lost. All is fiction."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import col, select

from annotator.errors import Invalid
from annotator.export import formats as exports
from annotator.export import labelstudio as written
from annotator.intake import doccano, formats, labelstudio
from annotator.intake.incoming import GivenLabels, Incoming, Rejected
from annotator.intake.labelled import NO_PLACE, Places, Reading, Tool, other_label, parse_map
from annotator.services import articles, labelled
from annotator.services.articles import ImportReport
from annotator.services.storing import File
from db import canonical, integrity
from db.engine import Database, open_database
from db.models import Annotation, Article, Assignment, ImportBatch, Reviewer, Sentence
from tests import factories
from tests.conftest import Command, prepare
from tests.export import bridge

TEXT = "The 👨🏻\u200d🚒 tolls rose.\r\n\r\n“Cafe\u0301s lose,” she said.\u2028قال العمدة: the ferry is ugly."
STORED = TEXT.replace("\r\n", "\n")
SENTENCES = ("The 👨🏻\u200d🚒 tolls rose.", "“Cafe\u0301s lose,” she said.", "قال العمدة: the ferry is ugly.")


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def region(words: str, *labels: str, utf16: bool = False, quoted: bool = True) -> dict[str, Any]:
    before = TEXT[: TEXT.index(words)]
    start, length = (units(before), units(words)) if utf16 else (len(before), len(words))
    value = {"start": start, "end": start + length, "labels": list(labels), **({"text": words} if quoted else {})}
    return {"id": words, "type": "labels", "from_name": "label", "to_name": "text", "value": value}


def annotation(by: Any, *results: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"completed_by": by, "result": list(results), **more}


def task(*annotations: dict[str, Any], text: str = TEXT, **more: Any) -> dict[str, Any]:
    return {"id": 7, "data": {"text": text, **more}, "annotations": list(annotations), "predictions": []}


def tasks(*given: dict[str, Any]) -> bytes:
    return json.dumps(given).encode()


def lines(*given: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(one).encode() + b"\n" for one in given)


def read(kind: Tool, data: bytes, *names: str, file: str = "Mila.jsonl") -> Incoming:
    found = next(formats.read(kind, data, Reading(parse_map(names)), file))
    assert isinstance(found, Incoming), found
    return found


def words(found: Incoming) -> list[tuple[str, str, set[str]]]:
    return [(one.by, found.text[one.start : one.end], set(one.words)) for one in found.labels]


def bring_in(database: Database, kind: Tool, data: bytes, *names: str, file: str = "Mila.jsonl") -> ImportReport:
    records = formats.read(kind, data, Reading(parse_map(names)), file)
    return articles.import_articles(
        database, records, File(formats.stored_as(kind), file, canonical.sha256(data), kind)
    )


def stored(database: Database) -> dict[tuple[str, str], tuple[str, set[str]]]:
    """Status and labels by reviewer and the words of the sentence."""
    with database.read() as session:
        rows = session.exec(
            select(Annotation, Reviewer.name, Sentence, Article.text)
            .join(Reviewer, col(Reviewer.id) == Annotation.reviewer_id)
            .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
            .join(Article, col(Article.id) == Sentence.article_id)
        ).all()
    return {
        (name, text[s.start_cp : s.end_cp]): (
            a.status, {n for n in ("claim", "quote", "opinion") if getattr(a, f"is_{n}")},
        )
        for a, name, s, text in rows
    }  # fmt: skip


@pytest.mark.parametrize("utf16", [False, True])
def test_regions_stand_on_their_words_in_either_unit_and_over_crlf(utf16: bool) -> None:
    wanted = ("tolls rose", "Cafe\u0301s lose", "the ferry is ugly")
    results = [region(w, "Claim", utf16=utf16) for w in wanted]
    found = read(Tool.LABELSTUDIO, tasks(task(annotation({"email": "mila@paper.example"}, *results))))
    assert found.text == STORED
    assert words(found) == [("mila@paper.example", w, {"claim"}) for w in wanted]


def test_a_region_without_quoted_words_is_read_in_the_unit_of_the_others() -> None:
    results = [region("tolls rose", "claim", utf16=True), region("the ferry", "opinion", utf16=True, quoted=False)]
    found = read(Tool.LABELSTUDIO, tasks(task(annotation(3, *results))))
    assert words(found) == [
        ("Label Studio user 3", "tolls rose", {"claim"}), ("Label Studio user 3", "the ferry", {"opinion"}),
    ]  # fmt: skip


def test_a_region_that_does_not_hold_its_words_is_lost_and_counted() -> None:
    wrong = region("tolls rose", "claim")
    wrong["value"]["text"] = "bridge fell"
    outside = region("tolls rose", "claim", quoted=False)
    outside["value"]["end"] = 10_000
    found = read(Tool.LABELSTUDIO, tasks(task(annotation(1, wrong, outside, region("she said", "quote")))))
    assert words(found) == [("Label Studio user 1", "she said", {"quote"})]
    assert found.lost == {NO_PLACE: 2}


def test_places_inside_a_character_are_none() -> None:
    places = Places("a😀b\r\nc")
    assert [places.at(n, utf16=True) for n in range(7)] == [0, 1, None, 2, 3, 3, 4]
    assert places.at(-1, utf16=False) is None
    assert Places("\ufeffab").at(2, utf16=False) == 1


def test_what_else_a_task_holds_is_counted() -> None:
    given = task(
        annotation(1, region("tolls rose", "claim", "Place"), {"type": "rating", "value": {"rating": 4}}),
        annotation(2, region("tolls rose", "claim"), was_cancelled=True),
        annotation(3, region("tolls rose", "quote"), ground_truth=True),
        colour="red",
    )
    given["predictions"] = [{"result": []}]
    found = read(Tool.LABELSTUDIO, tasks(given))
    assert found.unknown == ("colour",)
    assert found.lost == {
        other_label("Place"): 1, "results of the type “rating”": 1, labelstudio.SKIPPED: 1, labelstudio.TRUTH: 1,
        labelstudio.PREDICTIONS: 1,
    }  # fmt: skip


def test_labels_are_called_ours_by_map_in_any_case() -> None:
    given = tasks(task(annotation(1, region("tolls rose", "FACTUAL"), region("ugly", "Remark"))))
    found = read(Tool.LABELSTUDIO, given, "factual=Claim", "Remark = opinion")
    assert [set(one.words) for one in found.labels] == [{"claim"}, {"opinion"}]
    for wrong in ("factual", "=claim", "x=fact"):
        with pytest.raises(Invalid, match="their label=ours"):
            parse_map([wrong])


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (Tool.LABELSTUDIO, tasks(task(annotation(1, region("tolls rose", "Place"))))),
        (Tool.DOCCANO, lines({"text": TEXT, "label": [[0, 3, "Place"]]})),
    ],
)
def test_a_file_of_which_no_label_maps_is_refused_in_words_and_stores_nothing(
    database: Database, kind: Tool, data: bytes
) -> None:
    report = bring_in(database, kind, data)
    assert "“Place” (1)" in report.rejected[0].reason
    assert "“Place=claim”" in report.rejected[0].reason
    assert (report.batch, stored(database)) == (None, {})


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"{", "not JSON"), (b"{}", "not tasks"), (b"[]", "not tasks"), (b"[1]", "task 1: has no data"),
        (b'[{"text": "JSON-MIN"}]', "not as JSON-MIN"), (b"\xff", "not valid UTF-8"),
        (b'[{"data": {"a": "x", "b": "y"}}]', "is missing"), (b"[" * 90_000, "nested"),
        (b'[{"data": {"text": "\\ud800"}}]', "lone surrogate"), (b'[{"data": {"text": ""}}]', "no text"),
        (b'[{"data": {"text": "A word.", "\\ud800": 1}}]', "lone surrogate"),
    ],
)  # fmt: skip
def test_what_are_no_tasks_is_refused_in_words(data: bytes, reason: str) -> None:
    found = next(labelstudio.read(data, Reading()))
    assert isinstance(found, Rejected)
    assert reason in str(found)


def test_damaged_annotations_are_left_out_and_never_an_error() -> None:
    odd: list[Any] = [None, 3, "x", [], {}, {"type": "labels"}, {"type": "labels", "value": {"labels": "claim"}}]
    odd.append({"type": "labels", "value": {"labels": ["claim"], "start": "0", "end": True}})
    odd.append({"type": "labels", "value": {"labels": [{"a": 1}], "start": 0, "end": 2}})
    given = [{"data": {"text": "A word."}, "annotations": [{"result": odd}, {"result": 4}, 5, None]}]
    given.append({"data": {"text": "Two."}, "annotations": [annotation(1, region("tolls rose", "claim"))]})
    found = [one for one in labelstudio.read(json.dumps(given).encode(), Reading()) if isinstance(one, Incoming)]
    assert [one.labels for one in found] == [(), ()]
    assert (found[0].lost[NO_PLACE], found[1].lost[NO_PLACE]) == (1, 1)


def test_each_annotator_has_their_own_labels_on_the_sentences_their_spans_cover(any_database: Database) -> None:
    whole = f"{SENTENCES[1]}\u2028{SENTENCES[2]}"
    given = tasks(
        task(
            annotation({"first_name": "Mila", "last_name": "Roth"}, region("tolls rose", "claim")),
            annotation({"first_name": "Joon"}, region("tolls rose", "opinion"), region(whole, "quote")),
        )
    )
    report = bring_in(any_database, Tool.LABELSTUDIO, given)
    assert report.labels == {"Mila Roth": 1, "Joon": 3}
    assert report.lost == {labelled.INSIDE: 2, labelled.SEVERAL: 1}
    assert stored(any_database) == {
        ("Mila Roth", SENTENCES[0]): ("complete", {"claim"}),
        ("Joon", SENTENCES[0]): ("complete", {"opinion"}),
        ("Joon", SENTENCES[1]): ("complete", {"quote"}),
        ("Joon", SENTENCES[2]): ("complete", {"quote"}),
    }
    assert list(integrity.check(any_database)) == []
    with any_database.read() as session:
        people = {p.name: p for p in session.exec(select(Reviewer))}
        states = {(a.reviewer_id, a.state) for a in session.exec(select(Assignment))}
        kept = canonical.decode(session.exec(select(ImportBatch.report)).one())
        origins = set(session.exec(select(Annotation.origin)))
    assert {(p.role, p.secret_hash) for p in people.values()} == {("reviewer", None)}
    assert states == {(people["Mila Roth"].id, "open"), (people["Joon"].id, "finished")}
    assert (kept["labelled"], kept["lost"], kept["tool"]) == (dict(report.labels), dict(report.lost), "labelstudio")
    assert origins == {"import"}


def test_the_same_file_again_changes_nothing_and_another_annotator_is_added(any_database: Database) -> None:
    first = lines({"id": 1, "text": STORED, "label": [[0, 5, "claim"]]})
    assert bring_in(any_database, Tool.DOCCANO, first).labels == {"Mila": 1}
    again = bring_in(any_database, Tool.DOCCANO, first)
    assert (again.batch, len(again.duplicate), again.labels) == (None, 1, {})
    other = bring_in(any_database, Tool.DOCCANO, first, file="Joon.jsonl")
    assert (other.labels, other.counts()["accepted"]) == ({"Joon": 1}, 0)
    assert {name for name, _ in stored(any_database)} == {"Mila", "Joon"}
    assert list(integrity.check(any_database)) == []


def test_spans_of_doccano_are_code_points_and_its_entries_name_their_user() -> None:
    start = STORED.index("the ferry")
    given = {
        "id": 4, "text": STORED, "Comments": ["hm"], "relations": [{}], "source": "x",
        "entities": [
            {"id": 1, "label": "Opinion", "start_offset": start, "end_offset": len(STORED), "user": "joon"},
            {"id": 2, "label": "Claim", "start_offset": 0, "end_offset": 9_999},
        ],
    }  # fmt: skip
    found = read(Tool.DOCCANO, lines(given))
    assert words(found) == [("joon", "the ferry is ugly.", {"opinion"})]
    assert found.lost == {doccano.RELATIONS: 1, doccano.COMMENTS: 1, NO_PLACE: 1}
    assert found.unknown == ("source",)


def test_a_class_of_a_text_is_the_label_of_its_sentences(database: Database) -> None:
    given = lines(
        {"id": 1, "text": "The toll rose.", "label": ["claim"]},
        {"id": 2, "text": "It rained. It was dull.", "label": ["opinion"]},
        {"id": 3, "text": "What now?", "label": ["none", "unsure"]},
        {"id": 4, "text": "Nothing is said of this.", "label": []},
    )
    report = bring_in(database, Tool.DOCCANO, given)
    assert report.counts()["accepted"] == 4
    assert report.lost == {labelled.SEVERAL: 1}
    assert stored(database) == {
        ("Mila", "The toll rose."): ("complete", {"claim"}),
        ("Mila", "It rained."): ("complete", {"opinion"}),
        ("Mila", "It was dull."): ("complete", {"opinion"}),
        ("Mila", "What now?"): ("complete", set()),
    }


def test_a_span_that_reaches_a_little_into_a_sentence_does_not_mark_it() -> None:
    work = labelled.Work()
    sentences = [(0, 50), (51, 100), (101, 150)]
    work.add("art_1", sentences, [GivenLabels("Mila", 10, 55, frozenset({"claim"}))])
    work.add("art_2", sentences, [GivenLabels("Mila", 40, 110, frozenset({"claim"}))])
    assert [list(found) for found in work.judged.values()] == [[(0, 50)], [(51, 100)]]


def test_a_name_no_reviewer_can_have_is_refused(database: Database) -> None:
    given = tasks(task(annotation({"username": "x" * 99}, region("tolls rose", "claim"))))
    report = bring_in(database, Tool.LABELSTUDIO, given)
    assert report.rejected[0].field == "annotator"
    assert (report.batch, stored(database)) == (None, {})


def test_jsonl_is_doccanos_when_its_first_record_has_such_labels() -> None:
    for record, wanted in (
        ({"text": "A.", "label": [[0, 1, "X"]]}, True), ({"text": "A.", "labels": ["Claim"]}, True),
        ({"text": "A.", "labels": ["harbour"]}, False), ({"text": "A.", "label": "claim"}, False),
    ):  # fmt: skip
        assert doccano.is_doccano(b"\n" + lines(record), Reading()) is wanted
    assert not doccano.is_doccano(b"{", Reading())
    assert not doccano.is_doccano(b"", Reading())


Said = set[tuple[Any, ...]]


def said(database: Database) -> Said:
    """What reviewers said, by the words of the sentence and their id."""
    rows: Said = set()
    with database.read() as session:
        found = select(Annotation, Reviewer, Sentence, Article).where(
            Annotation.reviewer_id == Reviewer.id, Annotation.sentence_id == Sentence.id,
            Sentence.article_id == Article.id, Annotation.role == "reviewer", col(Sentence.retired_in).is_(None),
        )  # fmt: skip
        for a, person, s, article in session.exec(found):
            who = person.name if person.name.startswith("rev_") else person.uid
            labels = a.is_claim, a.is_quote, a.is_opinion, a.claim_voice, a.opinion_voice, a.none_reason
            if any(labels):
                rows.add((article.text[s.start_cp : s.end_cp], who, *labels, a.loaded_language, a.note))
    return rows


def test_our_own_export_for_label_studio_comes_back_with_everybodys_labels(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        bridge.build(session)
    with database.read() as session:
        exports.write(session, tmp_path, exports.named("labelstudio"))
    data = (tmp_path / "labelstudio" / written.FILE).read_bytes()
    url = str(tmp_path / "second.db")
    prepare(url)
    second = open_database(url)
    report = bring_in(second, Tool.LABELSTUDIO, data, file=written.FILE)
    assert report.rejected == []
    assert said(second) == said(database) != set()
    assert report.lost[labelstudio.PARTS_LOST] > 0
    assert list(integrity.check(second)) == []
    assert bring_in(second, Tool.LABELSTUDIO, data, file=written.FILE).batch is None
    second.close()


def test_a_person_who_has_work_on_the_article_keeps_it(database: Database) -> None:
    bring_in(database, Tool.DOCCANO, lines({"text": STORED, "label": [[0, 5, "claim"]]}))
    before = stored(database)
    report = bring_in(database, Tool.DOCCANO, lines({"text": STORED, "label": [[0, 5, "opinion"]]}))
    assert report.batch is None
    assert stored(database) == before


def test_gold_that_an_imported_answer_contradicts_goes_back_to_the_queue(database: Database) -> None:
    bring_in(database, Tool.DOCCANO, lines({"text": "It fell.", "label": ["claim"]}))
    with database.write() as session:
        sentence = session.exec(select(Sentence)).one()
        gold = factories.make_gold(session, sentence, ["claim"])
        gold.method = "unanimous"
        key = gold.id
    bring_in(database, Tool.DOCCANO, lines({"text": "It fell.", "label": ["opinion"]}), file="Joon.jsonl")
    with database.read() as session:
        assert session.get_one(Annotation, key).status == "needs_review"


def test_by_command_labels_and_losses_are_a_table_and_the_map_is_an_option(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "tasks.json"
    file.write_bytes(tasks(task(annotation({"first_name": "Mila"}, region("tolls rose", "Factual", "Place")))))
    refused = command("import", file)
    assert refused.exit_code == 1
    assert "none of its labels is claim, quote, opinion, none or unsure" in refused.stderr
    done = command("import", file, "--map", "Factual=claim")
    assert done.exit_code == 0, done.stderr
    assert "labelled\t1\tMila" in done.stdout
    assert "lost\t1\tlabels “Place”, which are none of ours" in done.stdout
    again = command("import", file, "--map", "Factual=claim")
    assert again.exit_code == 0
    assert again.stdout.endswith("0 accepted, 1 duplicate, 0 rejected\n")
    assert "labelled" not in again.stdout
    assert command("import", file, "--map", "Factual=fact").exit_code == 1
