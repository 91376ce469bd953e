"""Screens that other tests do not pass: axe-core finds nothing, nothing is wider than a phone; an article in Arabic."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from playwright.sync_api import Page
from sqlmodel import select

from annotator.intake import text
from annotator.services import articles, assignments
from annotator.services.history import Actor
from annotator.services.storing import File
from db.models import Source, Speaker
from db.vocabulary import ImportFormat
from tests.browser.conftest import AXE, SCHEMES, Desk, Look, axe, press, told, wait_current

pytestmark = pytest.mark.browser

OVER = "() => document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
PAIRS: tuple[Sequence[Look], ...] = (((390, "dark"), (1440, "light")), ((390, "light"), (1440, "dark")))
ARABIC = (
    "العبّارة تبقى في الميناء\n\nقالت إيدا هولم إن الرصيف غير آمن 🚢. كلّف الإصلاح ١٢ مليون كرونة في عام 2019. "
    "«سنعيد فتحه في الربيع»، أضافت المديرة.\n"
)  # fiction


def prepared(desk: Desk) -> dict[str, str]:
    """Anna names a speaker and a source; the ids of both."""
    page = desk.open("Anna")
    desk.go(page, 14)
    press(page, "Shift+Digit1", "Shift+Digit2", "a")
    page.fill("#a0-speaker", "Anthony Guglielmi")
    page.fill("#a0-content", "partnership in immigration")
    press(page, "Enter", "s")
    page.fill("#e0-0-url", "https://example.org/a")
    press(page, "Enter")
    page.wait_for_selector("#s-14 .by >> text=1 source")
    with desk.database.read() as session:
        source, speaker = session.exec(select(Source.uid)).first(), session.exec(select(Speaker.uid)).first()
    return {"article": desk.article, "source": str(source), "speaker": str(speaker)}


REVIEWERS = (
    "/", "/articles/{article}?sources=1&s=14", "/settings", "/settings?saved=1", "/password", "/api", "/guidelines",
    "/guidelines/versions", "/guidelines/labels", "/disagreements", "/disagreements/mine", "/speakers",
    "/speakers/{speaker}", "/sources", "/sources/{source}", "/sources/{source}/edit", "/nothing",
)  # fmt: skip
LEADS = (
    "/", "/settings", "/releases", "/deleted", "/articles/{article}/delete", "/project", "/people", "/people/assign",
    "/export", "/adjudication", "/articles/{article}/disagreements",
)  # fmt: skip


def looked_at(page: Page, script: str, full_length: bool, addresses: Sequence[tuple[int, str]]) -> list[str]:
    wrong = []
    for n, address in addresses:
        page.goto(address)
        assert page.locator("h1").count() == 1, address
        found = axe(page, script, SCHEMES if full_length else PAIRS[n % 2])
        page.set_viewport_size({"width": 320, "height": 800})
        over = page.evaluate(OVER)
        wrong += [f"{address}: {one}" for one in (*found, *([f"{over} px too wide"] if over > 0 else []))]
    return wrong


@pytest.mark.parametrize(("name", "screens"), [("Anna", REVIEWERS), ("Lea", LEADS)])
def test_axe_finds_nothing_and_nothing_is_too_wide(
    desk: Desk,
    packages: Callable[[str, str], bytes],
    full_length: bool,
    name: str,
    screens: tuple[str, ...],
) -> None:
    """In full length in both colour schemes at both widths, else one pair of them each, in turn."""
    desk.expect_trouble("404")
    ids = prepared(desk)
    script = packages(AXE, "axe.min.js").decode()
    addresses = [(n, desk.base + screen.format(**ids)) for n, screen in enumerate(screens)]
    assert looked_at(desk.open(name), script, full_length, addresses) == []


def test_refused_keys_and_the_page_of_who_is_signed_out_pass_axe_too(
    desk: Desk, packages: Callable[[str, str], bytes], full_length: bool
) -> None:
    desk.expect_trouble("422")
    script, page = packages(AXE, "axe.min.js").decode(), desk.open("Anna")
    page.goto(f"{desk.base}/settings")
    page.fill("#key-note", "j")
    page.click("text=Save keys")
    page.wait_for_selector("#problem")
    assert page.get_attribute("#key-note", "aria-invalid") == "true"
    assert page.input_value("#key-note") == "j"
    found = list(axe(page, script, SCHEMES if full_length else PAIRS[0]))
    page.context.clear_cookies()
    page.goto(f"{desk.base}/sign-in")
    found += axe(page, script, SCHEMES if full_length else PAIRS[1])
    assert found == []


@pytest.fixture
def arabic(desk: Desk) -> Desk:
    """Anna reads an article that is written from right to left."""
    incoming = [replace(one, language="ar", language_given=True) for one in text.read(ARABIC.encode())]
    taken = articles.import_articles(desk.database, incoming, File(ImportFormat.TXT, "arabic.txt"))
    desk.article = taken.accepted[0].uid
    with desk.database.write() as session:
        assignments.assign(session, Actor(None), desk.article, ["Anna"])
    return desk


def box(page: Page, selector: str) -> dict[str, float]:
    found = page.locator(selector).first.bounding_box()
    assert found is not None
    return {"left": found["x"], "right": found["x"] + found["width"], "top": found["y"]}


def test_an_article_from_right_to_left_is_laid_out_right_and_labelled_by_the_same_keys(
    arabic: Desk, packages: Callable[[str, str], bytes], full_length: bool
) -> None:
    page = arabic.open("Anna")
    arabic.go(page, 1)
    press(page, "4")
    wait_current(page, 2)
    assert page.get_attribute("#text", "dir") == "rtl"
    assert page.get_attribute("#text", "lang") == "ar"
    assert page.evaluate("getComputedStyle(document.querySelector('#s-2 a')).direction") == "rtl"
    words, mark, number = (box(page, f"#s-2 > {part}") for part in ("a", ".mark", ".n"))
    assert words["right"] <= mark["left"], "the gutter is at the right"
    assert mark["right"] <= number["left"]
    assert box(page, "#s-2 > a")["right"] < box(page, ".desk")["left"], "the card stays where it is"
    press(page, "Shift+Digit2", "a")
    page.fill("#a0-speaker", "إيدا هولم")
    page.fill("#a0-cue", "قالت")
    page.fill("#a0-content", "الرصيف غير آمن 🚢")
    press(page, "Enter")
    assert told(page) == "Sentence 2: attribution added"
    assert page.inner_text("#s-2 .hit") == "الرصيف غير آمن 🚢"
    assert page.inner_text("#s-2 .who-hit") == "إيدا هولم"
    assert box(page, "#s-2 .hit")["right"] < box(page, "#s-2 .who-hit")["left"], (
        "what is said stands left of who says it"
    )
    assert box(page, "#s-2 .by")["right"] <= mark["left"]
    for width in (320, 390, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate(OVER) <= 0, width
    script = packages(AXE, "axe.min.js").decode()
    assert axe(page, script, SCHEMES if full_length else PAIRS[1]) == []
