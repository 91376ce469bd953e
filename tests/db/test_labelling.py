"""The plain row of an annotation is the row of its table: same columns, same defaults."""

from db.models import Annotation
from db.queries.labelling import Stored


def test_a_plain_row_has_the_columns_of_the_table_and_its_defaults() -> None:
    assert set(Stored._fields) == set(Annotation.__table__.columns.keys())  # type: ignore[attr-defined]
    given = {"uid": "u", "sentence_id": 1, "reviewer_id": 2, "guideline_id": 3, "created_at": "a", "updated_at": "b"}
    row, stored = Stored(**given), Annotation(**given, status="draft")
    assert {name: getattr(stored, name) for name in Stored._fields} == {**row._asdict(), "id": None}
