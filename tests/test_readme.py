"""README says what is there: its tables hold every command, address, setting and package, and nothing else."""

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from typer.main import get_command

from annotator import cli
from annotator.export.formats import FORMATS
from annotator.settings import PREFIX, Settings
from annotator.web.access import TABLE
from annotator.web.app import create_app
from db.engine import Database
from tests.web.routes import routes_of

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
MINUTES, WORDS_A_MINUTE = 10, 240  # how long README may take, and how fast a person reads (M. Brysbaert 2019)


def section(title: str) -> str:
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.S | re.M)
    assert found, f"README has no section {title}"
    return found[1]


def first_cells(title: str) -> set[str]:
    """What stands in code marks in the first column of a section's tables."""
    rows = [line for line in section(title).splitlines() if line.startswith("| `")]
    return {cell for row in rows for cell in re.findall(r"`([^`]+)`", row.split(" | ")[0])}


def words_to_read(text: str) -> list[str]:
    """What a person reads from top to bottom: code blocks, pictures, addresses of links and what is folded are not."""
    for left_out, kept in (
        (r"^<details>.*?<summary>(.*?)</summary>.*?^</details>", r"\1"),
        (r"^```.*?^```", ""),
        (r"!\[[^\]]*\]\([^)]*\)", ""),
        (r"\]\([^)]*\)", "]"),
    ):
        text = re.sub(left_out, kept, text, flags=re.S | re.M)
    return [word for word in re.split(r"[\s|]+", text) if re.search(r"\w", word)]


def commands() -> set[str]:
    root = get_command(cli.app)
    found = set()
    for name, command in root.commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        found |= {f"{name} {sub}" for sub in inner} if inner else {name}
    return found


def test_every_command_is_in_the_table_and_nothing_else() -> None:
    assert first_cells("Commands") == commands()


def test_every_address_is_in_the_table_and_nothing_else(database: Database) -> None:
    app = create_app(Settings(), database)
    paths = {path for _, path in routes_of(app.routes)}
    written = {re.sub(r"^(GET|POST) ", "", cell) for cell in first_cells("Addresses")}
    assert written == paths


def test_the_table_of_roles_is_the_one_in_the_code() -> None:
    assert TABLE.strip() in section("Security")


def test_every_setting_is_in_the_table_with_its_default() -> None:
    written = dict(re.findall(r"^\| `(\w+)` \| `?([^|`]*)`? \|", section("Settings"), re.M))
    assert written == {PREFIX + f.name.upper(): str(f.default) for f in fields(Settings)}


def test_the_first_command_runs_the_demo_and_the_second_the_tests() -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.S | re.M)
    assert "pip install" in blocks[0]
    assert "annotator demo" in blocks[0]
    assert "pip install" in blocks[1]
    assert "pytest" in blocks[1]


@pytest.mark.parametrize("path", re.findall(r"\]\((?!https?:|#)([^)]+)\)", README))
def test_every_file_that_readme_links_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_each_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    names = tomllib.loads(text)["project"]["dependencies"]
    without = [name for name in names if not re.search(rf'"{re.escape(name)}",\s+# \w+', text)]
    assert without == []


def test_readme_is_read_in_ten_minutes_from_top_to_bottom() -> None:
    words = len(words_to_read(README))
    assert words <= MINUTES * WORDS_A_MINUTE, f"{words} words: fold a table, or move it to its folder's README"


def test_words_to_read_are_prose_and_cells_without_code_and_what_is_folded() -> None:
    text = "# One title\n\n![a picture](x.png) Two [words](y.md).\n\n| `one` | two cells |\n|---|---|\n\n"
    text += "```sh\nnot read\n```\n\n<details><summary>Read this</summary>\n\nnot this\n\n"
    text += "```sh\nnor this\n```\n\n</details>\n\nEnd – 1.\n"
    words = "One title Two [words]. `one` two cells Read this End 1."
    assert words_to_read(text) == words.split()


def test_what_is_folded_can_be_opened() -> None:
    for fold in ("<details>", "<summary>", "</summary>", "</details>"):
        assert README.count(fold) == README.count("<details>"), fold
    assert len(re.findall(r"^<details><summary>[^\n]+</summary>\n\n", README, re.M)) == README.count("<details>")


def test_every_export_format_is_in_its_folders_table_and_nothing_else() -> None:
    text = (ROOT / "annotator/export/README.md").read_text("utf-8")
    assert re.findall(r"^\| `(\w+)` \|", text, re.M) == [format_.name for format_ in FORMATS]
