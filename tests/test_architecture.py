"""The house style that a program can check: who imports whom, how long files and functions are."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted(file for folder in ("annotator", "db", "migrations") for file in (ROOT / folder).rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION = 400, 40
REASON = "long because"

# Part of the program: what it may import of ours (a name covers what is below it) and of others.
# The longest name that fits a file is its part; whatever is not named here may not be there.
PARTS: dict[str, tuple[set[str], set[str]]] = {
    "db.vocabulary": (set(), set()),
    "db": ({"db"}, {"alembic", "orjson", "sqlalchemy", "sqlmodel"}),
    "migrations": ({"db"}, {"alembic", "sqlalchemy", "sqlmodel"}),
    "annotator.errors": ({"annotator.language"}, set()),
    "annotator.language": (set(), set()),
    "annotator.settings": (set(), set()),
    "annotator.spread": (set(), set()),
    "annotator.cluster": ({"annotator.errors", "annotator.spread"}, {"dask", "distributed"}),
    "annotator.domain": ({"annotator.domain", "annotator.errors", "annotator.language", "db.vocabulary"}, {"numpy"}),
    "annotator.nlp": (
        {"annotator.nlp", "annotator.domain", "annotator.errors", "db.vocabulary"},
        {"numpy", "spacy", "thinc"},
    ),
    "annotator.intake": (
        {
            "annotator.intake", "annotator.domain", "annotator.errors", "annotator.language", "annotator.spread",
            "db.queries", "db.vocabulary", "db.canonical",
        },
        {"markdown_it", "orjson", "selectolax"},
    ),
    "annotator.reports": (
        {
            "annotator.reports", "annotator.domain", "annotator.errors", "annotator.language",
            "db.queries", "db.vocabulary", "db.canonical", "db.models",
        },
        {"jinja2", "markupsafe", "numpy", "rich", "sqlmodel"},  # the report as text and as one HTML file
    ),
    "annotator.export.docbin": ({"annotator.export", "annotator.nlp"}, set()),  # a spaCy file: made in nlp
    "annotator.export": (
        {
            "annotator.export", "annotator.domain", "annotator.errors", "annotator.language",
            "db.queries", "db.vocabulary", "db.canonical", "db.models",
        },
        {"jinja2", "jsonschema_rs", "markupsafe", "orjson", "pyarrow", "sqlmodel"},  # jinja2: the published article
    ),
    "annotator.services": (
        {
            "annotator.services", "annotator.domain", "annotator.nlp", "annotator.intake", "annotator.reports",
            "annotator.export", "annotator.errors", "annotator.language", "annotator.settings", "annotator.spread",
            "db",
        },
        {"pwdlib", "sqlalchemy", "sqlmodel"},
    ),
    "annotator.web": (
        {
            "annotator.web", "annotator.services", "annotator.reports", "annotator.export", "annotator.intake",
            "annotator.nlp", "annotator.domain", "annotator.errors", "annotator.language", "annotator.settings", "db",
        },
        {"fastapi", "jinja2", "markdown_it",
            "markupsafe", "orjson", "pydantic", "sqlalchemy", "sqlmodel",
         "starlette"},
    ),
    "annotator.server": (
        {"annotator.web", "annotator.settings", "annotator.services", "db"},
        {"fastapi", "uvicorn"},
    ),
    "annotator.cli": (
        {
            "annotator.cli", "annotator.server", "annotator.services", "annotator.reports", "annotator.export",
            "annotator.intake", "annotator.nlp", "annotator.domain", "annotator.errors", "annotator.settings", "db",
            "annotator.spread", "annotator.cluster",
        },
        {"orjson", "rich", "sqlalchemy", "sqlmodel", "typer"},
    ),
    "annotator.__main__": ({"annotator.cli"}, set()),
    "annotator": (set(), set()),
}  # fmt: skip
OURS = {"annotator", "db", "migrations", "corpus", "tests"}
# what the edges may take from the database libraries: a session to hand on, errors to translate
NO_SQL = {"sqlmodel": {"Session"}, "sqlalchemy": {"exc"}, "sqlalchemy.exc": None}


@dataclass(frozen=True)
class Import:
    """One imported name: `from a.b import c` is a.b.c, whether c is a module or not."""

    file: Path
    line: int
    module: str
    name: str | None

    @property
    def dotted(self) -> str:
        return f"{self.module}.{self.name}" if self.name else self.module

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}:{self.line} imports {self.dotted}"


def dotted(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text("utf-8"))


def imports(file: Path) -> Iterator[Import]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(file, node.lineno, alias.name, None)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: imports name their module in full"
            for alias in node.names:
                yield Import(file, node.lineno, str(node.module), alias.name)


def part_of(name: str) -> str:
    return max((part for part in PARTS if is_below(name, part)), key=len)


def is_below(name: str, above: str) -> bool:
    return name == above or name.startswith(above + ".")


def module_name(found: Import) -> str:
    """The module that is imported: the name itself where it is one, else where it comes from."""
    path = ROOT.joinpath(*found.dotted.split("."))
    return found.dotted if path.with_suffix(".py").exists() or path.is_dir() else found.module


def wrong_arrows(file: Path) -> Iterator[str]:
    ours, others = PARTS[part_of(dotted(file))]
    for found in imports(file):
        top = found.module.split(".")[0]
        if top in OURS:
            allowed = any(is_below(module_name(found), name) for name in ours)
        else:
            allowed = top in sys.stdlib_module_names or top in others
        if not allowed:
            yield str(found)


def test_imports_follow_the_arrows() -> None:
    assert [wrong for file in SOURCES for wrong in wrong_arrows(file)] == []


def test_wrong_arrow_would_be_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check itself, on files that break each rule."""
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    for folder in ("annotator/domain", "annotator/services", "annotator/web", "annotator/nlp", "db/queries"):
        (tmp_path / folder).mkdir(parents=True)
    wrong = {
        "annotator/domain/spans.py": "from db import models",
        "annotator/domain/labels.py": "import sqlmodel",
        "annotator/services/articles.py": "from annotator.web import app",
        "annotator/services/claims.py": "def f():\n    import spacy",
        "annotator/web/queue.py": "import annotator.cli",
        "annotator/nlp/rules.py": "from db.queries import articles",
        "db/models.py": "from annotator import errors",
        "db/vocabulary.py": "import db.models",
    }
    for name, source in wrong.items():
        (tmp_path / name).write_text(source)
    for name in wrong:
        assert len(list(wrong_arrows(tmp_path / name))) == 1, name


