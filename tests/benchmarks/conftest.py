"""What the benchmarks found, as one table at the end: README's figures come from it."""

from collections.abc import Callable

import pytest

FIGURES = pytest.StashKey[list[tuple[str, str, str]]]()
Figure = Callable[..., None]


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """`figure(what, found, goal)` adds a row; `goal` is the issue's, "" where it names none."""
    rows = request.config.stash.setdefault(FIGURES, [])

    def add(what: str, found: str, goal: str = "") -> None:
        rows.append((what, found, goal))

    return add


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    rows = config.stash.get(FIGURES, [])
    if rows:
        terminalreporter.write_sep("-", "figures")
        for row in (("what", "found", "goal"), ("---", "---", "---"), *rows):
            terminalreporter.write_line(f"| {' | '.join(row)} |")
