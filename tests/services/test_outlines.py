"""The outline that is kept is the outline that would be read, after whatever happened in between."""

import random

from annotator.domain.changes import Change
from annotator.services import annotations, outlines, sentences, undo
from annotator.services.history import Actor
from db.engine import Database
from db.queries import annotate
from tests import factories

TEXT = "\n\n".join(f"Sentence {n} is here. It goes on; there {n}. And ends." for n in range(12))


def test_what_is_kept_is_what_would_be_read(database: Database) -> None:
    with database.write() as session:
        article = factories.make_article(session, TEXT)
        anna, ben = factories.make_reviewer(session, "Anna"), factories.make_reviewer(session, "Ben")
        factories.assign(session, article, anna, ben)
        uid, who = article.uid, anna.id
    assert who is not None
    draw = random.Random(3)
    for step in range(60):
        with database.write() as session:
            act(session, draw, uid, who if step % 4 else ben.id, step)
        with database.read() as session:
            opened = annotate.article(session, uid, who)
            assert opened is not None
            kept = outlines.load(session, opened, who)
            session.info.clear()
            assert kept == outlines.load(session, opened, who)
            assert kept.done == sum(row.status in ("complete", "unsure") for row in kept.rows)


def act(session, draw, uid, who, step) -> None:  # type: ignore[no-untyped-def]
    """Something that a reviewer does, or the lead."""
    opened = annotate.article(session, uid, who)
    assert opened is not None
    row = draw.choice(annotate.outline(session, opened.id, who))
    revision = 0
    if row.annotation_id:
        found = annotate.annotation(session, row.id, who)
        assert found is not None
        revision = found.revision
    if step % 17 == 16:
        cut = sentences.splitting(session, row.uid, row.start_cp + 9)
        sentences.apply(session, Actor(None), cut, version=opened.version)
    elif step % 5 == 4:
        undo.undo(session, Actor(who), uid)
    else:
        word = draw.choice(("claim", "quote", "opinion", "none", "unsure"))
        change = Change(labels=(word,), confidence=draw.choice((None, "low", "")))
        annotations.save(session, Actor(who), row.uid, change, revision=revision)


def test_a_session_that_writes_keeps_nothing(database: Database) -> None:
    with database.write() as session:
        article = factories.make_article(session, TEXT)
        anna = factories.make_reviewer(session, "Anna")
        factories.assign(session, article, anna)
        opened = annotate.article(session, article.uid, anna.id or 0)
        assert opened is not None
        outlines.load(session, opened, anna.id or 0)
    assert database.kept.get(("outline", article.id, anna.id)) is None
