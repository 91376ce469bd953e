"""Every damage to a sound export is found where it was done. The example is fiction."""

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.export import validate
from annotator.export.manifest import Tally, manifest
from annotator.export.validate import ARTICLES, MANIFEST, SENTENCES, Finding
from db import canonical

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "bridge"
Line = dict[str, Any]
Export = tuple[list[Line], list[Line]]


def sign(folder: Path, articles: list[Line], sentences: list[Line]) -> None:
    """Write the lines with a manifest that fits them, so that only what was damaged is found."""
    data = {name: _bytes(lines) for name, lines in ((ARTICLES, articles), (SENTENCES, sentences))}
    for name, written in data.items():
        (folder / name).write_bytes(written)
    tally = Tally()
    try:
        for line in articles:
            tally.article(line)
        for line in sentences:
            tally.sentence(line)
    except (KeyError, TypeError):
        tally = Tally()  # lines that fit no schema are not counted
    head: Line = articles[0] if articles else {"project": "demo", "guideline": {"version": "1.0", "sha256": "0" * 64}}
    found = manifest(
        project=head.get("project", "demo"),
        guideline=head.get("guideline", {"version": "1.0", "sha256": "0" * 64}),
        counts=tally.counts(),
        files={name: canonical.sha256(written) for name, written in data.items()},
    )
    (folder / MANIFEST).write_bytes(canonical.encode(found) + b"\n")


def _bytes(lines: list[Line]) -> bytes:
    return b"".join(canonical.encode(line) + b"\n" for line in lines)


def load() -> Export:
    articles, sentences = (
        [canonical.decode(line) for line in (GOLDEN / name).read_bytes().splitlines()] for name in (ARTICLES, SENTENCES)
    )
    return articles, sentences


def findings(folder: Path) -> list[Finding]:
    return list(validate.validate(folder))


def test_the_golden_export_is_sound() -> None:
    assert findings(GOLDEN) == []


def within(line: Any, steps: list[str]) -> Any:
    """What stands at a place such as annotations/0/status."""
    for step in steps:
        line = line[int(step)] if isinstance(line, list) else line[step]
    return line


def at(path: str, value: Any) -> Callable[[Line], None]:
    """Set the value at a place."""

    def change(line: Line) -> None:
        *above, last = path.split("/")
        found = within(line, above)
        found[int(last) if isinstance(found, list) else last] = value

    return change


def drop(path: str) -> Callable[[Line], None]:
    def change(line: Line) -> None:
        *above, last = path.split("/")
        found = within(line, above)
        del found[int(last) if isinstance(found, list) else last]

    return change


def both(*changes: Callable[[Line], None]) -> Callable[[Line], None]:
    def change(line: Line) -> None:
        for one in changes:
            one(line)

    return change


def reverse(path: str) -> Callable[[Line], None]:
    return lambda line: within(line, path.split("/")).reverse()


A, B = "annotations/0", "annotations/1"  # Ben and Ada on the third sentence
OTHER_ID = "0" * 16

