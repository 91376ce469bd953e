"""Sources: by key and id, those used before, what counts for them."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, literal_column, union_all
from sqlalchemy import select as rows
from sqlmodel import Session, col, func, select

from db.models import Attribution, Claim, Evidence, Source
from db.queries.annotations import seen_lately


def by_uid(session: Session, project_id: int, uid: str) -> Source | None:
    return session.exec(select(Source).where(Source.project_id == project_id, Source.uid == uid)).first()


def by_uids(session: Session, project_id: int, uids: Iterable[str]) -> dict[str, Source]:
    """Sources by uid; none is asked for where there is nothing to ask."""
    wanted = list(uids)
    statement = select(Source).where(Source.project_id == project_id, col(Source.uid).in_(wanted))
    return {source.uid: source for source in session.exec(statement)} if wanted else {}


def by_key(session: Session, project_id: int, dedup_key: str) -> Source | None:
    return session.exec(select(Source).where(Source.project_id == project_id, Source.dedup_key == dedup_key)).first()


def all_of(session: Session, project_id: int) -> Sequence[Source]:
    return session.exec(select(Source).where(Source.project_id == project_id).order_by(col(Source.id))).all()


def used(session: Session, reviewer_id: int) -> Sequence[Source]:
    """Sources in annotations that a reviewer has seen lately, those of the latest evidence first."""
    found = session.connection().execute(_used(), {"reviewer": reviewer_id})
    latest: dict[int, int] = {}
    for key, evidence in found:
        latest[key] = max(latest.get(key, 0), evidence)
    there = session.exec(select(Source).where(col(Source.id).in_(latest))) if latest else ()
    return sorted(there, key=lambda source: (latest[source.id or 0], source.id or 0), reverse=True)


@cache
def _used() -> Select[Any]:
    """Keys of sources, each with its latest evidence, 0 for one that only an attribution names."""
    seen = seen_lately().cte()
    here = rows(seen.c.id)
    claims = rows(col(Claim.id)).where(col(Claim.annotation_id).in_(here))
    columns: list[Any] = [Evidence.source_id, func.max(col(Evidence.id))]
    proving: Select[Any] = rows(*columns)
    proving = proving.where(col(Evidence.claim_id).in_(claims)).group_by(col(Evidence.source_id))
    columns = [Attribution.source_id, literal_column("0")]
    naming: Select[Any] = rows(*columns)
    naming = naming.where(col(Attribution.annotation_id).in_(here), col(Attribution.source_id).is_not(None))
    return rows(union_all(proving, naming.distinct()).subquery())
