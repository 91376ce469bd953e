"""Text is text: a page with every known script trick in every field has the elements of its twin with plain words."""

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser
from starlette.testclient import TestClient

from annotator.domain import evidence
from annotator.domain.display import visible, web_address
from annotator.errors import Invalid
from annotator.export import formats as outgoing
from annotator.intake import formats
from annotator.intake.incoming import Rejected
from annotator.services import clock, sessions
from annotator.settings import Settings
from annotator.web import guidelines
from annotator.web.access import RULES
from annotator.web.app import create_app
from db.engine import Database, open_database
from db.vocabulary import ImportFormat
from tests import factories
from tests.tricks import ADDRESSES, ALL, FORMULAS, NAMES
from tests.tricky import EVERYTHING, Tricky, build
from tests.web.conftest import BASE

FORMULA = ("=", "+", "-", "@", "\t", "\r")
LINKS = ("href", "src", "action", "formaction", "hx-post", "hx-get", "data", "xlink:href")
EXTRA = ("?s=2", "?s=4", "?s=2&cut=split", "?cut=merge", "?next=todo")


@dataclass(frozen=True)
class Twin:
    """A served corpus: `lead` has all rights, `reviewer` has finished the article."""

    file: Path
    database: Database
    made: Tricky
    lead: TestClient
    reviewer: TestClient
    tokens: dict[str, str]

    def url(self, path: str) -> str:
        ids, noun = self.made.ids, path.split("/")[1]
        path = path.replace("{uid}", ids.get(f"{noun}_uid", "")).replace("{article_id}", ids["article_id"])
        query = {"merge": f"?other={ids.get(f'other_{noun}')}", "assign": f"?article={ids['article_id']}"}
        return path + query.get(path.rpartition("/")[2], "")

    def get(self, role: str, path: str) -> Any:
        client = self.lead if role == "lead" else self.reviewer
        return client.get(self.url(path), follow_redirects=False)

    def post(self, role: str, path: str, data: dict[str, Any], **more: Any) -> Any:
        client = self.lead if role == "lead" else self.reviewer
        return client.post(self.url(path), data={"token": self.tokens[role], **data}, follow_redirects=False, **more)


def twin(template: Path, folder: Path, *, is_tricky: bool) -> Iterator[Twin]:
    file = Path(shutil.copyfile(template, folder / f"{is_tricky}.db"))
    database = open_database(str(file))
    with database.write() as session:
        made = build(session, is_tricky=is_tricky)
        secrets = {
            role: sessions.enter(session, who, now=clock.now(), days=1)
            for role, who in (("lead", made.lead), ("reviewer", made.reviewer))
        }
    app = create_app(Settings(), database)
    with TestClient(app, base_url=BASE) as lead, TestClient(app, base_url=BASE) as reviewer:
        lead.cookies.set("annotator_session", secrets["lead"])
        reviewer.cookies.set("annotator_session", secrets["reviewer"])
        tokens = {role: sessions.form_token(secret) for role, secret in secrets.items()}
        yield Twin(file, database, made, lead, reviewer, tokens)
    database.close()


@pytest.fixture(scope="module")
def tricky(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twin]:
    yield from twin(sqlite_template, tmp_path_factory.mktemp("tricky"), is_tricky=True)


@pytest.fixture(scope="module")
def plain(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Twin]:
    yield from twin(sqlite_template, tmp_path_factory.mktemp("plain"), is_tricky=False)


def shape(html: str) -> list[tuple[str, tuple[str, ...]]]:
    """Every element of a page with the names of its attributes, in order, as a browser's parser sees them.

    Not the names that a field offers: how many there are depends on the words of the article.
    """
    nodes = LexborHTMLParser(html).root.traverse(include_text=False)  # type: ignore[union-attr]
    found = [(str(node.tag), tuple(sorted(node.attributes))) for node in nodes]
    return [element for element in found if element != ("option", ("value",))]