# name: (change of the article line, where it must be found)
ARTICLE_DAMAGE: dict[str, tuple[Callable[[Line], None], str]] = {
    "a key is missing": (drop("publisher"), ""),
    "an unknown key": (at("colour", "red"), ""),
    "another schema version": (at("schema_version", "2.0.0"), "schema_version"),
    "no url": (at("url", "ftp://news.example/"), "url"),
    "no date": (at("published", "May 2024"), "published"),
    "no hash": (at("text_sha256", "abc"), "text_sha256"),
    "a word that is none of the vocabulary": (at("blocks/0/kind", "title"), "blocks/0/kind"),
    "an alpha above one": (at("agreement/alpha/quote", 1.5), "agreement/alpha/quote"),
    "another text": (at("text", "Bridge"), "text_sha256"),
    "another length": (at("text_length", 167), "text_length"),
    "another hash": (at("text_sha256", "0" * 64), "text_sha256"),
    "another id": (at("id", f"art_{OTHER_ID}"), "id"),
    "an alpha that is not the data's": (at("agreement/alpha/quote", 0.5), "agreement"),
    "another MASI alpha": (at("agreement/alpha_masi", 0.5614), "agreement"),
    "an alpha where there is none": (at("agreement/alpha/claim", 1.0), "agreement"),
    "a minus before zero": (at("agreement/alpha/opinion", -0.0), "agreement"),
    "more sentences than counted": (at("agreement/sentences", 4), "agreement"),
    "a whole number with a fraction": (at("text_length", 166.0), "text_length"),
    "blocks out of order": (reverse("blocks"), "blocks"),
    "blocks that overlap": (at("blocks/0/end", 20), "blocks/1"),
    "a block behind the text": (at("blocks/1/end", 200), "blocks/1"),
    "a sentence too few": (drop("sentence_ids/2"), "sentence_ids"),
    "sentences in another order": (reverse("sentence_ids"), "sentence_ids"),
    "reviewers out of order": (reverse("reviewers"), "reviewers"),
    "a reviewer too few": (drop("reviewers/0"), "reviewers"),
    "a reviewer without work": (at("reviewers/2/assigned", False), ""),  # Ada has work, so this one is allowed
    "a count of complete annotations": (at("reviewers/0/complete", 2), "reviewers/0/complete"),
    "a reviewer's other name": (at("reviewers/0/name", "Bernd"), "reviewers/0/id"),
    "a speaker's other name": (at("speakers/0/name", "Mina Olsdotter"), "speakers/0/id"),
    "a speaker of another kind": (at("speakers/0/kind", "group"), "speakers/0/id"),
    "no speakers": (at("speakers", []), "speakers"),
    "a source too few": (drop("sources/1"), "sources"),
    "sources out of order": (reverse("sources"), "sources"),
    "an alias twice": (at("speakers/0/aliases", ["Olsen", "Olsen"]), "speakers/0/aliases"),
    "aliases unsorted": (at("speakers/0/aliases", ["b", "a"]), "speakers/0/aliases"),
    "an earlier segmentation": (at("segmentation/version", 0), "segmentation/version"),
}
SENTENCE_DAMAGE: dict[str, tuple[Callable[[Line], None], str]] = {
    "a key is missing": (drop("gold"), ""),
    "an unknown key in an annotation": (at(f"{A}/mood", "good"), f"{A}"),
    "an unknown label": (at(f"{A}/labels", ["rumour"]), f"{A}/labels/0"),
    "a label twice": (at(f"{A}/labels", ["claim", "claim"]), f"{A}/labels"),
    "labels unsorted": (at(f"{A}/labels", ["quote", "claim"]), f"{A}/labels"),
    "a claim without voice": (at(f"{A}/voices/claim", None), f"{A}/voices/claim"),
    "a voice without its label": (at(f"{A}/voices/opinion", "author"), f"{A}/voices/opinion"),
    "a reason for none beside labels": (at(f"{A}/none_reason", "other"), f"{A}/labels"),
    "complete and empty": (
        both(at(f"{A}/labels", []), at(f"{A}/voices/claim", None), at(f"{A}/claims", [])), f"{A}",
    ),
    "claims without the claim label": (
        both(at(f"{A}/labels", ["quote"]), at(f"{A}/voices/claim", None)), f"{A}/claims",
    ),
    "unsure with a label": (at(f"{A}/status", "unsure"), f"{A}/status"),
    "another text": (at("text", "“Traffic fell by a tenth,”"), "text"),
    "another start": (at("start", 76), "text"),
    "an end before the start": (at("end", 75), "text"),
    "another id": (at("id", f"sen_{OTHER_ID}"), "id"),
    "another ordinal": (at("ordinal", 3), "ordinal"),
    "another project": (at("project", "other"), "project"),
    "another block": (at("block/kind", "quote"), "block"),
    "a block that is not there": (at("block/ordinal", 7), "block"),
    "derived from itself": (at("segmentation/derived_from", ["sen_47f7fc5bc30e8aad"]), "segmentation/derived_from"),
    "a later segmentation": (at("segmentation/version", 2), "segmentation/version"),
    "another primary label": (at("primary_label", "claim"), "primary_label"),
    "a primary label without gold": (at("gold", None), "primary_label"),
    "an agreement that is not the data's": (at("agreement/jaccard", 0.5), "agreement"),
    "a dispute that is none": (at("agreement/disputed", []), "agreement"),
    "a count of one label": (at("agreement/labels/claim/yes", 1), "agreement"),
    "more decimals than six": (at("agreement/jaccard", 0.6666667), ""),
    "annotations out of order": (reverse("annotations"), "annotations"),
    "an annotation of another sentence": (at(f"{A}/id", f"ann_{OTHER_ID}"), f"{A}/id"),
    "a reviewer that is not listed": (at(f"{B}/reviewer_id", f"rev_{'f' * 16}"), f"{B}"),
    "an adjudicator that is not listed": (at("gold/adjudicator_id", f"rev_{'f' * 16}"), "gold"),
    "a decision by nobody": (at("gold/adjudicator_id", None), "gold"),
    "revision zero": (at(f"{A}/revision", 0), f"{A}/revision"),
    "a time without zone": (at(f"{A}/updated_at", "2024-06-01T10:00:00.000"), f"{A}/updated_at"),
    "an attribution of another annotation": (at(f"{A}/attributions/0/id", f"att_{OTHER_ID}"), f"{A}/attributions/0/id"),
    "a parent that is not there": (
        at(f"{A}/attributions/0/parent_id", f"att_{OTHER_ID}"), f"{A}/attributions/0/parent_id",
    ),
    "a parent in another annotation": (
        at(f"{A}/attributions/0/parent_id", "att_f01565fcf9d14bbd"), f"{A}/attributions/0/parent_id",
    ),
    "its own parent": (
        at(f"{A}/attributions/0/parent_id", "att_54806d95742a035f"), f"{A}/attributions/0/parent_id",
    ),
    "a continuation of nothing": (
        at(f"{A}/attributions/0/continues_id", f"att_{OTHER_ID}"), f"{A}/attributions/0/continues_id",
    ),
    "an empty chain": (at(f"{A}/attributions/0/chain", []), f"{A}/attributions/0/chain"),
    "a chain with one too many": (
        at(f"{A}/attributions/0/chain", ["spk_abadf5f9649083c7"] * 2), f"{A}/attributions/0/chain",
    ),
    "a speaker that is not listed": (
        at(f"{A}/attributions/0/speaker_id", f"spk_{OTHER_ID}"), f"{A}/attributions/0/speaker_id",
    ),
    "a source that is not listed": (
        at(f"{A}/attributions/0/source_id", f"src_{OTHER_ID}"), f"{A}/attributions/0/source_id",
    ),
    "a cue behind the text": (at(f"{A}/attributions/0/cue_spans", [[160, 167]]), f"{A}/attributions/0/cue_spans"),
    "a speaker span backwards": (
        at(f"{A}/attributions/0/speaker_span", [124, 102]), f"{A}/attributions/0/speaker_span",
    ),
    "no content": (at(f"{A}/attributions/0/content_spans", []), f"{A}/attributions/0/content_spans"),
    "content elsewhere": (at(f"{A}/attributions/0/content_spans", [[0, 17]]), f"{A}/attributions/0/content_spans"),
    "a claim of another annotation": (at(f"{A}/claims/0/id", f"clm_{OTHER_ID}"), f"{A}/claims/0/id"),
    "a claim outside the sentence": (at(f"{A}/claims/0/span", [19, 74]), f"{A}/claims/0/span"),
    "an empty claim": (at(f"{A}/claims/0/span", [80, 80]), f"{A}/claims/0/span"),
    "a claim of the author with an attribution": (at(f"{A}/claims/0/voice", "author"), f"{A}/claims/0/voice"),
    "a claim whose attribution is not there": (
        at(f"{A}/claims/0/attribution_id", "att_f01565fcf9d14bbd"), f"{A}/claims/0/attribution_id",
    ),
    "an unknown verdict": (at("gold/claims/0/verdict", "true"), "gold"),
    "evidence of another claim": (at(f"{B}/claims/0/evidence/0/id", f"evi_{OTHER_ID}"), f"{B}/claims/0/evidence/0/id"),
    "evidence from a source that is not listed": (
        at(f"{B}/claims/0/evidence/0/source_id", f"src_{OTHER_ID}"), f"{B}/claims/0/evidence/0/source_id",
    ),
    "an unknown stance": (at(f"{B}/claims/0/evidence/0/stance", "proves"), f"{B}/claims/0/evidence/0/stance"),
    "a whole number with a fraction": (at(f"{A}/claims/0/span", [75.0, 101]), f"{A}/claims/0/span/0"),
}  # fmt: skip
ALLOWED = "a reviewer without work"


