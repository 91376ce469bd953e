"""Pages of twelve makes, and what a browser shows of each. People, papers and towns are fiction."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.intake import html, limits
from annotator.intake.incoming import Incoming, Rejected
from annotator.services.articles import import_articles
from annotator.services.storing import File
from db import integrity
from db.engine import Database
from db.vocabulary import ImportFormat

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))
Shown = list[tuple[str, int | None, str]]


def page(body: str, head: str = "") -> Incoming:
    (found,) = html.read(f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode())
    assert isinstance(found, Incoming), found
    return found


def shown(found: Incoming) -> Shown:
    assert found.blocks is not None
    return [(block.kind.value, block.level, found.text[block.start : block.end]) for block in found.blocks]


def words(body: str) -> str:
    return page(body).text


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_a_page_is_read_as_a_browser_shows_its_article(file: Path) -> None:
    (found,) = html.read(file.read_bytes())
    assert isinstance(found, Incoming)
    wanted = [json.loads(line) for line in file.with_suffix(".jsonl").read_text("utf-8").splitlines()]
    assert shown(found) == [(block["kind"], block["level"], block["text"]) for block in wanted]


def test_pages_of_many_makes_are_there() -> None:
    assert len(PAGES) >= 10


def test_pages_are_stored_with_their_blocks_and_without_findings(any_database: Database) -> None:
    records = [record for file in PAGES for record in html.read(file.read_bytes())]
    report = import_articles(any_database, records, File(ImportFormat.HTML))
    assert len(report.accepted) == len(PAGES)
    assert list(integrity.check(any_database)) == []


def test_the_head_says_title_address_author_day_publisher_and_language() -> None:
    (found,) = html.read((Path(__file__).parent / "pages" / "newspaper.html").read_bytes())
    assert isinstance(found, Incoming)
    assert (found.title, found.publisher) == ("Saltmere lifts ferry toll", "The Lantern")
    assert found.url == "https://lantern.example/2031/toll?utm_source=feed"
    assert found.canonical_url == "https://lantern.example/2031/toll"
    assert (found.byline, found.published, found.language) == (("Ada Quill",), "2031-03-04", "en-GB")
    assert (found.format, found.line, found.unknown) == (ImportFormat.HTML, None, ())


def test_linked_data_says_what_the_head_does_not() -> None:
    (found,) = html.read((Path(__file__).parent / "pages" / "app.html").read_bytes())
    assert isinstance(found, Incoming)
    assert found.byline == ("Rue Adair", "Tam Bly")
    assert (found.published, found.publisher) == ("2031-01-09", "Sleeper Post")


def test_what_the_head_says_and_nobody_can_read_is_named() -> None:
    head = (
        '<link rel="canonical" href="/toll"><meta name="date" content="last May">'
        '<script type="application/ld+json">{</script>'
    )
    found = page("<p>It rained.</p>", head)
    assert (found.url, found.published) == (None, None)
    assert sorted(found.unknown) == ["application/ld+json", "canonical", "date"]


@pytest.mark.parametrize("name", ["a\\u0000", "a\\ud800", "a" * 10_001], ids=["NUL", "surrogate", "long"])
def test_a_name_that_cannot_be_stored_is_left_out_and_named(name: str) -> None:
    data = f'{{"datePublished": "2031", "author": ["Kim Berg", {{"name": "{name}"}}], "publisher": "{name}"}}'
    found = page("<p>It rained.</p>", f'<script type="application/ld+json">{data}</script>')
    assert (found.byline, found.published, found.publisher) == (("Kim Berg",), "2031", None)
    assert sorted(found.unknown) == ["author", "publisher"]


@pytest.mark.parametrize(("said", "read"), [("pt_BR", "pt-BR"), ("DE", "de"), ("", "en")])
def test_the_language_is_the_page_s(said: str, read: str) -> None:
    (found,) = html.read(f'<html lang="{said}"><p>It rained.</p></html>'.encode())
    assert isinstance(found, Incoming)
    assert found.language == read


def test_white_space_is_collapsed_and_entities_are_decoded() -> None:
    assert words("<p>  One\n\t two&nbsp;&amp;&#8212;<b>th</b>ree \n</p>") == "One two\xa0&—three"
    assert words("<p>a<br>b</p>") == "a\nb"


def test_old_paragraphs_of_empty_lines_are_paragraphs() -> None:
    assert shown(page("One.<br><br>Two.<br>\n<br>Three."))[2] == ("paragraph", None, "Three.")


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>bad</script>",
        "<style>bad</style>",
        "<nav>bad</nav>",
        "<header>bad</header>",
        "<footer>bad</footer>",
        "<aside>bad</aside>",
        "<template>bad</template>",
        "<noscript>bad</noscript>",
        "<svg><text>bad</text></svg>",
        "<p hidden>bad</p>",
        "<p aria-hidden=true>bad</p>",
        "<p style='color:red; DISPLAY : none'>bad</p>",
        "<p class='x sr-only'>bad</p>",
        "<!-- bad -->",
        "<div role=navigation>bad</div>",
        "<img alt=bad onerror=bad src=bad>",
        "<textarea>bad</textarea>",
        "<script><!-- <script> bad --></script>",
        "<svg><script>bad</script></svg>",
    ],
)
def test_code_navigation_and_hidden_text_are_dropped(hidden: str) -> None:
    assert words(f"<p>It rained all day in Saltmere.</p>{hidden}") == "It rained all day in Saltmere."


def test_markup_that_is_text_stays_text() -> None:
    assert words("<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>") == "<script>alert(1)</script>"


def test_a_page_of_comments_by_name_only_is_still_read() -> None:
    assert words('<div class="comment"><p>An article in the section “Comment”.</p></div>').startswith("An article")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "there is no text in it"),
        (b"<p> &nbsp;</p><script>x</script>", "there is no text in it"),
        (b"<frameset><frame></frameset>", "there is no text in it"),
        (b"<p>a\0b", "byte 4 is NUL"),
        (b"<p>caf\xe9", "byte 6 is not valid UTF-8"),
        (b'<meta charset="windows-1252"><p>caf\xe9', "the page says it is windows-1252: save it as UTF-8 first"),
        (b"<div>" * (limits.NESTED_TAGS + 1), "more than 1,000 tags are open at once"),
        (b"<p>" + b"x" * (limits.ARTICLE_CODE_POINTS + 1), "the text has 1,000,001 characters"),
    ],
    ids=["empty", "nothing visible", "frames", "NUL", "not UTF-8", "another charset", "nested", "too long"],
)
def test_what_is_no_article_is_rejected_in_words(data: bytes, reason: str) -> None:
    (found,) = html.read(data)
    assert isinstance(found, Rejected)
    assert reason in found.reason


PIECES = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<table>",
        "<tr>",
        "<td>",
        "</table>",
        "<li>",
        "<ul>",
        "</ul>",
        "<br>",
        "<h2>",
        "</h2>",
        "<pre>",
        "</pre>",
        "<blockquote>",
        "<q>",
        "<article>",
        "</article>",
        "<header>",
        "<a>",
        "</a>",
        "&#13;",
        "&#xFEFF;",
        "<script>",
        "</script>",
        "\ufeff",
        "\u2028",
        "👨🏻\u200d🚒",
        "é",
        "قال",
        " ",
        "\n",
        "word",
        "<caption>",
        "<div hidden>",
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_blocks_are_in_order_disjoint_and_hold_all_that_is_visible(source: str) -> None:
    (found,) = html.read(source.encode())
    if isinstance(found, Rejected):
        assert found.reason == "there is no text in it"
        return
    assert_blocks(found)


def assert_blocks(found: Incoming) -> None:
    """In order, disjoint, inside the text, without white space at the edges, nothing visible between them."""
    assert found.blocks
    end = 0
    for block in found.blocks:
        assert end <= block.start < block.end <= len(found.text)
        assert not found.text[end : block.start].strip()
        assert found.text[block.start : block.end].strip() == found.text[block.start : block.end]
        end = block.end
    assert end == len(found.text)


@given(st.binary(max_size=200))
def test_any_bytes_are_an_article_or_refused_in_words(data: bytes) -> None:
    for found in html.read(data):
        assert found.reason if isinstance(found, Rejected) else found.text
