"""Claims of an annotation."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from db.models import Claim


def of_annotation(session: Session, annotation_id: int | None) -> Sequence[Claim]:
    """In the order they were made; kept, but not shown, while the claim label is not set."""
    return session.exec(select(Claim).where(Claim.annotation_id == annotation_id).order_by(col(Claim.seq))).all()


def by_uid(session: Session, annotation_id: int | None, uid: str) -> Claim | None:
    return session.exec(select(Claim).where(Claim.annotation_id == annotation_id, Claim.uid == uid)).first()
