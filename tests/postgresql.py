"""A PostgreSQL server for one test run, in a folder of its own, reachable through a socket only."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.engine import URL

ACCOUNT = "postgres"  # the server refuses to run as root


class Missing(Exception):
    """There is no PostgreSQL on this machine."""


@contextmanager
def running() -> Iterator[URL]:
    """Start a server and give its URL; it ends and its files go with the block. Raises Missing."""
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="annotator-pg-"))  # short: a socket's path has room for 107 bytes
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, ACCOUNT, ACCOUNT)
        data = folder / "data"
        _run(binaries / "initdb", "-D", data, "-U", ACCOUNT, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        options = f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c full_page_writes=off"
        _run(binaries / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "start")
        try:
            yield URL.create("postgresql+psycopg", username=ACCOUNT, database=ACCOUNT, query={"host": str(folder)})
        finally:
            _run(binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder)


def _binaries() -> Path:
    """Debian's newest installed server, or the one on the path."""
    versions = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    on_path = shutil.which("initdb")
    if versions:
        return max(versions, key=lambda folder: int(folder.parent.name))
    if on_path:
        return Path(on_path).resolve().parent
    raise Missing("PostgreSQL is not installed (apt-get install postgresql) and ANNOTATOR_TEST_POSTGRESQL is not set")


def _run(*words: str | Path) -> None:
    """Run a server's program, as the account that owns it where this is root."""
    owner = pwd.getpwnam(ACCOUNT) if os.geteuid() == 0 else None
    done = subprocess.run(
        [str(word) for word in words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        user=owner and owner.pw_uid,
        group=owner and owner.pw_gid,
        extra_groups=[] if owner else None,
        cwd="/",
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
        text=True,
        check=False,
        timeout=60,
    )
    if done.returncode:
        raise RuntimeError(f"{words[0]} ended with {done.returncode}: {done.stderr}")
