"""annotator assign: who reads what."""

from typing import Annotated

import typer

from annotator.cli.common import DatabaseOption, opened, out

EXAMPLE = 'Example: annotator assign art_9a71a9c2cfb7df2c --reviewers "Ada Lind,Ben"'


def assign(
    articles: Annotated[list[str], typer.Argument(metavar="ARTICLE…", help="Ids or external ids.", show_default=False)],
    reviewers: Annotated[
        str | None, typer.Option(help="Names or ids, separated by commas.", show_default=False)
    ] = None,
    overlap: Annotated[
        int | None, typer.Option(min=1, help="Readers an article, spread evenly by sentences.", show_default=False)
    ] = None,
    due: Annotated[str | None, typer.Option(metavar="DATE", help="Due at the end of this day, UTC.")] = None,
    database: DatabaseOption = None,
) -> None:
    """Let reviewers read articles: named ones, or a number of readers for each article."""
    from annotator.services import assignments  # as in opened()
    from annotator.services.history import Actor

    if (reviewers is None) == (overlap is None):
        raise typer.BadParameter("give either --reviewers or --overlap")
    with opened(database) as db, db.write() as session:
        actor = Actor(None)
        if overlap is not None:
            made = assignments.overlap(session, actor, articles, overlap, due=due)
        else:
            names = [name.strip() for name in (reviewers or "").split(",") if name.strip()]
            made = [one for a in articles for one in assignments.assign(session, actor, a, names, due=due)]
    for one in made:
        out("\t".join((one.article.uid, one.reviewer.name, "assigned" if one.new else "assigned before")))
