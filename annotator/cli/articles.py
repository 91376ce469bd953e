"""annotator article: list articles, delete them, bring them back."""

from typing import Annotated

import typer

from annotator.cli.common import DatabaseOption, opened, out

app = typer.Typer(help="Look after articles.", no_args_is_help=True, rich_markup_mode=None)
Articles = Annotated[list[str], typer.Argument(metavar="ARTICLE…", help="Ids or external ids.", show_default=False)]


@app.command("list", epilog="Example: annotator article list --deleted")
def list_(
    deleted: Annotated[bool, typer.Option("--deleted", help="Those that were deleted.")] = False,
    database: DatabaseOption = None,
) -> None:
    """Print a line an article: id, title, and the time it was deleted at if it was."""
    from annotator.services import articles, deletions  # as in opened()

    with opened(database) as db, db.read() as session:
        for article in deletions.listed(session) if deleted else articles.listed(session):
            out("\t".join((article.uid, article.title or "", article.deleted_at or "")))


@app.command(epilog="Example: annotator article delete art_9a71a9c2cfb7df2c")
def delete(articles: Articles, database: DatabaseOption = None) -> None:
    """Take articles out of every queue, page, report and export; all of them or none. They can be brought back."""
    from annotator.services import deletions  # as in opened()
    from annotator.services.history import Actor

    with opened(database) as db:
        with db.write() as session:
            uids = [deletions.delete(session, Actor(None), name).uid for name in articles]
        for uid in uids:
            out(f"{uid}\tdeleted")


@app.command(epilog="Example: annotator article recover art_9a71a9c2cfb7df2c")
def recover(articles: Articles, database: DatabaseOption = None) -> None:
    """Bring deleted articles back with all work on them; all of them or none."""
    from annotator.services import deletions  # as in opened()
    from annotator.services.history import Actor

    with opened(database) as db:
        with db.write() as session:
            uids = [deletions.recover(session, Actor(None), name).uid for name in articles]
        for uid in uids:
            out(f"{uid}\trecovered")
