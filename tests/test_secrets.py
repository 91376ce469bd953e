"""No secret is in the repository, and none is needed: there is no key that a copy of it could give away."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SIGNS = {
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "a token of a code host": r"\b(gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{40,}|glpat-[\w-]{20,})",
    "a cloud key": r"\b(AKIA|ASIA)[0-9A-Z]{16}\b",
    "a key of a service": r"\b(sk|rk)-(live|proj|ant)?-?[A-Za-z0-9_-]{24,}\b",
    "a token of a chat": r"\bxox[abprs]-[A-Za-z0-9-]{10,}",
    "an address with a password": r"\b(postgresql|https?)(\+\w+)?://(?!user:)[^\s/:@\"'`{}<>]+:[^\s/@\"'`{}<>$]{3,}@(?!host|localhost|h\b|x\.)",
    "a secret that is set": r"(?i)\b(secret_key|api_key|password|passwd|token)\s*=\s*[\"'][A-Za-z0-9+/_-]{20,}[\"']",
    "a stored hash": r"\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]{10,}\$",
}
LONGEST = 2_000_000


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True)
    if listed.returncode:
        return [file for file in ROOT.rglob("*.*") if file.is_file() and ".venv" not in file.parts]
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def found_in(text: str) -> list[str]:
    return [f"{what}: {match[0][:60]}" for what, sign in SIGNS.items() for match in re.finditer(sign, text)]


def test_no_file_of_the_repository_holds_a_secret() -> None:
    found = {}
    for file in tracked():
        if file.is_file() and file.stat().st_size < LONGEST and file != Path(__file__):
            wrong = found_in(file.read_bytes().decode("utf-8", "ignore"))
            if wrong:
                found[str(file.relative_to(ROOT))] = wrong
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN RSA PRIVATE KEY-----", "ghp_" + "a1" * 18, "AKIA" + "A1" * 8, 'api_key = "' + "a1" * 12 + '"',
        "postgresql+psycopg://me:hunter22@db.internal/x", "$argon2id$v=19$m=65536,t=3,p=4$" + "abcd" * 5 + "$x",
    ],
)  # fmt: skip
def test_a_secret_would_be_seen(text: str) -> None:
    assert found_in(text)


def test_no_database_no_backup_and_no_key_file_is_tracked() -> None:
    names = [file.name for file in tracked() if "tests" not in file.parts]
    assert [name for name in names if name.endswith((".db", ".db-wal", ".key", ".pem", ".env", ".p12"))] == []
