"""Evidence of claims."""

from collections.abc import Sequence

from sqlmodel import Session, col, func, select

from db.models import Annotation, Claim, Evidence, Sentence


def of_reviewer(session: Session, uid: str, reviewer_id: int) -> tuple[Evidence, Claim, Sentence] | None:
    """A reviewer's evidence by its uid, with its claim and sentence."""
    return session.exec(
        select(Evidence, Claim, Sentence)
        .join(Claim, col(Claim.id) == Evidence.claim_id)
        .join(Annotation, col(Annotation.id) == Claim.annotation_id)
        .join(Sentence, col(Sentence.id) == Annotation.sentence_id)
        .where(Evidence.uid == uid, Annotation.reviewer_id == reviewer_id, Annotation.role == "reviewer")
    ).first()


def of_claim(session: Session, claim_id: int | None) -> Sequence[Evidence]:
    """In the order they were added."""
    return session.exec(select(Evidence).where(Evidence.claim_id == claim_id).order_by(col(Evidence.seq))).all()


def same_passage(
    session: Session, claim_id: int | None, source_id: int | None, excerpt_sha256: str | None, locator: str | None
) -> Evidence | None:
    """The evidence that holds this passage of this source for this claim already."""
    return session.exec(
        select(Evidence).where(
            Evidence.claim_id == claim_id,
            Evidence.source_id == source_id,
            func.coalesce(Evidence.excerpt_sha256, "") == (excerpt_sha256 or ""),
            func.coalesce(Evidence.locator, "") == (locator or ""),
        )
    ).first()
