"""The interface's text is in one catalogue, and every language of it is whole."""

import re
from collections import Counter
from pathlib import Path

import pytest

from annotator.language import LANGUAGES, negotiated
from tests import catalogue

TEMPLATES = catalogue.ROOT / "annotator" / "web" / "templates"
PLACE = re.compile(r"%\(\w+\)s|\{\w*\}")
BRAND = {"Annotator", "SHIFT", "Shift", "Enter", "Esc"}


@pytest.mark.parametrize("code", catalogue.TRANSLATED)
def test_every_text_has_a_translation(code: str) -> None:
    stored, sources = catalogue.stored(code), catalogue.extracted()
    assert catalogue.untranslated(stored) == []
    assert {(m.context, m.id) for m in stored if m.id} == {(m.context, m.id) for m in sources if m.id}


@pytest.mark.parametrize("code", catalogue.TRANSLATED)
def test_a_translation_takes_the_same_values(code: str) -> None:
    for message in catalogue.stored(code):
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        texts = [message.string] if isinstance(message.string, str) else list(message.string)
        for text in texts:
            assert set(PLACE.findall(text)) <= {p for one in ids for p in PLACE.findall(one)}, text
        if len(ids) == 1:
            assert Counter(PLACE.findall(texts[0])) == Counter(PLACE.findall(ids[0])), texts


@pytest.mark.parametrize("code", catalogue.TRANSLATED)
def test_the_compiled_catalogue_is_the_readable_one(code: str) -> None:
    path = catalogue.po(code).with_suffix(".mo")
    assert path.read_bytes() == catalogue.compiled(catalogue.stored(code)), "run python -m tests.catalogue"


def words_outside_the_catalogue(template: str) -> list[str]:
    """Runs of letters that a reader sees and that no gettext call holds."""
    text = re.sub(r"\{#.*?#\}", " ", template, flags=re.DOTALL)
    text = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "\x00", text, flags=re.DOTALL)
    seen = re.findall(r'(?:aria-label|title|placeholder|alt|data-confirm)="([^"]*)"', text)
    text = re.sub(r"<(style|kbd|code)\b.*?</\1>", " ", text, flags=re.DOTALL)
    text = re.sub(r'aria-(?:invalid|describedby)="[^"]*"', " ", text)  # attributes that a macro writes
    seen += re.split(r"<[^>]*>", text)
    found = [word for part in seen for word in re.findall(r"[^\W\d_]{2,}", re.sub(r"&\w+;", " ", part))]
    return [word for word in found if word not in BRAND]


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda p: str(p.relative_to(TEMPLATES)))
def test_no_template_has_words_outside_the_catalogue(path: Path) -> None:
    assert words_outside_the_catalogue(path.read_text("utf-8")) == []


def test_the_check_for_words_finds_them() -> None:
    assert words_outside_the_catalogue(
        '<p title="Hi there">{{ _("Good") }} morning &amp; {% if x %}noon{% endif %}</p>'
    )
    assert (
        words_outside_the_catalogue('<b class="big">{{ _("Good") }}</b>{% trans n=3 %}{{ n }} days{% endtrans %}') == []
    )


@pytest.mark.parametrize(
    ("accept", "code"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en-GB,de;q=0.9", "en"),
        ("fr,de;q=0.4,en;q=0.7", "en"),
        ("fr", "en"),
        ("de;q=0", "en"),
        ("de;q=x,*", "en"),
        (",;q=,\N{GRINNING FACE}", "en"),
    ],
)
def test_the_browser_s_languages_are_weighed(accept: str, code: str) -> None:
    assert negotiated(accept) == code
    assert code in LANGUAGES
