"""Guidelines: the version that new work is done under."""

from sqlmodel import Session, col, select

from db.models import Guideline, Project


def active(session: Session) -> Guideline:
    """The project's active guideline; a project is made with its first one."""
    statement = select(Guideline).join(Project, col(Project.active_guideline_id) == Guideline.id)
    return session.exec(statement.order_by(col(Project.id)).limit(1)).one()
