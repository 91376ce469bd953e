"""What a data set says of itself: the dataset card of Hugging Face, and Croissant JSON-LD (MLCommons, version 1.0)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from annotator.domain.words import counted
from annotator.export.target import Target
from db import canonical

CARD, CROISSANT = "README.md", "croissant.json"
MOST = 20  # licences, people and languages that are listed by name
CONTEXT = {
    "@language": "en", "@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/",
    "column": "cr:column", "conformsTo": "dct:conformsTo",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"}, "dct": "http://purl.org/dc/terms/", "extract": "cr:extract",
    "field": "cr:field", "fileObject": "cr:fileObject", "recordSet": "cr:recordSet", "repeated": "cr:repeated",
    "sc": "https://schema.org/", "source": "cr:source",
}  # fmt: skip
TYPES = {"int64": "sc:Integer", "double": "sc:Float", "bool": "sc:Boolean"}


@dataclass(slots=True)
class About:
    """What the card tells, gathered article by article."""

    filters: Mapping[str, Any]
    licenses: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    people: Counter[str] = field(default_factory=Counter)  # complete annotations by reviewer
    guideline: Mapping[str, str] = field(default_factory=dict)

    def article(self, line: Mapping[str, Any]) -> None:
        self.licenses[line["license"] or "not stated"] += 1
        self.languages[line["language"] or "und"] += 1
        self.people.update({person["id"]: person["complete"] for person in line["reviewers"]})
        self.guideline = line["guideline"]


def text(about: About, target: Target, agreement: Mapping[str, Any]) -> bytes:
    """README.md: front matter for the hub, then what a reader needs to know."""
    return ("\n".join([*_front(about, target), *_body(about, target, agreement)]) + "\n").encode()


def _front(about: About, target: Target) -> list[str]:
    """YAML that needs no library: every word is written as a JSON string, which is YAML too."""
    one = next(iter(about.licenses), "") if len(about.licenses) == 1 else ""
    known = bool(one) and one != "not stated"
    lines = ["---", "annotations_creators:", "- expert-generated", f"pretty_name: {canonical.text(_name(target))}"]
    lines += (
        ["language:", *(f"- {canonical.text(code)}" for code in sorted(about.languages))] if about.languages else []
    )
    lines += [f"license: {canonical.text(one.lower() if known else 'other')}"]
    lines += ["task_categories:", "- text-classification", "- token-classification", "tags:", "- croissant"]
    lines += ["configs:"]
    for name in ("sentences", "articles"):
        lines += [f"- config_name: {name}", f"  data_files: {name}.parquet"]
        lines += ["  default: true"] if name == "sentences" else []
    return [*lines, "---", ""]


def _name(target: Target) -> str:
    return target.project or "corpus"


def _body(about: About, target: Target, agreement: Mapping[str, Any]) -> list[str]:
    counts = target.tally.counts()
    filters = canonical.text(dict(about.filters)) if about.filters else "none, it is the whole corpus"
    guideline = about.guideline
    people, sentences = (counted(agreement[name], name) for name in ("reviewers", "sentences"))
    return [
        f"# {_plain(_name(target))}", "",
        "Sentences of news and opinion articles, each labelled as factual claim, quote, opinion or none, with who says",
        "it, what proves it, every reviewer's own annotation, and gold where a lead decided.", "",
        "```python", "import pandas", 'sentences = pandas.read_parquet("sentences.parquet")', "```", "",
        "```python", "from datasets import load_dataset",
        'sentences = load_dataset("parquet", data_files="sentences.parquet", split="train")', "```", "",
        "## What is in it", "", *_table(("what", "number"), list(counts.items())), "",
        f"Limited by filters: {filters}.", "",
        "`labels` and `primary_label` are gold's and empty where nothing is decided. Offsets are code points of the",
        "article's text, `[start, end)`. `annotations` holds every reviewer's own judgement, also where they",
        "differ.", "",
        "## Licence", "", "The licence of each article is in `articles.parquet`, with its source.", "",
        *_table(("licence", "articles"), _most(about.licenses)), "",
        "## Guideline", "",
        f"Version {_plain(guideline.get('version', 'unknown'))}, SHA-256 `{guideline.get('sha256', '')}`.",
        "", "## Annotators", "", *_table(("reviewer", "complete annotations"), _most(about.people)), "",
        "## Agreement", "",
        f"Krippendorff's alpha of {people} on {sentences} that two or",
        "more of them labelled, each working alone; masi is alpha over label sets.", "",
        *_table(("label", "alpha", "95 % interval"), [_alpha(*said) for said in agreement["alpha"].items()]),
    ]  # fmt: skip


def _alpha(name: str, said: Mapping[str, Any]) -> tuple[str, str, str]:
    if said["value"] is None:
        return name, "not defined", said["reason"]
    return name, f"{said['value']:.3f}", " to ".join(f"{end:.3f}" for end in said["ci95"] or ())


def _most(found: Counter[str]) -> list[tuple[str, int]]:
    ranked = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    rest = sum(number for _, number in ranked[MOST:])
    return ranked[:MOST] + ([(f"{len(ranked) - MOST} others", rest)] if rest else [])


def _table(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(_plain(str(cell)) for cell in line) + " |" for line in lines]


def _plain(words: str) -> str:
    """Words of the corpus as they stand, on one line and with nothing that Markdown or HTML would take as its own."""
    line = " ".join(words.split())
    return "".join(f"&#{ord(sign)};" if sign in "|<>&`*_[]\\#" else sign for sign in line)


def croissant(
    about: About, target: Target, hashes: Mapping[str, str], columns: Mapping[str, Sequence[tuple[str, str]]]
) -> bytes:
    """croissant.json: the files with their hashes and the columns of each."""
    licenses = sorted(license for license in about.licenses if license != "not stated")
    found = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "description": "Sentences of articles labelled as claim, quote, opinion or none, with speakers and evidence.",
        "distribution": [
            {
                "@id": name, "@type": "cr:FileObject", "contentUrl": name, "encodingFormat": "application/x-parquet",
                "name": name, "sha256": sha256,
            }
            for name, sha256 in hashes.items()
        ],
        **({"license": licenses} if licenses else {}),
        "name": _name(target),
        "recordSet": [_records(name, listed) for name, listed in columns.items()],
    }  # fmt: skip
    return canonical.encode(found) + b"\n"


def _records(file: str, columns: Sequence[tuple[str, str]]) -> dict[str, Any]:
    name = file.partition(".")[0]
    return {
        "@id": name, "@type": "cr:RecordSet", "name": name,
        "field": [
            {
                "@id": f"{name}/{column}", "@type": "cr:Field", "name": column,
                "dataType": TYPES.get(kind, "sc:Text"), **({"repeated": True} if kind.startswith("list") else {}),
                "source": {"extract": {"column": column}, "fileObject": {"@id": file}},
            }
            for column, kind in columns
        ],
    }  # fmt: skip
