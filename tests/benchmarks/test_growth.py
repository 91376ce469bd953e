"""What people wait for must not grow with the corpus; `--full-length` prints README's table for both databases."""

from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from tests.benchmarks.conftest import Figure
from tests.benchmarks.growth import EXPORT, FLAT, MEMORY, measure, table
from tests.conftest import temporary_postgresql
from tests.made_corpus import Size, make

pytestmark = pytest.mark.benchmark
SHORT = (Size(104, 2_500, 8), Size(416, 10_000, 8))  # four times as much for each reviewer too; pages are full in both
FULL = (Size(100, 2_500, 5), Size(1_000, 25_000, 50), Size(10_000, 250_000, 50))
FLAT_LIMIT = 2.5  # times what a quarter of the corpus took: what grows with it would take four times
EXPORT_LIMIT = 1.3  # per annotation
MEMORY_LIMIT = 1.25


def test_what_people_wait_for_does_not_grow_with_the_corpus(tmp_path: Path, figure: Figure) -> None:
    found = []
    for number, size in enumerate(SHORT):
        name = str(tmp_path / f"{number}.db")
        make(name, size)
        found.append(measure(name))
    print("\n" + table(found))  # noqa: T201  the figures
    small, large = found
    for name in (*FLAT, EXPORT, MEMORY):
        figure(
            f"{name}: four times the corpus", f"{large[name] / small[name]:.1f} times", "1.2" if name in FLAT else ""
        )
    grown = {name: large[name] / small[name] for name in FLAT if large[name] > FLAT_LIMIT * small[name]}
    assert grown == {}
    assert large[EXPORT] < EXPORT_LIMIT * small[EXPORT]
    assert large[MEMORY] < MEMORY_LIMIT * small[MEMORY]


@pytest.mark.timeout(7_200)
def test_growth_on_sqlite_at_full_length(full_length: bool, tmp_path: Path) -> None:
    names = [str(tmp_path / f"{size.articles}.db") for size in FULL] if full_length else []
    _print(names)


@pytest.mark.postgresql
@pytest.mark.timeout(7_200)
def test_growth_on_postgresql_at_full_length(full_length: bool, postgresql_server: URL) -> None:
    if not full_length:
        return
    with (
        temporary_postgresql(postgresql_server) as one,
        temporary_postgresql(postgresql_server) as two,
        temporary_postgresql(postgresql_server) as three,
    ):
        _print([one, two, three])


def _print(names: list[str]) -> None:
    found = []
    for name, size in zip(names, FULL, strict=False):
        make(name, size)
        found.append(measure(name))
    if found:
        print("\n" + table(found))  # noqa: T201  the figures
        assert found[-1][EXPORT] < EXPORT_LIMIT * found[0][EXPORT]
