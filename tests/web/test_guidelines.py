"""The guidelines: rendered safely, searchable, with their version."""

from html.parser import HTMLParser

import pytest

from annotator.services import projects
from annotator.services.history import Actor
from annotator.web.views.guidelines import render
from db.engine import Database
from tests import factories
from tests.web.conftest import SignIn


def test_the_guidelines_are_shown_with_version_and_contents(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        anna = factories.make_reviewer(session, "Anna")
    page = sign_in(anna).get("/guidelines").text
    assert "Guidelines, version 1.0" in page
    assert "<h1>Reviewer guidelines 1.0 — one page</h1>" in page
    assert page.count("<h1") == 1
    assert '<a href="#g-3">Examples</a>' in page
    assert "<td>C (author), numerical, check-worthy</td>" in page


def test_a_new_active_version_is_the_one_that_is_shown(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        anna, project = factories.make_reviewer(session, "Anna"), projects.get(session)
        newer = projects.add_guideline(session, Actor(None), project, "1.1", "# Newer\n\nNew words.")
        project.active_guideline_id = newer.id
    page = sign_in(anna).get("/guidelines").text
    assert "version 1.1" in page
    assert "New words." in page


def test_a_search_shows_the_sections_that_hold_all_words_and_marks_them(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        anna = factories.make_reviewer(session, "Anna")
    person = sign_in(anna)
    page = person.get("/guidelines?q=scare+QUOTES").text
    assert "<mark>scare</mark> <mark>quotes</mark>" in page
    assert "1 section has “scare QUOTES”." in page
    assert "Sign up for our newsletter" not in page
    nothing = person.get("/guidelines?q=<b>xyzzy").text
    assert "Nothing has “&lt;b&gt;xyzzy” in it." in nothing
    assert "<b>xyzzy" not in nothing


@pytest.mark.parametrize(
    "trick",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&#58;alert(1))", "[x](data:text/html;base64,PHNjcmlwdD4=)", "[x](vbscript:x)",
        "![x](https://other.example/x.png)", "<https://other.example/\"onclick=alert(1)>",
        "<a href=\"javascript:1\">x</a>", "[x](//other.example)",
        "[x](/people/assign)", "| a |\n|:-:|\n| <svg onload=alert(1)> |", "<style>body{display:none}</style>",
    ],
)  # fmt: skip
def test_what_could_run_or_load_is_shown_as_text(trick: str) -> None:
    found = Tags()
    found.feed("".join(section.html for section in render(f"# Title\n\n{trick}\n")[1]))
    assert {tag for tag, _ in found.seen} <= {"p", "a", "div", "table", "thead", "tbody", "tr", "th", "td"}
    names = {name for _, attributes in found.seen for name in attributes}
    assert names <= {"href", "rel", "class", "role", "aria-label", "tabindex"}
    assert all(attributes.get("href", "https://").startswith("https://") for _, attributes in found.seen)


class Tags(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, {name: value or "" for name, value in attrs}))


def test_links_lead_to_the_web_and_say_nothing_of_where_they_come_from() -> None:
    html = render("See [the act](https://law.example/act?a=1&b=2).")[1][0].html
    assert '<a href="https://law.example/act?a=1&amp;b=2" rel="noopener noreferrer nofollow">the act</a>' in html


def test_a_table_scrolls_in_a_box_that_has_a_name() -> None:
    html = render("| a | b |\n|---|--:|\n| 1 | 2 |")[1][0].html
    assert '<div class="tbl" role="region" aria-label="Table" tabindex="0"><table>' in html
    assert "style=" not in html


def test_searching_never_breaks_a_word_of_html() -> None:
    html = render("Fish & chips <b> &amp; more", "amp")[1]
    assert [section.html for section in html] == []
    assert "&amp; <mark>chips</mark>" in render("Fish & chips", "chips")[1][0].html


def test_an_empty_guideline_is_an_empty_page() -> None:
    assert render("") == ("Guidelines", [])
