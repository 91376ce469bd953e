"""A lead takes an article away and brings it back. Nothing is destroyed: revisions and events rest on its rows."""

from collections.abc import Sequence

from sqlmodel import Session

from annotator.services import history
from annotator.services.assignments import find_article
from annotator.services.history import Actor
from db.models import Article
from db.queries import deletions
from db.queries.deletions import Extent


def delete(session: Session, actor: Actor, name: str) -> Article:
    """Take an article, named by its id or external id, out of every queue, page, report and export.

    One that is gone already stays so. Raises Invalid when there is no such article.
    """
    gone = deletions.named(session, name)
    if gone is not None:
        return gone
    article = find_article(session, name)
    article.deleted_at = actor.at
    _store(session, actor, article, "delete")
    return article


def recover(session: Session, actor: Actor, name: str) -> Article:
    """Bring a deleted article back with all work on it; one that is there stays. Raises Invalid when there is none."""
    article = deletions.named(session, name)
    if article is None:
        return find_article(session, name)
    article.deleted_at = None
    _store(session, actor, article, "recover")
    return article


def _store(session: Session, actor: Actor, article: Article, action: str) -> None:
    session.add(article)
    session.flush()
    history.log(session, actor, action, "article", article.uid, article_id=article.id, after=article.text_sha256)


def listed(session: Session) -> Sequence[Article]:
    """Deleted articles, the last one first."""
    return deletions.deleted(session)


def extent(session: Session, name: str) -> tuple[Article, Extent]:
    """An article that is there, and how much would go with it. Raises Invalid."""
    article = find_article(session, name)
    assert article.id is not None
    return article, deletions.extent(session, article.id)
