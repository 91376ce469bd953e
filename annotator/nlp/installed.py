"""spaCy pipelines that are installed here, for the languages that a project names one for."""

from importlib.metadata import entry_points

from annotator.errors import Invalid, Unavailable
from annotator.nlp import segment

GROUP = "spacy_models"  # where packages of pipelines announce themselves


def names() -> list[str]:
    """The installed pipelines; nothing of them is loaded."""
    return sorted({point.name for point in entry_points(group=GROUP)})


def check(language: str, name: str) -> None:
    """Raises Invalid when a pipeline is not installed here, is for another language, or cannot be loaded."""
    if name not in names():
        there = ", ".join(names()) or "none"
        raise Invalid(f"No spaCy pipeline {name} is installed here; installed: {there}.", field="pipelines")
    try:
        speaks = segment.pipeline(segment.code_of(language), name).lang
    except (OSError, ImportError, ValueError) as error:  # made for another spaCy, or damaged
        said = f"The spaCy pipeline {name} cannot be loaded: it may need another spaCy."
        raise Invalid(said, field="pipelines") from error
    if speaks not in (language, segment.ANY_LANGUAGE):
        raise Invalid(f"The spaCy pipeline {name} is for {speaks}, not for {language}.", field="pipelines")


def require(name: str | None) -> str | None:
    """The name again. Raises Unavailable when the project names it but it is not installed here any more."""
    if name is not None and name not in names():
        raise Unavailable(
            f"The project names the spaCy pipeline {name} for sentences, but it is not installed here. "
            "Install it, or name another one with annotator project set --pipeline."
        )
    return name
