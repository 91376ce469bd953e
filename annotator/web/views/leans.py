"""The sources of an article: each once, with the claims that it is used for."""

from dataclasses import dataclass

from sqlmodel import Session

from annotator.web.deps import Visitor
from annotator.web.views.desk import ArticleView, Desk, article_view
from db.queries import statements
from db.queries.statements import Known, Use, Viewer


@dataclass(frozen=True, slots=True)
class SourceUses:
    """A source, or the one it was merged into, and the claims of the article that it is used for, in reading order."""

    known: Known
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class ArticleSourcesView:
    """`n` is the sentence to go back to."""

    article: ArticleView
    total: int
    n: int
    sources: tuple[SourceUses, ...]


def sources_view(session: Session, desk: Desk, visitor: Visitor, n: int) -> ArticleSourcesView:
    """What the visitor may see of it: before finishing their own work only."""
    known = {one.id: one for one in statements.sources(session)}
    used: dict[int, dict[object, Use]] = {}
    for use in statements.of_article(session, desk.uid, Viewer(visitor.id, visitor.is_lead)):
        claim = (use.place.ordinal, use.claim, use.stance)
        used.setdefault(_final(known, use.source_id), {}).setdefault(claim, use)
    listed = (SourceUses(known[one], tuple(uses.values())) for one, uses in used.items())
    return ArticleSourcesView(article_view(desk), len(desk.outline), n, tuple(listed))


def _final(known: dict[int, Known], source: int) -> int:
    while (into := known[source].merged_into_id) is not None:
        source = into
    return source