# what is needed without being imported, and by whom; psycopg[binary] and the like are named without their extras
NOT_IMPORTED = {
    "httptools": "requests, through uvicorn",
    "psycopg": "an address of PostgreSQL",
    "python-multipart": "forms, through FastAPI",
}
IMPORTED_AS = {"markdown-it-py": "markdown_it", "jsonschema-rs": "jsonschema_rs"}


def test_every_dependency_is_imported_and_every_arrow_to_one_is_used() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = {re.split(r"[\[><=]", wanted)[0] for wanted in project["dependencies"]} - NOT_IMPORTED.keys()
    used = [(part_of(dotted(file)), found.module.split(".")[0]) for file in SOURCES for found in imports(file)]
    assert {IMPORTED_AS.get(name, name) for name in names} - {module for _, module in used} == set()
    assert {(part, other) for part, (_, others) in PARTS.items() for other in others} - set(used) == set()


@pytest.mark.parametrize("edge", ["web", "cli"])
def test_edges_write_no_sql(edge: str) -> None:
    wrong = []
    for file in (file for file in SOURCES if is_below(dotted(file), f"annotator.{edge}")):
        for found in imports(file):
            if found.module.split(".")[0] in ("sqlalchemy", "sqlmodel"):
                names = NO_SQL.get(found.module, set())
                if names is not None and found.name not in names:
                    wrong.append(str(found))
    assert wrong == []


def test_only_nlp_imports_spacy() -> None:
    users = {part_of(dotted(file)) for file in SOURCES for found in imports(file) if is_below(found.module, "spacy")}
    assert users == {"annotator.nlp"}


def test_only_settings_read_the_environment() -> None:
    users = {
        dotted(file)
        for file in SOURCES
        if re.search(r"\bos\.(environ|getenv)\b|import (environ|getenv)", file.read_text("utf-8"))
    }
    assert users == {"annotator.settings"}


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def unexplained(file: Path) -> Iterator[str]:
    """Imports inside functions without a comment on the line or above; one comment is enough for a row of them."""
    lines = file.read_text("utf-8").splitlines()
    inside = {
        node.lineno: node
        for function in functions(file)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    ends = {node.end_lineno or number: number for number, node in inside.items()}
    explained: set[int] = set()
    for number, node in sorted(inside.items()):
        own = any("  # " in lines[line - 1] for line in range(number, (node.end_lineno or number) + 1))
        above = number - 1
        while above and not lines[above - 1].strip():  # ruff parts ours from others by a blank line
            above -= 1
        if own or lines[above - 1].lstrip().startswith("# ") or ends.get(above) in explained:
            explained.add(number)
        else:
            yield f"{file.relative_to(ROOT)}:{number} {lines[number - 1].strip()}"


def test_import_inside_a_function_has_its_reason() -> None:
    assert [wrong for file in SOURCES for wrong in unexplained(file)] == []


# migrations are written by Alembic and never edited once merged
WRITTEN = [file for file in SOURCES if not is_below(dotted(file), "migrations.versions")]


def test_files_are_short_or_say_why_not() -> None:
    lengths = {dotted(file): file.read_text("utf-8").splitlines() for file in WRITTEN}
    long = {name: len(lines) for name, lines in lengths.items() if len(lines) > LONGEST_FILE}
    assert [name for name in long if not any(REASON in line for line in lengths[name][:30])] == []


def too_long(file: Path) -> Iterator[str]:
    lines = file.read_text("utf-8").splitlines()
    for function in functions(file):
        last = function.end_lineno or function.lineno
        length = last - function.lineno + 1
        if length > LONGEST_FUNCTION and REASON not in "\n".join(lines[function.lineno - 2 : last]):
            yield f"{file.relative_to(ROOT)}:{function.lineno} {function.name} has {length} lines"


def test_functions_are_short_or_say_why_not() -> None:
    assert [wrong for file in WRITTEN for wrong in too_long(file)] == []


def test_tables_are_not_read_with_postponed_annotations() -> None:
    """SQLModel reads the annotations of its tables when they are made."""
    beside_tables = [file for file in SOURCES if is_below(dotted(file), "db")]
    assert not [str(found) for file in beside_tables for found in imports(file) if found.module == "__future__"]


VAGUE = re.compile(r"manager|helper|utils", re.IGNORECASE)


def test_names_say_what_things_are() -> None:
    defined = [
        f"{dotted(file)}.{node.name}"
        for file in SOURCES
        for node in ast.walk(tree(file))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    assert [name for name in defined if VAGUE.search(name)] == []
