"""Sources: by key and id, those used before, what counts for them."""

from collections.abc import Iterable, Sequence

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
    seen = seen_lately(session, reviewer_id)
    claims = select(Claim.id).where(col(Claim.annotation_id).in_(seen))
    proving = select(Evidence.source_id, func.max(Evidence.id)).where(col(Evidence.claim_id).in_(claims))
    latest: dict[int | None, int] = {
        key: last or 0 for key, last in session.exec(proving.group_by(col(Evidence.source_id)))
    }
    mentioned = select(Attribution.source_id).where(col(Attribution.annotation_id).in_(seen)).distinct()
    keys = {*latest, *session.exec(mentioned)} - {None}
    found = session.exec(select(Source).where(col(Source.id).in_(keys))) if keys else ()
    return sorted(found, key=lambda source: (latest.get(source.id, 0), source.id or 0), reverse=True)
