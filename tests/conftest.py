"""Databases for tests: a fresh migrated SQLite file or PostgreSQL database each, and commands run in this process."""

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url
from typer.testing import CliRunner, Result

from annotator import cli
from annotator.services import projects
from annotator.settings import PREFIX
from db import migrate
from db.engine import Database, open_database
from tests.postgresql import Missing, running

SERVER_VARIABLE = "ANNOTATOR_TEST_POSTGRESQL"
Command = Callable[..., Result]

# a busy machine is no failure of the program, and what a run finds every run finds; `search` looks for something new
PATIENT = settings(settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("search", PATIENT, derandomize=False)
settings.register_profile("patient", PATIENT, derandomize=True, database=None)
settings.load_profile("patient")
# for mutmut: each mutant gets the same examples, few of them; a failure is enough, the smallest one is not looked for
settings.register_profile(
    "mutants",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=25,
    phases=[Phase.explicit, Phase.generate],
)


@pytest.fixture(autouse=True)
def _own_environment() -> Iterator[None]:
    """No setting of the person who runs the tests counts, and none that a test makes outlives it."""
    before = {name: value for name, value in os.environ.items() if name.startswith(PREFIX)}
    for name in before:
        if name != SERVER_VARIABLE:
            del os.environ[name]
    yield
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        del os.environ[name]
    os.environ.update(before)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--full-length", action="store_true", help="run the tests of faults as long as the issue asks for")


@pytest.fixture(scope="session")
def full_length(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--full-length"))


def prepare(url: str) -> None:
    """Tables and the project in an empty database."""
    database = open_database(url)
    migrate.upgrade(database)
    with database.write() as session:
        projects.ensure(session)
    database.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "template.db"
    prepare(str(file))
    return file


@pytest.fixture
def database_file(sqlite_template: Path, tmp_path: Path) -> Path:
    """A migrated SQLite file with its project."""
    return Path(shutil.copyfile(sqlite_template, tmp_path / "annotator.db"))


@pytest.fixture
def database(database_file: Path) -> Iterator[Database]:
    """An open SQLite database with its project and nothing else."""
    opened = open_database(str(database_file))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[URL]:
    """A PostgreSQL server of this test run, or the one that ANNOTATOR_TEST_POSTGRESQL names.

    Without one the tests that need it are skipped, but not where CI is set: there nothing may be missing.
    """
    named = os.environ.get(SERVER_VARIABLE)
    if named:
        yield make_url(named).set(drivername="postgresql+psycopg")
        return
    try:
        with running() as url:
            yield url
    except Missing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@contextmanager
def temporary_postgresql(server: URL, template: str = "template0") -> Iterator[str]:
    """The URL of a database that is gone afterwards; an empty one unless a template is named."""
    name = f"annotator_test_{uuid.uuid4().hex[:12]}"
    administer(server, f"CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE {template}")
    yield _text(server.set(database=name))
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: URL) -> Iterator[str]:
    with temporary_postgresql(postgresql_server) as url:
        prepare(url)
        yield str(make_url(url).database)


@pytest.fixture
def postgresql_url(postgresql_server: URL, postgresql_template: str) -> Iterator[str]:
    """The URL of a migrated PostgreSQL database with its project."""
    with temporary_postgresql(postgresql_server, postgresql_template) as url:
        yield url


@pytest.fixture
def empty_postgresql_url(postgresql_server: URL) -> Iterator[str]:
    """The URL of a PostgreSQL database without tables."""
    with temporary_postgresql(postgresql_server) as url:
        yield url


@pytest.fixture
def postgresql(postgresql_url: str) -> Iterator[Database]:
    """An open PostgreSQL database with its project and nothing else."""
    opened = open_database(postgresql_url)
    yield opened
    opened.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def any_database(request: pytest.FixtureRequest) -> Database:
    """Each of the two databases in turn."""
    found = request.getfixturevalue("database" if request.param == "sqlite" else "postgresql")
    assert isinstance(found, Database)
    return found


@pytest.fixture
def command(database_file: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run `annotator …` on the test's database: `command("reviewer", "list")` gives exit_code, stdout and stderr."""
    monkeypatch.setenv(PREFIX + "DATABASE", str(database_file))
    monkeypatch.chdir(database_file.parent)

    def run(*words: str | Path, typed: str | bytes | None = None) -> Result:
        return CliRunner().invoke(cli.app, [str(word) for word in words], input=typed, catch_exceptions=False)

    return run


def administer(server: URL, statement: str) -> None:
    engine = create_engine(server.set(database=server.database or "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)
