"""Every option of a project: its name, default, label and help in one place, what is allowed, and how it is stored.

The title and the number of reviewers are columns of the project; the others are one JSON object beside them.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from annotator.errors import Invalid
from annotator.language import gettext as _
from annotator.language import later

TITLE_LENGTH = 120
MOST_REVIEWERS = 50
LANGUAGE = re.compile(r"[a-z]{2,3}(?![a-z])")
PIPELINE = re.compile(r"[A-Za-z]\w*")  # a package's name: a path would load whatever stands there


def option(default: Any, label: str, text: str, *, stored: str = "") -> Any:
    """`stored` is the name in the JSON object where it is another one."""
    return field(default=default, metadata={"label": label, "help": text, "stored": stored})


@dataclass(frozen=True, slots=True)
class Options:
    """What a lead decides for the whole project. `pipelines`: (language, spaCy pipeline) pairs, by language."""

    title: str = option("Corpus", later("Title"), later("What the corpus is called."))
    required_reviewers: int = option(
        2, later("Reviewers an article"), later("How many the lead wants to read each article.")
    )
    pipelines: tuple[tuple[str, str], ...] = option(
        (),
        later("Sentence pipelines"),
        later("For a language an installed spaCy pipeline that finds its sentences, such as de_core_news_sm for de."),
    )
    suggestions: bool = option(
        True, later("Suggestions"), later("Attributions and labels are proposed after a reviewer’s own label.")
    )
    hidden_share: float = option(
        0.2,
        later("Share without suggestions"),
        later("So many of the sentences, 0 to 1, drawn once, show none to anybody: then their effect can be told."),
        stored="suggestions_hidden_share",
    )

    @property
    def stored(self) -> dict[str, Any]:
        """The options that are no columns, by the names under which they are stored."""
        values = {**asdict(self), "pipelines": dict(self.pipelines)}
        return {key: values[name] for name, key in STORED.items()}

    def pipeline(self, language: str) -> str | None:
        """The pipeline for a code like pt or pt-BR; None where none is named."""
        code = LANGUAGE.match(language.lower())
        return dict(self.pipelines).get(code[0]) if code else None


STORED = {
    f.name: f.metadata["stored"] or f.name for f in fields(Options) if f.name not in ("title", "required_reviewers")
}


def of_project(title: str, required_reviewers: int, stored: Mapping[str, Any]) -> Options:
    """The options of a project from its columns and its JSON object; names that are not ours are left alone."""
    given = {name: stored[key] for name, key in STORED.items() if key in stored}
    if "pipelines" in given:
        given["pipelines"] = tuple(sorted(given["pipelines"].items()))
    return Options(title, required_reviewers, **given)


def checked(options: Options) -> Options:
    """The options trimmed and in order. Raises Invalid with the name of the option that does not fit."""
    title = " ".join(options.title.split())
    if not title or len(title) > TITLE_LENGTH:
        raise Invalid(_("The title needs 1 to {n} characters.").format(n=TITLE_LENGTH), field="title")
    if not 1 <= options.required_reviewers <= MOST_REVIEWERS:
        raise Invalid(_("An article needs 1 to {n} reviewers.").format(n=MOST_REVIEWERS), field="required_reviewers")
    if not 0 <= options.hidden_share <= 1:
        raise Invalid(_("The share without suggestions lies between 0 and 1."), field="hidden_share")
    return replace(options, title=title, pipelines=_pipelines(options.pipelines))


def _pipelines(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for language, name in ((language.strip().lower(), name.strip()) for language, name in pairs):
        if not LANGUAGE.fullmatch(language):
            raise Invalid(
                _("“{code}” is no code of a language, such as de or pt.").format(code=language), field="pipelines"
            )
        if language in found:
            raise Invalid(_("The language {code} is named twice.").format(code=language), field="pipelines")
        if not PIPELINE.fullmatch(name):
            raise Invalid(
                _("“{name}” is no name of a spaCy pipeline, such as de_core_news_sm.").format(name=name),
                field="pipelines",
            )
        found[language] = name
    return tuple(sorted(found.items()))


def share(typed: str) -> float:
    """A share as people write it: 0.2, 0,2 or 20 %. Raises Invalid."""
    text = typed.strip().replace(",", ".")
    found = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*(%?)", text)
    if not found:
        raise Invalid(
            _("“{share}” is no share, such as 0.2 or 20 %.").format(share=typed.strip()), field="hidden_share"
        )
    return round(float(found[1]) / (100 if found[2] else 1), 6)
