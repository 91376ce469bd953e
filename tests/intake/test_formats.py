"""Which files are read, and what is said of the others."""

from pathlib import Path

import pytest

from annotator.errors import Invalid
from annotator.intake import formats, limits, text
from annotator.intake.formats import format_of
from annotator.intake.incoming import Incoming, Rejected
from db.vocabulary import ImportFormat


def test_the_name_of_a_file_says_its_format(tmp_path: Path) -> None:
    assert format_of(tmp_path / "a.txt") is ImportFormat.TXT
    assert format_of(tmp_path / "B.JSONL") is ImportFormat.JSONL
    assert [format_of(tmp_path / name).value for name in ("a.md", "a.Markdown", "a.html", "a.HTM", "a.b.csv")] == [
        "md", "md", "html", "html", "csv",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["a", "a.docx", "md", ".html"])
def test_other_files_are_refused_with_what_can_be_read(tmp_path: Path, name: str) -> None:
    with pytest.raises(
        Invalid,
        match=r"only \.txt, \.md, \.html, \.jsonl, \.csv, \.json of Label Studio and a folder that annotator exported",
    ):
        format_of(tmp_path / name)


def test_an_export_is_known_by_its_folder_or_any_of_its_files(tmp_path: Path) -> None:
    for name in formats.EXPORT_FILES:
        (tmp_path / name).write_text("")
    assert format_of(tmp_path) is ImportFormat.CONTRACT
    assert formats.export_folder(tmp_path / "articles.jsonl") == tmp_path
    assert format_of(tmp_path / "other.jsonl") is ImportFormat.JSONL


def test_another_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match=r"not a folder with articles\.jsonl"):
        format_of(tmp_path)


def test_a_file_above_the_limit_is_refused_and_one_at_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"a" * limits.FILE_BYTES)
    assert len(formats.file_bytes(file)) == limits.FILE_BYTES
    file.write_bytes(b"a" * (limits.FILE_BYTES + 1))
    with pytest.raises(Invalid, match="more than 10 MiB"):
        formats.file_bytes(file)


def test_a_text_file_is_one_article_or_says_why_it_is_none() -> None:
    assert list(text.read(b"Words.\r\n")) == [Incoming("Words.\n", ImportFormat.TXT)]
    assert list(text.read(b"a\0")) == [Rejected(None, None, "byte 1 is NUL, which no text may hold")]
