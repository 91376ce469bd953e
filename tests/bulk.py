"""Rows with keys of their own, collected and put straight into their tables, many at a time (db/bulk.py)."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, select
from sqlmodel import Session, SQLModel

from db.bulk import add_rows

Row = dict[str, Any]


class Rows:
    """Rows collected for tables; keys go on behind the highest one stored, so nobody else may add any meanwhile."""

    def __init__(self, connection: Connection, tables: Sequence[type[SQLModel]]) -> None:
        self.tables: dict[type[SQLModel], list[Row]] = {table: [] for table in tables}
        self._usual = {table: _usual(table) for table in tables}
        self._keys = {table: _highest(connection, table) for table in tables if "id" in self._usual[table]}

    def add(self, table: type[SQLModel], **row: Any) -> Row:
        """A row with its key (where its table has one) and all that is not said."""
        if table in self._keys:
            self._keys[table] += 1
            row["id"] = self._keys[table]
        whole = {**self._usual[table], **row}
        self.tables[table].append(whole)
        return whole

    def store(self, session: Session) -> None:
        """Put what was collected into the tables, in the order of the tables."""
        for table, rows in self.tables.items():
            if rows:
                write(session, table, rows)
                rows.clear()


def _table(model: type[SQLModel]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel makes it at run time
    return table


def _highest(connection: Connection, model: type[SQLModel]) -> int:
    return connection.execute(select(func.max(_table(model).c.id))).scalar() or 0


def _usual(model: type[SQLModel]) -> Row:
    """Every column with its default."""
    fields: Mapping[str, Any] = model.model_fields
    return {name: None if one.is_required() else one.get_default() for name, one in fields.items()}


def write(session: Session, model: type[SQLModel], rows: Sequence[Row]) -> None:
    """All rows have the same columns, their keys among them."""
    add_rows(session, model, rows)
    if session.get_bind().dialect.name == "postgresql" and "id" in rows[0]:  # go on counting behind the highest key
        sequence = func.pg_get_serial_sequence(f'"{_table(model).name}"', "id")
        session.connection().execute(select(func.setval(sequence, max(row["id"] for row in rows))))
