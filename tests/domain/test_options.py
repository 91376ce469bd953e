"""Options of a project: what is allowed, how it is stored, that every one has its help."""

from dataclasses import fields, replace
from typing import Any

import pytest

from annotator.domain import options as rules
from annotator.domain.options import Options
from annotator.errors import Invalid


def test_every_option_has_a_label_and_its_help() -> None:
    assert [f.name for f in fields(Options) if not (f.metadata["label"] and f.metadata["help"])] == []


def test_what_is_stored_is_read_back_and_names_that_are_not_ours_do_not_matter() -> None:
    chosen = Options("Harbour", 3, (("de", "de_core_news_sm"), ("pt", "pt_core_news_sm")), False, 0.5)
    assert rules.of_project("Harbour", 3, {**chosen.stored, "suggestions_seed": "s"}) == chosen
    assert rules.of_project("Corpus", 2, {}) == Options()


@pytest.mark.parametrize(
    ("language", "name"),
    [("pt", "pt_x"), ("pt-BR", "pt_x"), ("PT_br", "pt_x"), ("de", None), ("portuguese", None), ("", None)],
)
def test_a_pipeline_is_that_of_the_language_whatever_its_region(language: str, name: str | None) -> None:
    assert Options(pipelines=(("pt", "pt_x"),)).pipeline(language) == name


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"title": "  "}, "The title needs 1 to 120 characters."),
        ({"title": "x" * 121}, "The title needs 1 to 120 characters."),
        ({"required_reviewers": 0}, "An article needs 1 to 50 reviewers."),
        ({"required_reviewers": 51}, "An article needs 1 to 50 reviewers."),
        ({"hidden_share": 1.01}, "The share without suggestions lies between 0 and 1."),
        ({"hidden_share": -0.01}, "The share without suggestions lies between 0 and 1."),
        ({"hidden_share": float("nan")}, "The share without suggestions lies between 0 and 1."),
        (
            {"pipelines": ((" German", "de_core_news_sm"),)},
            "“german” is no code of a language, such as de or pt.",
        ),
        (
            {"pipelines": (("de", "../secret "),)},
            "“../secret” is no name of a spaCy pipeline, such as de_core_news_sm.",
        ),
        ({"pipelines": (("de", "a"), ("DE", "b"))}, "The language de is named twice."),
    ],
)
def test_what_does_not_fit_is_refused_with_the_name_of_the_option(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.checked(replace(Options(), **wrong))
    assert ([refused.value.field], refused.value.message) == ([*wrong], message)


@pytest.mark.parametrize(
    "right",
    [
        {"title": "x" * 120},
        {"required_reviewers": 50},
        {"required_reviewers": 1},
        {"hidden_share": 0.0},
        {"hidden_share": 1.0},
    ],
)
def test_what_just_fits_is_taken(right: dict[str, Any]) -> None:
    assert rules.checked(replace(Options(), **right)) == replace(Options(), **right)


def test_white_space_and_order_do_not_matter() -> None:
    given = Options(" Harbour \n desk ", pipelines=((" pt ", "b"), ("DE", " a ")))
    assert rules.checked(given) == Options("Harbour desk", pipelines=(("de", "a"), ("pt", "b")))


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0.2", 0.2),
        (" 0,25 ", 0.25),
        ("20 %", 0.2),
        ("0", 0.0),
        ("100%", 1.0),
        ("0.123456", 0.123456),
        ("12.5 %", 0.125),
        ("12.345678 %", 0.123457),
    ],
)
def test_a_share_is_read_as_people_write_it(typed: str, value: float) -> None:
    assert rules.share(typed) == value


@pytest.mark.parametrize("typed", ["", "a fifth", "-0.1", "1e-3", "0.2.1", "٠٫٢"])
def test_a_share_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.share(f" {typed} ")
    assert (refused.value.field, refused.value.message) == (
        "hidden_share",
        f"“{typed}” is no share, such as 0.2 or 20 %.",
    )
