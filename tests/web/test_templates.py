"""Templates: titles, nothing that our security policy would block, nothing that could let text become markup."""

import re
from pathlib import Path

import pytest

from annotator.web import pages

FILES = sorted((pages.HERE / "templates").rglob("*"))
DOWNLOADS = {"file.html"}  # self-contained, with a policy of its own inside
TEMPLATES = [file for file in FILES if file.is_file() and file.name not in DOWNLOADS]
WHOLE = [file for file in TEMPLATES if not file.name.startswith("_") and file.name != "base.html"]
# each with the reason why it may not be written
FORBIDDEN = {
    r"<style\b": "a style element is blocked by the policy",
    r"\sstyle\s*=": "a style attribute is blocked by the policy",
    r"<script\b(?![^>]*\bsrc=)": "a script without an address is blocked by the policy",
    r"\son[a-z]+\s*=": "an event handler in an attribute is blocked by the policy",
    r"hx-on": "htmx would need eval for it",
    r"\bjs:": "htmx would need eval for it",
    r"javascript:": "an address that runs is never written",
    r"hx-trigger=\"[^\"]*\[": "htmx would need eval for a filter",
    r"\|\s*safe\b": "text would become markup",
    r"autoescape": "escaping is never turned off",
    r"\s[\w:-]+=\{\{": "an attribute without quotation marks lets text out of it",
}
IDS = [str(file.relative_to(pages.HERE / "templates")) for file in TEMPLATES]


def test_all_templates_are_html_so_that_they_are_escaped() -> None:
    assert [file.name for file in TEMPLATES if file.suffix != ".html"] == []
    assert pages.environment().autoescape is True


@pytest.mark.parametrize("file", TEMPLATES, ids=IDS)
def test_a_template_has_nothing_that_is_blocked_or_unsafe(file: Path) -> None:
    text = file.read_text("utf-8")
    found = [f"{reason}: {match[0]!r}" for sign, reason in FORBIDDEN.items() if (match := re.search(sign, text, re.I))]
    assert found == []


@pytest.mark.parametrize("file", WHOLE, ids=[f"{file.parent.name}/{file.name}" for file in WHOLE])
def test_a_whole_page_extends_the_base_and_has_a_title(file: Path) -> None:
    texts = [file.read_text("utf-8")]
    while parent := re.match(r'{% extends "([\w/]+\.html)" %}', texts[-1]):
        texts.append((pages.HERE / "templates" / parent[1]).read_text("utf-8"))
    assert texts[-1] == (pages.HERE / "templates" / "base.html").read_text("utf-8")
    assert any(re.search(r"{% block title %}.*\S.*{% endblock %}", text) for text in texts[:-1])


def test_every_address_in_a_link_is_checked_or_ours() -> None:
    """What an article or a reviewer gave may be followed only through the filter `web_address`."""
    for file in TEMPLATES:
        for address in re.findall(r'(?:href|src|action)="([^"]*)"', file.read_text("utf-8")):
            ours = address.startswith(("/", "#", "?", "data:image/svg+xml")) or not address
            named = re.match(r"\{\{ ?([\w.]+)", address)
            assert ours or named, f"{file.name}: {address}"
