"""The published article, read by an HTML parser: text as text, gold only, nobody's name, no request to anywhere."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from annotator.export import html as format_
from annotator.export.works import Work
from db.engine import Database
from tests.export.conftest import HARD, TRICK, Written, articles, counts, ledger, lost

VOID = {"meta", "input", "link", "br", "img"}


class Tree(HTMLParser):
    """Elements with their attributes, and the text inside each id; refuses what is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[tuple[str, str | None]] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inside: dict[str, str] = {}
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        if tag not in VOID:
            self.open.append((tag, found.get("id")))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, name in self.open:
            if name:
                self.inside[name] = self.inside.get(name, "") + data


def pages(folder: Path) -> dict[str, str]:
    return {file.stem: file.read_text("utf-8") for file in folder.glob("*.html")}


def page_of(written: Written, hard: Database, title: str) -> tuple[str, Tree]:
    uid = next(article["id"] for article, _ in articles(hard) if title in (article["title"] or ""))
    text = pages(written("html"))[uid]
    return text, Tree(text)


def test_there_is_a_page_for_every_article(written: Written, hard: Database) -> None:
    assert pages(written("html")).keys() == {article["id"] for article, _ in articles(hard)}
    assert ledger(written("html"))["written"] == {"gold": counts(hard)["gold"], "pages": counts(hard)["articles"]}


def test_every_sentence_is_on_the_page_letter_by_letter(written: Written, hard: Database) -> None:
    for article, sentences in articles(hard):
        tree = Tree(pages(written("html"))[article["id"]])
        assert [tree.inside[f"s-{number}"] for number in range(1, len(sentences) + 1)] == [s["text"] for s in sentences]


def test_tricks_in_text_names_and_sources_stay_text(written: Written, hard: Database) -> None:
    text, tree = page_of(written, hard, TRICK)
    assert [tag for tag, _ in tree.elements if tag in ("img", "iframe", "object", "link")] == []
    scripts = [found for tag, found in tree.elements if tag == "script"]
    assert scripts == [{"type": "application/ld+json"}]
    assert not [name for _, found in tree.elements for name in found if name.startswith("on") or name == "style"]
    addresses = [str(found["href"]) for tag, found in tree.elements if tag == "a"]
    assert all(re.match(r"https?://|#[sn]-\d+$", address) for address in addresses)
    assert "Ada ⟨U+202E⟩Lind" in text
    assert TRICK in tree.inside["n-2"]


def test_data_inside_is_the_claim_review_and_cannot_leave_its_element(written: Written, hard: Database) -> None:
    text, _ = page_of(written, hard, TRICK)
    inner = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    assert inner is not None
    assert not set("<>&\u2028") & set(inner[1])
    [review] = json.loads(inner[1])["@graph"]
    assert review["claimReviewed"] == f"Normalised {TRICK}\u2028"


def test_no_reviewer_is_named(written: Written, hard: Database) -> None:
    people = {person["name"] for article, _ in articles(hard) for person in article["reviewers"]}
    assert "Zacharias Secretname" in people
    for text in pages(written("html")).values():
        assert not [name for name in people if re.search(rf"\b{re.escape(name)}\b", text)]
        assert "rev_" not in text


def test_only_what_has_a_note_is_underlined_from_the_start(written: Written, hard: Database) -> None:
    _, tree = page_of(written, hard, "Bridge toll rises")
    classes = {
        str(found["id"]): str(found["class"]) for _, found in tree.elements if str(found.get("id")).startswith("s-")
    }
    assert classes == {"s-1": "s", "s-2": "s", "s-3": "s q c o n"}
    assert "Mina Olsen" in tree.inside["n-3"]
    assert "Verdict: refuted" in tree.inside["n-3"]
    assert "Refuted by Bridge counts, Harbour board, 2024-05, row 14" in tree.inside["n-3"]
    assert "Reviewers apart: opinion 1 of 2" in tree.inside["n-3"]


def test_the_first_heading_is_the_title_once(written: Written, hard: Database) -> None:
    text, tree = page_of(written, hard, "Bridge toll rises")
    assert [tag for tag, _ in tree.elements].count("h1") == 1
    assert text.count("Bridge toll rises") == 3  # title, heading, where the claim appeared


def test_the_page_forbids_every_request_and_asks_for_none(written: Written) -> None:
    for text in pages(written("html")).values():
        tree = Tree(text)
        policy = next(str(f["content"]) for _, f in tree.elements if f.get("http-equiv") == "Content-Security-Policy")
        assert "default-src 'none'" in policy
        assert "script-src" not in policy
        assert not [found for _, found in tree.elements if "src" in found or "srcset" in found]
        assert not re.search(r"url\(|@import", text)


def test_an_article_without_gold_is_shown_without_a_mark(hard: Database) -> None:
    article, sentences = articles(hard)[0]
    text = format_.page(Work(article, [{**sentence, "gold": None} for sentence in sentences]))
    assert "no label has been decided yet" in text
    assert 'class="ref"' not in text


def test_what_is_not_shown_is_counted(written: Written, hard: Database) -> None:
    found = lost(written("html"))
    assert found["annotations"] == counts(hard)["annotations"]
    assert found["sentences_without_gold"] == counts(hard)["sentences"] - counts(hard)["gold"]
    assert (found["gold_notes"], found["claims_without_note"], found["nested_attributions"]) == (1, 1, 1)


@pytest.mark.parametrize("language", ["he", "not a language", None])
def test_the_language_is_named_where_it_is_one(hard: Database, language: str | None) -> None:
    article, sentences = next(found for found in articles(hard) if found[0]["text"] == HARD)
    text = format_.page(Work({**article, "language": language}, sentences))
    assert ('<main lang="he">' in text) == (language == "he")
    assert ("<main>" in text) == (language != "he")