def words(html: str) -> str:
    """All that a page shows: text, and what stands in fields and other attributes."""
    found = []
    for node in LexborHTMLParser(html).root.traverse(include_text=True):  # type: ignore[union-attr]
        found.append(node.text_content or "" if node.tag == "-text" else " ".join(map(str, node.attributes.values())))
    return "".join(found)


def spaced(text: str) -> str:
    return re.sub(r"[\r\n]+", "\n", text)


def check_links(html: str) -> None:
    """Links go to our own pages or to http and https, and those tell the other site nothing."""
    for node in LexborHTMLParser(html).root.traverse(include_text=False):  # type: ignore[union-attr]
        for name in LINKS:
            value = node.attributes.get(name)
            if value is None or (node.tag in ("link", "script") and not value.lower().startswith("javascript")):
                continue
            assert value.startswith(("/", "#", "?", "http://", "https://")), (node.tag, name, value)
            assert not value.startswith(("//", "/\\"))
            if node.tag == "a" and value.startswith("http"):
                assert node.attributes.get("rel") == "noopener noreferrer nofollow"


PAGES = [
    *((role, path) for role in ("lead", "reviewer") for method, path in RULES if method == "GET" and "." not in path),
    *((role, "/articles/{article_id}" + query) for role in ("lead", "reviewer") for query in EXTRA),
]


@pytest.mark.parametrize(("role", "path"), PAGES, ids=[" ".join(page) for page in PAGES])
def test_tricks_change_no_page(tricky: Twin, plain: Twin, role: str, path: str) -> None:
    with_tricks, without = tricky.get(role, path), plain.get(role, path)
    assert with_tricks.status_code == without.status_code
    assert with_tricks.headers.keys() == without.headers.keys()
    if with_tricks.headers.get("content-type", "").startswith("text/html"):
        shapes = [shape(answer.text) for answer in (with_tricks, without)]
        if "cut=split" in path:  # a radio a word: how many there are depends on the words
            shapes = [sorted(set(found)) for found in shapes]
        assert shapes[0] == shapes[1]
        check_links(with_tricks.text)


WHERE = {
    "/": 1, "/articles/{article_id}": 1, "/people": 2, "/people/{uid}": 2, "/speakers": 1, "/speakers/{uid}": 2,
    "/sources": 1, "/sources/{uid}": 2, "/disagreements": 1, "/adjudication": 0, "/adjudication/{uid}": 2,
}  # fmt: skip


@pytest.mark.parametrize("path", WHERE)
def test_tricks_are_shown_literally(tricky: Twin, path: str) -> None:
    shown = spaced(words(tricky.get("lead", path).text))
    expected = spaced(visible(EVERYTHING))
    raw = spaced(EVERYTHING)
    assert shown.count(expected) + shown.count(raw) >= WHERE[path], f"{shown.count(expected)} {shown.count(raw)}"


def test_every_sentence_stands_on_the_page_as_it_is(tricky: Twin) -> None:
    page = LexborHTMLParser(tricky.get("reviewer", "/articles/{article_id}").text)
    for n, trick in enumerate(ALL, start=1):
        found = page.css_first(f"#s-{n}")
        assert found is not None
        assert spaced(trick).strip() in spaced(found.text(deep=True))


def test_names_and_titles_show_their_directions_as_marks(tricky: Twin) -> None:
    for path in ("/people", "/speakers", "/sources"):
        page = tricky.get("lead", path).text
        assert "⟨U+202E⟩" in page
        for title in LexborHTMLParser(page).css("h1, h2, h3, a, th"):
            assert "\u202e" not in title.text(deep=True)


