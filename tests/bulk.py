"""Rows straight into their tables, many at a time: COPY into PostgreSQL, executemany into SQLite."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select
from sqlmodel import SQLModel

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

    def store(self, connection: Connection) -> None:
        """Put what was collected into the tables, in the order of the tables."""
        for table, rows in self.tables.items():
            if rows:
                write(connection, _table(table), rows)
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


def write(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """All rows have the same columns, their keys among them."""
    if connection.dialect.name != "postgresql":
        connection.execute(insert(table), rows)
        return
    _copy(connection, table, list(rows[0]), (row.values() for row in rows))
    if "id" in table.columns:  # go on counting behind the highest key
        sequence = func.pg_get_serial_sequence(f'"{table.name}"', "id")
        connection.execute(select(func.setval(sequence, max(row["id"] for row in rows))))


def _copy(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    quote = connection.dialect.identifier_preparer.quote
    driver: Any = connection.connection.driver_connection
    named = ", ".join(map(quote, columns))
    with driver.cursor() as cursor, cursor.copy(f"COPY {quote(table.name)} ({named}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(tuple(row))
