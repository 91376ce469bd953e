"""Sources: by key and id, those used before, what counts for them."""

from collections.abc import Iterable, Sequence

from sqlmodel import Session, col, func, select

from db.models import Annotation, Attribution, Claim, Evidence, Sentence, Source
from db.queries.annotations import may_see


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


def used(session: Session, project_id: int, reviewer_id: int) -> Sequence[Source]:
    """Sources in annotations that a reviewer may see, those of the latest evidence first."""
    proving = (
        select(Evidence.source_id, func.max(Evidence.id).label("latest"))
        .join(Claim, col(Claim.id) == Evidence.claim_id)
        .join(Annotation, col(Annotation.id) == Claim.annotation_id)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .where(may_see(reviewer_id))
        .group_by(col(Evidence.source_id))
    ).subquery()
    mentioned = (
        select(Attribution.source_id)
        .join(Annotation, col(Annotation.id) == Attribution.annotation_id)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .where(may_see(reviewer_id), col(Attribution.source_id).is_not(None))
    )
    statement = (
        select(Source)
        .outerjoin(proving, proving.c.source_id == Source.id)
        .where(Source.project_id == project_id, (proving.c.latest.is_not(None)) | col(Source.id).in_(mentioned))
    )
    return session.exec(statement.order_by(func.coalesce(proving.c.latest, 0).desc(), col(Source.id).desc())).all()
