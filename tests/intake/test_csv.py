"""CSV of articles: what is read, what is refused and where. The texts are fiction."""

import csv as reference
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.intake import csv
from annotator.intake.incoming import Incoming, Rejected
from db.vocabulary import ImportFormat

Found = list[Incoming | Rejected]


def read(text: str) -> Found:
    return list(csv.read(text.encode()))


def places(found: Found) -> list[tuple[int | None, str | None]]:
    return [(record.line, record.field) for record in found if isinstance(record, Rejected)]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_every_column_is_read(mark: str, end: str) -> None:
    header = "id,title,text,url,publisher,byline,published,language,license,rights_note"
    row = 'w-1, Toll ,"It rose.",https://a.example/x,The Lantern,Kim Berg; Lo Dahl,2031-03,pt-BR,CC0-1.0,fiction'
    (found,) = read(f"{mark}{header}{end}{row}{end}")
    assert isinstance(found, Incoming)
    assert (found.external_id, found.title, found.text, found.line) == ("w-1", "Toll", "It rose.", 2)
    assert (found.url, found.publisher, found.byline) == ("https://a.example/x", "The Lantern", ("Kim Berg", "Lo Dahl"))
    assert (found.published, found.language, found.license) == ("2031-03", "pt-BR", "CC0-1.0")
    assert (found.rights_note, found.format, found.unknown) == ("fiction", ImportFormat.CSV, ())


def test_line_breaks_commas_and_quotation_marks_may_stand_in_quotes() -> None:
    (found,) = read('text,title\r\n"One, ""two"".\r\n\r\nThree\u2028four.",x')
    assert isinstance(found, Incoming)
    assert found.text == 'One, "two".\n\nThree\u2028four.'


def test_an_error_has_the_line_its_record_begins_in_and_the_field() -> None:
    found = read('text,published\n"One\ntwo\nthree",2031\n\n"Four\nfive",soon\n,2031\nSix.,2031-13\n')
    assert places(found) == [(6, "published"), (8, "text"), (9, "published")]
    assert isinstance(found[1], Rejected)
    assert found[1].raw == '"Four\nfive",soon\n'


def test_unknown_columns_are_named_and_one_without_a_name_by_its_number() -> None:
    (found,) = read("text,colour,\nIt rained.,red,x\n")
    assert isinstance(found, Incoming)
    assert found.unknown == ("colour", "column 3")


def test_empty_cells_say_nothing() -> None:
    (found,) = read("text,url,title,language,byline\nIt rained.,, ,,\n")
    assert isinstance(found, Incoming)
    assert (found.url, found.title, found.language, found.byline) == (None, None, "en", ())


def test_a_row_with_too_few_or_too_many_cells_is_rejected() -> None:
    found = read("text,title\nOne.\nTwo.,b\nThree.,c,d\n")
    assert places(found) == [(2, None), (4, None)]
    assert str(found[0]) == "line 2: has 1 cells, the first line has 2"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", None, "there is no record in it"),
        ("text\n", None, "there is no record in it"),
        ("title,url\na,b\n", 1, "one of them must be text or html"),
        ("text,text\na,b\n", 1, "the column text comes twice"),
        ('text\nOne.\n"Two', 3, "a cell that never ends; nothing is read from here on"),
        ('text\n"One" x\n', 2, "behind the closing quotation mark"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_its_line(text: str, line: int | None, reason: str) -> None:
    last = read(text)[-1]
    assert isinstance(last, Rejected)
    assert last.line == line
    assert reason in last.reason


def test_bytes_that_are_no_text_are_refused_with_their_place() -> None:
    assert list(csv.read(b"text\ncaf\xe9")) == [Rejected(None, None, "byte 8 is not valid UTF-8")]


def test_a_column_html_is_read_as_a_page_and_the_other_columns_win() -> None:
    (found,) = read('html,title\n"<title>Page</title><h2>Rain</h2><p>It rained.</p>",Given\n')
    assert isinstance(found, Incoming)
    assert (found.text, found.title, found.format) == ("Rain\n\nIt rained.", "Given", ImportFormat.CSV)
    assert places(read("html,text\n<p>a,b\n")) == [(2, "html")]


def test_a_long_article_is_no_error() -> None:
    (found,) = read("text\n" + "x" * 200_000)
    assert isinstance(found, Incoming)


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=20)


@given(st.lists(CELL.filter(lambda cell: cell.strip() != ""), min_size=1, max_size=5))
def test_what_python_writes_is_read_back(texts: list[str]) -> None:
    file = io.StringIO()
    reference.writer(file, quoting=reference.QUOTE_ALL).writerows([["text"], *([text] for text in texts)])
    found = read(file.getvalue())
    wanted = [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts]
    assert [record.text for record in found if isinstance(record, Incoming)] == wanted


@given(st.binary(max_size=200))
def test_any_bytes_are_articles_or_refused_in_words(data: bytes) -> None:
    for found in csv.read(b"text,id\n" + data):
        assert found.reason if isinstance(found, Rejected) else found.text
