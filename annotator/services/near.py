"""Which article of the corpus, or of the same import, a new one is very like: reported, never refused."""

from dataclasses import dataclass, field

from sqlmodel import Session

from annotator.domain import ids
from annotator.domain.sketches import Sketches, sketch
from db.engine import Database
from db.queries import articles

MOST_STORED = 3_000  # articles of the corpus, the newest, that a new one is compared with


@dataclass(frozen=True, slots=True)
class Near:
    """A new article and the one it is most like; `share` of their runs of five words is the same."""

    uid: str
    line: int | None
    other: str
    title: str | None
    share: float

    def __str__(self) -> str:
        named = f" “{self.title}”" if self.title else ""
        return f"very like article {self.other}{named}, {100 * self.share:.0f} %"


@dataclass(slots=True)
class Lookout:
    """Remembers what a command has seen; the stored articles are read once, when the first new one is looked at."""

    seen: Sketches = field(default_factory=Sketches)
    is_loaded: bool = False

    def load(self, session: Session) -> None:
        """Read the newest articles of the corpus, unless that was done."""
        if not self.is_loaded:
            for uid, title, text in articles.newest_texts(session, MOST_STORED):
                self.seen.add((uid, title), sketch(text))
            self.is_loaded = True

    def look(self, text: str, title: str | None, line: int | None) -> Near | None:
        """What a new text is like; it is remembered."""
        mine, uid = sketch(text), ids.article_id(text)
        found = self.seen.like(mine)
        self.seen.add((uid, title), mine)
        if found is None or found[0][0] == uid:  # a text that was looked at and refused is brought again
            return None
        (other, its_title), share = found
        return Near(uid, line, other, its_title, share)


def ready(database: Database, lookout: Lookout | None) -> Lookout:
    """A lookout that knows the corpus."""
    lookout = lookout or Lookout()
    with database.read() as session:
        lookout.load(session)
    return lookout