FORMS: list[tuple[str, str, dict[str, str], dict[str, str]]] = [
    ("lead", "/people", {"name": "\0"}, {"role": "lead"}),
    ("lead", "/people", {"name": "Somebody"}, {"role": ""}),
    ("lead", "/people/assign", {"due": ""}, {"article": "{article_id}"}),
    ("lead", "/articles", {"text": "", "names": "", "due": ""}, {"preview": "1"}),
    ("lead", "/articles", {"text": "", "overlap": ""}, {}),
    ("lead", "/speakers/{uid}/aliases", {"alias": ""}, {}),
    ("lead", "/adjudication/{uid}", {"reason": "", "label": ""}, {"revision": "0"}),
    ("reviewer", "/annotations", {"label": "", "sentence": ""}, {}),
    ("reviewer", "/password", {"new": "", "again": "", "current": ""}, {}),
    ("reviewer", "/sign-in", {"token": "", "next": ""}, {}),
]
SHORT = (
    "<img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "' autofocus onfocus=alert(1) x='",
    "An\u202ena",
)


@pytest.mark.parametrize("form", FORMS, ids=[f"{form[1]} {' '.join(form[2])}" for form in FORMS])
@pytest.mark.parametrize("trick", SHORT)
def test_tricks_in_forms_come_back_as_text(
    tricky: Twin, form: tuple[str, str, dict[str, str], dict[str, str]], trick: str
) -> None:
    role, path, fields, fixed = form
    fixed = {name: value.replace("{article_id}", tricky.made.ids["article_id"]) for name, value in fixed.items()}
    for more in ({}, {"headers": {"hx-request": "true"}}):
        answer = tricky.post(role, path, {**fixed, **dict.fromkeys(fields, trick)}, **more)
        other = {**fixed, **dict.fromkeys(fields, "".join(c if c.isalnum() else "z" for c in trick))}
        twin = tricky.post(role, path, other, **more)
        assert answer.status_code < 500
        if answer.headers.get("content-type", "").startswith("text/html") and answer.status_code == twin.status_code:
            assert shape(answer.text) == shape(twin.text)
        assert trick not in answer.headers.get("location", "")


BARE = ("passwd", "x.txt", "con.txt", "atxt.exe", "plain.txt")


@pytest.mark.parametrize(("name", "bare"), list(zip(NAMES, BARE, strict=True)))
def test_file_names_are_bare_and_text(plain: Twin, name: str, bare: str) -> None:
    pages = [
        plain.post("lead", "/articles", {"preview": "1"}, files={"files": (shown, b"A new text.")}).text
        for shown in (name, bare)
    ]
    assert shape(pages[0]) == shape(pages[1])
    check_links(pages[0])
    fields = [node.attributes.get("value") for node in LexborHTMLParser(pages[0]).css('input[name="kept_name"]')]
    assert not [value for value in fields if "/" in str(value) or "\\" in str(value)]
    assert "\u202e" not in (LexborHTMLParser(pages[0]).root or LexborHTMLParser("")).text(deep=True)