@pytest.mark.parametrize("name", ARTICLE_DAMAGE)
def test_damage_to_an_article_line_is_found(name: str, tmp_path: Path) -> None:
    change, where = ARTICLE_DAMAGE[name]
    articles, sentences = load()
    change(articles[0])
    sign(tmp_path, articles, sentences)
    found = findings(tmp_path)
    if name == ALLOWED:
        assert found == []
    else:
        assert (ARTICLES, 1, where) in {(finding.file, finding.line, finding.where) for finding in found}, found


@pytest.mark.parametrize("name", SENTENCE_DAMAGE)
def test_damage_to_a_sentence_line_is_found(name: str, tmp_path: Path) -> None:
    change, where = SENTENCE_DAMAGE[name]
    articles, sentences = load()
    change(sentences[2])
    sign(tmp_path, articles, sentences)
    found = findings(tmp_path)
    assert (SENTENCES, 3, where) in {(finding.file, finding.line, finding.where) for finding in found}, found


def swapped(articles: list[Line], sentences: list[Line]) -> Export:
    return articles, [sentences[1], sentences[0], sentences[2]]


def twice(articles: list[Line], sentences: list[Line]) -> Export:
    return articles, [*sentences, sentences[2]]


def missing(articles: list[Line], sentences: list[Line]) -> Export:
    return articles, sentences[:2]


