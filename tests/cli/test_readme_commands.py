"""README's commands do what README says, line by line, in the order of the page."""

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Command

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
ELSEWHERE = {  # who runs what is not run here
    "python3": ".ci/run and whoever sets the program up",
    "pip": ".ci/run",
    "createdb": "tests/postgresql.py",
    "pg_dump": "PostgreSQL's own",
    "annotator serve": "tests/benchmarks/test_cold_start.py and tests/faults",
    "dask": "tests/cli/test_workers.py",
    "annotator import wire.jsonl": "tests/cli/test_workers.py",
    "annotator db copy": "tests/db/test_copying.py, on a server of its own",
}
TEXTS = {
    "article.txt": "Ferry late again\n\nThe ferry left at noon, the harbour office said. It was late.\n",
    "one.txt": "The bridge closed on Monday. Nobody was told why.\n",
    "two.md": "# Harbour\n\nThe board put off the vote. It should resign.\n",
    "three.html": "<html lang=en><article><h1>Fares</h1><p>A ride costs 12 crowns now.</p></article></html>",
}


def blocks(heading: str) -> list[list[str]]:
    """The commands of each shell block of a section, without comments, one a step."""
    section = re.search(rf"^## {heading}\n(.*?)(?=^## )", README, re.S | re.M)
    assert section, heading
    found = re.findall(r"^```sh\n(.*?)^```", section[1], re.S | re.M)
    return [[step.strip() for line in block.splitlines() for step in steps(line)] for block in found]


def steps(line: str) -> Iterator[str]:
    words = shlex.split(line, comments=True)
    step: list[str] = []
    for word in [*words, "&&"]:
        if word == "&&":
            yield shlex.join(step)
            step = []
        else:
            step.append(word)


def runs_elsewhere(step: str) -> bool:
    return any(step == name or step.startswith(f"{name} ") or step.startswith(f"{name}3 ") for name in ELSEWHERE)


@pytest.mark.parametrize("number", range(2))
def test_the_job_is_done_by_the_lines_of_readme(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in TEXTS.items():
        Path(name).write_text(text, "utf-8")
    articles: list[str] = []
    done = 0
    for step in blocks("The job")[number]:
        if runs_elsewhere(step):
            continue
        words = shlex.split(step)
        left = iter(articles)
        words = [next(left) if word == "ARTICLE" else word for word in words]
        if words[0] == "python":
            said = subprocess.run([sys.executable, *words[1:]], capture_output=True, text=True, check=True).stdout
        else:
            assert words[0] == "annotator", step
            result = command(*words[1:])
            assert result.exit_code == 0, f"{step}: {result.output}"
            said = result.output
        articles = list(dict.fromkeys([*articles, *re.findall(r"art_[0-9a-f]{16}", said)]))
        done += 1
    assert done >= 5


def test_every_command_of_the_other_sections_is_run_somewhere() -> None:
    headings = ("Two commands", "For a team", "Beyond one machine")
    steps_left = [step for heading in headings for block in blocks(heading) for step in block]
    assert [step for step in steps_left if not runs_elsewhere(step) and not step.startswith(".venv/bin/")] == []
