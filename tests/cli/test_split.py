"""annotator split: each part is an export that validates, and no near-duplicate is in two of them."""

import json
from pathlib import Path

import pytest

from annotator.domain.near_duplicates import ALIKE, likeness, shingles
from db.engine import Database
from tests import factories
from tests.conftest import Command

PARTS = ("train", "dev", "test")


@pytest.fixture
def exported(command: Command, database: Database) -> None:
    """Ten stories, four of them with an update that differs in a few words."""
    with database.write() as session:
        ada = factories.make_reviewer(session, "Ada")
        for n in range(10):
            words = " ".join(f"w{n}x{k}" for k in range(40))
            for text in [f"{words}. It rained 👩‍🚒."] + ([f"Updated: {words}. It rained."] if n < 4 else []):
                sentences = factories.sentences_of(session, factories.make_article(session, text))
                factories.annotate(session, sentences[0], ada, ("claim",))
    assert command("export", "all").exit_code == 0


def texts(folder: Path) -> dict[str, dict[str, str]]:
    found = {}
    for name in PARTS:
        lines = (folder / name / "articles.jsonl").read_bytes().splitlines()
        found[name] = {article["id"]: article["text"] for article in map(json.loads, lines)}
    return found


@pytest.mark.usefixtures("exported")
def test_nothing_leaks_between_the_parts(command: Command, tmp_path: Path) -> None:
    done = command("split", "all", "parts", "--seed", "3", "--ratios", "train=60,dev=20,test=20")
    assert (done.exit_code, done.stderr) == (0, "")
    found = texts(tmp_path / "parts")
    assert sum(map(len, found.values())) == 14
    assert all(found.values())
    for one in PARTS:
        for other in PARTS[PARTS.index(one) + 1 :]:
            for text in found[one].values():
                assert all(likeness(shingles(text), shingles(two)) < ALIKE for two in found[other].values())
    assert done.stdout.count("together:") == 4
    said = json.loads((tmp_path / "parts" / "split.json").read_bytes())
    assert {uid: name for name, articles in found.items() for uid in articles} == said["articles"]


@pytest.mark.usefixtures("exported")
def test_each_part_is_an_export(command: Command, tmp_path: Path) -> None:
    command("split", "all", "parts")
    for name in PARTS:
        assert command("validate", f"parts/{name}").stdout == "0 findings\n"
        manifest = json.loads((tmp_path / "parts" / name / "manifest.json").read_bytes())
        assert manifest["filters"]["split"] == {
            "name": name, "ratios": {"dev": 10, "test": 10, "train": 80}, "seed": 1,
        }  # fmt: skip
    again = command("split", "parts/train", "again")
    assert (again.exit_code, again.stderr) == (1, "parts/train is a part of a split already.\n")


@pytest.mark.usefixtures("exported")
def test_the_same_seed_gives_the_same_bytes(command: Command, tmp_path: Path) -> None:
    for target, seed in (("a", "1"), ("b", "1"), ("c", "5"), ("a", "1")):
        assert command("split", "all", target, "--seed", seed).exit_code == 0
    bytes_of = [[(tmp_path / t / n / "articles.jsonl").read_bytes() for n in PARTS] for t in ("a", "b", "c")]
    assert bytes_of[0] == bytes_of[1]
    assert bytes_of[0] != bytes_of[2]


@pytest.mark.parametrize(
    "ratios", ["train", "train=x", "train=1.5,test=2", "a/b=1,c=2", "train=1,train=2", "train=-1,test=2"]
)
@pytest.mark.usefixtures("exported")
def test_shares_that_are_none_are_wrong_usage(command: Command, ratios: str) -> None:
    assert command("split", "all", "parts", "--ratios", ratios).exit_code == 2


@pytest.mark.usefixtures("exported")
def test_what_is_no_sound_export_is_refused(command: Command, tmp_path: Path) -> None:
    (tmp_path / "all" / "sentences.jsonl").write_bytes(b"")
    refused = command("split", "all", "parts")
    assert refused.exit_code == 1
    assert "is no sound export" in refused.stderr
    assert not (tmp_path / "parts").exists()
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "mine.txt").write_text("x")
    command("export", "all")
    assert "mine.txt is not from an earlier export" in command("split", "all", "parts").stderr
