"""Copy everything from one database into another, also of the other kind, and compare them row by row."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from sqlalchemy import Column, Connection, Table, func, insert, inspect, select, text, update
from sqlmodel import SQLModel

import db.models  # noqa: F401  the tables register themselves
from db import migrate
from db.engine import Database

BATCH = 1_000


class CopyRefused(Exception):
    """Nothing was copied; the message says why."""


def copy(source: Database, target: Database) -> dict[str, int]:
    """Copy all rows with their keys in one transaction; returns how many each table has.

    The target must be empty, without tables or with empty ones. Everything is compared before it is committed. Raises
    CopyRefused when the source is not of this program's schema, when the target holds anything, or when a row differs
    (somebody saved in the source meanwhile).
    """
    if migrate.current(source) is None or migrate.pending(source):
        raise CopyRefused(f"{source.name} has not this program's schema: run annotator db upgrade first.")
    _check_empty(target)
    migrate.upgrade(target)
    with target.write() as writing:
        to = writing.connection()
        with source.read() as reading:
            counts = {table.name: _fill(reading.connection(), to, table) for table in _tables()}
            for table in _tables():
                _refer(reading.connection(), to, table)
        if not target.sqlite:
            _continue_numbers(to)
        with source.read() as reading:
            for table in _tables():
                _compare(reading.connection(), to, table)
        if not target.sqlite:
            to.execute(text("ANALYZE"))  # PostgreSQL plans badly until it has counted, by itself after a minute
    return counts


def _tables() -> Sequence[Table]:
    """Those first that others refer to."""
    return SQLModel.metadata.sorted_tables


def _check_empty(target: Database) -> None:
    with target.read() as session:
        connection = session.connection()
        there = set(inspect(connection).get_table_names()) - {"alembic_version"}
        foreign = there - {table.name for table in _tables()}
        used = sorted(foreign) or [name for name in sorted(there) if _has_rows(connection, name)]
    if used:
        raise CopyRefused(f"{target.name} is not empty: there is something in {used[0]}. Name an empty database.")


def _has_rows(connection: Connection, name: str) -> bool:
    return connection.execute(text(f'SELECT 1 FROM "{name}" LIMIT 1')).first() is not None


def _later(table: Table) -> list[Column[Any]]:
    """Columns that refer to the table itself or to one that is filled after it: set when all rows are there."""
    order = list(_tables())
    filled = order[: order.index(table)]
    keys = (key for constraint in table.foreign_key_constraints for key in constraint.elements)
    late = {key.parent for key in keys if key.column.table not in filled and key.parent.nullable}
    return [column for column in table.columns if column in late]


def _rows(connection: Connection, table: Table) -> Iterator[dict[str, Any]]:
    """All rows in the order of their keys."""
    statement = select(table).order_by(*table.primary_key).execution_options(yield_per=BATCH)
    for row in connection.execute(statement):
        yield dict(row._mapping)


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _fill(source: Connection, target: Connection, table: Table) -> int:
    number, empty = 0, {column.name: None for column in _later(table)}
    for batch in _batches(_rows(source, table)):
        target.execute(insert(table), [{**row, **empty} for row in batch])
        number += len(batch)
    return number


def _refer(source: Connection, target: Connection, table: Table) -> None:
    late = [column.name for column in _later(table)]
    if not late:
        return
    for row in _rows(source, table):
        values = {name: row[name] for name in late if row[name] is not None}
        if values:
            target.execute(update(table).where(table.c.id == row["id"]).values(values))


def _continue_numbers(target: Connection) -> None:
    """PostgreSQL goes on counting behind the highest key."""
    for table in _tables():
        if "id" in table.columns:
            highest = select(func.max(table.c.id)).scalar_subquery()
            sequence = func.pg_get_serial_sequence(f'"{table.name}"', "id")
            target.execute(select(func.setval(sequence, func.coalesce(highest, 1), highest.is_not(None))))


def _compare(source: Connection, target: Connection, table: Table) -> None:
    for number, (one, other) in enumerate(zip_longest(_rows(source, table), _rows(target, table)), 1):
        if one != other:
            raise CopyRefused(
                f"Row {number} of {table.name} differs after copying, so nothing was copied."
                " Did somebody save meanwhile? Stop the servers and try again."
            )
