"""What mutmut found, a row a module: python -m tests.mutants, after `mutmut run`.

`mutmut run $(python -m tests.mutants --share 25 kappas alpha)` tries a seeded share of the mutants of large modules, in
percent; a run of one small module comes first, since it makes the mutants of all.

It is a plugin of pytest as well: what tries a mutant are the fastest of the tests that reach it, as many as fit in
`SECONDS`. A mutant that slower tests alone would notice counts as one that nobody noticed.
"""

import argparse
import json
import os
import random
import sys
from itertools import accumulate
from pathlib import Path

import pytest

FOUND = Path(__file__).parents[1] / "mutants" / "annotator" / "domain"
TIMES = Path("mutmut-stats.json")  # seen from where mutmut runs the tests
SECONDS = 3
SEED = 8
ALIVE = (0, 5, 33)  # exit codes: no test failed, none was left to run, none reaches it
SKIPPED = 34  # others say that a test failed or ran out of time


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that takes seconds is too dear for each of thousands of mutants; mutmut names the fastest first."""
    if "__mutmut_" not in os.environ.get("MUTANT_UNDER_TEST", ""):
        return
    seconds = json.loads(TIMES.read_text("utf-8"))["duration_by_test"]
    used = accumulate(seconds.get(item.nodeid, 0) for item in items)
    items[max(1, sum(so_far <= SECONDS for so_far in used)) :] = []


def results() -> dict[str, dict[str, int | None]]:
    """By module, what became of each mutant; None for one that was not tried."""
    files = sorted(FOUND.glob("*.py.meta"))
    found = {file.name.removesuffix(".py.meta"): json.loads(file.read_text("utf-8")) for file in files}
    return {module: told["exit_code_by_key"] for module, told in found.items() if told["exit_code_by_key"]}


def share(names: list[str], percent: float) -> list[str]:
    """A seeded share of the mutants."""
    ordered = sorted(names)
    random.Random(SEED).shuffle(ordered)
    return ordered[: round(len(ordered) * percent / 100)]


def row(name: str, codes: list[int | None]) -> str:
    tried = [code for code in codes if code not in (None, SKIPPED)]
    killed = sum(code not in ALIVE for code in tried)
    return f"{name:22} {len(codes):7} {len(tried):7} {killed:7} {100 * killed / max(1, len(tried)):6.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--share", type=float, help="print the names of so many percent of the mutants instead")
    parser.add_argument("--left", action="store_true", help="print the names of the mutants that live")
    parser.add_argument("modules", nargs="*", help="modules of annotator/domain; all where none is named")
    given = parser.parse_args()
    found = {module: codes for module, codes in results().items() if not given.modules or module in given.modules}
    if given.share is not None:
        lines = [name for codes in found.values() for name in share(list(codes), given.share)]
    elif given.left:
        lines = [name for codes in found.values() for name, code in codes.items() if code in ALIVE]
    else:
        lines = [f"{'module':22} mutants   tried  killed      %"]
        lines += [row(module, list(codes.values())) for module, codes in found.items()]
        lines.append(row("all", [code for codes in found.values() for code in codes.values()]))
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