def no_article(_articles: list[Line], sentences: list[Line]) -> Export:
    return [], sentences


def article_twice(articles: list[Line], sentences: list[Line]) -> Export:
    return [*articles, copy.deepcopy(articles[0])], sentences


def a_gap(articles: list[Line], sentences: list[Line]) -> Export:
    articles[0]["sentence_ids"].pop(1)
    return articles, [sentences[0], {**sentences[2], "ordinal": 1}]


@pytest.mark.parametrize(
    ("damage", "file", "where"),
    [
        (swapped, SENTENCES, "ordinal"),
        (twice, SENTENCES, "ordinal"),
        (missing, ARTICLES, "sentence_ids"),
        (no_article, SENTENCES, "article_id"),
        (article_twice, ARTICLES, "id"),
        (a_gap, SENTENCES, "start"),
    ],
)
def test_lines_too_many_too_few_or_out_of_order_are_found(
    damage: Callable[[list[Line], list[Line]], Export], file: str, where: str, tmp_path: Path
) -> None:
    sign(tmp_path, *damage(*load()))
    assert (file, where) in {(finding.file, finding.where) for finding in findings(tmp_path)}


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("a byte order mark", lambda data: b"\xef\xbb\xbf" + data),
        ("CRLF", lambda data: data.replace(b"\n", b"\r\n")),
        ("no line end at the end", lambda data: data[:-1]),
        ("an empty line", lambda data: data + b"\n"),
        ("spaces", lambda data: data.replace(b'"start":', b'"start": ', 1)),
        ("ASCII escapes", lambda data: data.replace("—".encode(), b"\\u2014", 1)),
        ("keys out of order", lambda data: data.replace(b'{"agreement":', b'{"type":"sentence","agreement":', 1)),
        ("a fraction in another form", lambda data: data.replace(b"1.0", b"1.00", 1)),
        ("no UTF-8", lambda data: data.replace("—".encode(), b"\xff", 1)),
        ("no JSON", lambda data: data.replace(b"{", b"(", 1)),
        ("NaN", lambda data: data.replace(b'"jaccard":1.0', b'"jaccard":NaN', 1)),
        ("a list", lambda data: b"[]\n" + data),
    ],
)
def test_bytes_that_are_not_canonical_are_found(name: str, change: Callable[[bytes], bytes], tmp_path: Path) -> None:
    shutil.copytree(GOLDEN, tmp_path, dirs_exist_ok=True)
    before = (tmp_path / SENTENCES).read_bytes()
    after = change(before)
    assert after != before, name
    (tmp_path / SENTENCES).write_bytes(after)
    found = findings(tmp_path)
    assert any(finding.file == SENTENCES and finding.where == "" for finding in found), found
    assert any(finding.file == MANIFEST and finding.where == "files" for finding in found), found


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (at("counts/annotations", 7), "counts"),
        (at("files/articles.jsonl/sha256", "0" * 64), "files"),
        (at("guideline/version", "2.0"), "guideline"),
        (at("project", "other"), "project"),
        (at("schema_version", "1.0.1"), "schema_version"),
        (at("exported_at", "2024-06-01"), "exported_at"),
        (drop("counts"), "counts"),
    ],
)
def test_damage_to_the_manifest_is_found(change: Callable[[Line], None], where: str, tmp_path: Path) -> None:
    shutil.copytree(GOLDEN, tmp_path, dirs_exist_ok=True)
    found = canonical.decode((tmp_path / MANIFEST).read_bytes())
    change(found)
    (tmp_path / MANIFEST).write_bytes(canonical.encode(found) + b"\n")
    assert [(finding.file, finding.where) for finding in findings(tmp_path)] == [(MANIFEST, where)]


def test_what_two_articles_say_of_one_thing_must_be_the_same(tmp_path: Path) -> None:
    """A second article with another guideline, another batch under the same id, and the first one's external id."""
    articles, _ = load()
    other = copy.deepcopy(articles[0])
    other |= {"guideline": {"version": "1.1", "sha256": "1" * 64}, "id": "art_ffffffffffffffff"}
    other["import_batch"]["file_name"] = "other.txt"
    sign(tmp_path, [articles[0], other], [])
    found = {finding.where for finding in findings(tmp_path) if finding.line == 2}
    assert {"guideline", "import_batch", "external_id", "id"} <= found


@pytest.mark.parametrize("name", [ARTICLES, SENTENCES, MANIFEST])
def test_a_missing_file_is_a_finding(name: str, tmp_path: Path) -> None:
    shutil.copytree(GOLDEN, tmp_path, dirs_exist_ok=True)
    (tmp_path / name).unlink()
    assert [str(finding) for finding in findings(tmp_path)] == [f"{name}: the file is missing"]
