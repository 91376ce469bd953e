"""What mutmut found, a row a module: python -m tests.mutants, after `mutmut run`.

`mutmut run $(python -m tests.mutants --share 25 kappas alpha)` tries a seeded share of the mutants of large modules, in
percent; a run of one small module comes first, since it makes the mutants of all.
"""

import argparse
import json
import random
import sys
from pathlib import Path

FOUND = Path(__file__).parents[1] / "mutants" / "annotator" / "domain"
SEED = 8
SURVIVED, NO_TESTS, SKIPPED = 0, 33, 34  # mutmut's exit codes; others say that a test failed or ran out of time


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
    killed = sum(code not in (SURVIVED, NO_TESTS) for code in tried)
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
        lines = [name for codes in found.values() for name, code in codes.items() if code in (SURVIVED, NO_TESTS)]
    else:
        lines = [f"{'module':22} mutants   tried  killed      %"]
        lines += [row(module, list(codes.values())) for module, codes in found.items()]
        lines.append(row("all", [code for codes in found.values() for code in codes.values()]))
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