@pytest.mark.parametrize("trick", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_addresses_and_queries_are_text_too(tricky: Twin, trick: str) -> None:
    for url in (f"/{trick}", f"/articles/{trick}", f"/guidelines?q={trick}", f"/speakers?q={trick}", f"/?show={trick}"):
        page = tricky.lead.get(url).text
        assert trick not in page
        check_links(page)


@pytest.mark.parametrize("trick", ALL)
def test_guidelines_hold_no_markup(trick: str) -> None:
    allowed = {tag for tag, _ in shape("".join(section.html for section in guidelines.render("# a\n\n" + SAMPLE)[1]))}
    for source in (trick, f"# {trick}", f"a\n\n## {trick}\n\n- {trick}\n- b\n\n| a | b |\n|---|---|\n| {trick} | c |"):
        _, sections = guidelines.render(source, "")
        for section in sections:
            assert {tag for tag, _ in shape(str(section.html))} <= allowed
            assert not [names for _, names in shape(str(section.html)) if any(name.startswith("on") for name in names)]
            check_links(str(section.html))


SAMPLE = """## b

1. x
2. `y`

- *z* **z**

> q

    code

| a | b |
|---|---|
| c | d |

[x](https://x.example)

---

a\\
b"""


def test_published_articles_hold_no_tricks(tricky: Twin, plain: Twin, tmp_path: Path) -> None:
    pages = []
    for name, found in (("tricky", tricky), ("plain", plain)):
        with found.database.read() as session:
            outgoing.write(session, tmp_path / name, outgoing.named("html"))
        pages.append(next((tmp_path / name).rglob("*.html")).read_text("utf-8"))
    assert shape(pages[0]) == shape(pages[1])
    check_links(pages[0])
    data = LexborHTMLParser(pages[0]).css_first('script[type="application/ld+json"]')
    assert data is not None
    assert "onerror=alert(1)" in json.dumps(json.loads(data.text()))


def rows_of(tricky: Twin, tmp_path: Path) -> list[dict[str, str]]:
    with tricky.database.read() as session:
        outgoing.write(session, tmp_path, outgoing.named("csv"))
    with next((tmp_path / "csv").rglob("annotations.csv")).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_no_cell_is_a_formula_and_every_changed_one_is_marked(tricky: Twin, tmp_path: Path) -> None:
    rows = rows_of(tricky, tmp_path)
    for row in rows:
        marked = row["escaped"].split()
        for name, cell in row.items():
            assert not cell.startswith(FORMULA)
            assert (name in marked) == (cell.startswith("'") and cell[1:].startswith(FORMULA))


def test_formulas_survive_as_text(database: Database, tmp_path: Path) -> None:
    text = "\n\n".join(FORMULAS).replace("\r", " ")
    with database.write() as session:
        anna = factories.make_reviewer(session, "=Anna")
        article = factories.make_article(session, text, title="@title", publisher="+p")
        for n, sentence in enumerate(factories.sentences_of(session, article)):
            factories.annotate(session, sentence, anna, ("claim",), note=FORMULAS[n])
    with database.read() as session:
        stored = {s.uid: article.text[s.start_cp : s.end_cp] for s in factories.sentences_of(session, article)}
        outgoing.write(session, tmp_path, outgoing.named("csv"))
    with next((tmp_path / "csv").rglob("annotations.csv")).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert rows
    for row in rows:
        assert {"text", "note", "reviewer", "article_title"} <= set(row["escaped"].split())
        assert row["text"].removeprefix("'") == stored[row["sentence_id"]]
        assert row["reviewer"] == "'=Anna"


@pytest.mark.parametrize("path", ["/disagreements.csv", "/articles/{article_id}/disagreements.csv"])
def test_the_report_as_csv_has_no_formula(tricky: Twin, path: str) -> None:
    if "{" in path:
        path = path.replace("{article_id}", tricky.made.ids["article_id"])
    answer = tricky.lead.get(path)
    assert "attachment" in answer.headers["content-disposition"]
    for row in csv.reader(io.StringIO(answer.text, newline="")):
        assert not [cell for cell in row if cell.startswith(FORMULA) and not re.fullmatch(r"-?[\d.e-]+", cell)]


@pytest.mark.parametrize("address", ADDRESSES)
def test_addresses_that_are_no_web_pages_are_neither_stored_nor_linked(address: str) -> None:
    with pytest.raises(Invalid):
        evidence.address(address)
    line = json.dumps({"text": "A text.", "url": address}).encode()
    assert isinstance(next(iter(formats.READERS[ImportFormat.JSONL](line))), Rejected)
    shown = web_address(address)
    assert shown is None or shown.startswith(("http:", "https:"))


@pytest.mark.parametrize("address", ["https://x.example/a?b=c#d", "HTTP://x.example", "http://[2001:db8::1]:8080/"])
def test_web_addresses_are_stored(address: str) -> None:
    stored = evidence.address(address)
    assert stored is not None
    assert web_address(stored) == stored
