"""The pictures of README and its film, taken of the demonstration: python -m tests.browser.pictures"""

import io
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page, sync_playwright
from sqlmodel import select

from annotator.domain.labels import CHOICES, NONE, UNSURE
from annotator.services import assignments, clock, demo, projects, reviewers, sessions
from annotator.services.history import Actor
from annotator.settings import Settings
from annotator.web import security
from annotator.web.app import create_app
from annotator.web.views.rows import judgement
from db import migrate
from db.engine import Database, open_database
from db.models import Article, Reviewer
from db.queries import annotate
from tests.browser import npm

FOLDER = Path(__file__).parents[2] / ".github"
SEED = "chicago_police_ice"
# file, person, address after the article's, height
PICTURES = (
    ("annotate.png", "Ben Okoro", "?s=14#s-14", 900),
    ("report.png", "Lena Falk", "/disagreements", 1240),
)


def demonstration(folder: Path) -> Database:
    database = open_database(str(folder / "demo.db"))
    migrate.upgrade(database)
    with database.write() as session:
        projects.ensure(session)
    demo.fill(database)
    return database


def serve(database: Database) -> str:
    """Serve from a thread that ends with the program; returns the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(create_app(Settings(port=port), database), port=port, log_level="warning")
    server = uvicorn.Server(config)
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    return f"http://127.0.0.1:{port}"


def token(database: Database, name: str) -> str:
    with database.write() as session:
        link = reviewers.link(session, Actor(None), name, days=1)
        return sessions.redeem(session, link, now=clock.now(), days=1)


def take(page: Page, database: Database, base: str) -> None:
    with database.read() as session:
        article = session.exec(select(Article.uid).where(Article.external_id == SEED)).one()
    for file, person, address, height in PICTURES:
        page.set_viewport_size({"width": 1440, "height": height})
        page.context.add_cookies([{"name": "annotator_session", "value": token(database, person), "url": base}])
        page.goto(f"{base}/articles/{article}{address}")
        page.screenshot(path=FOLDER / file)


FILMED, ALREADY = "harbour_ferry_report", "Ben Okoro"  # fiction, and whose labels of it the film repeats
SIZE = (1024, 600)
COLOURS = 32
FRAME, LAST = 700, 3000  # milliseconds
KEYS = {str(choice.value): choice.key for choice in CHOICES}


def film(page: Page, database: Database, base: str) -> None:
    """One article labelled by keyboard, a picture a key."""
    with database.write() as session:
        article = session.exec(select(Article).where(Article.external_id == FILMED)).one()
        newcomer = reviewers.add(session, Actor(None), "Ida")
        assignments.assign(session, Actor(None), article.uid, [newcomer.name])
    page.set_viewport_size({"width": SIZE[0], "height": SIZE[1]})
    page.context.add_cookies([{"name": "annotator_session", "value": token(database, newcomer.name), "url": base}])
    page.goto(f"{base}/articles/{article.uid}?s=1")
    frames = [frame(page, "")]
    for key in keys(database, article.id or 0):
        page.keyboard.press(key)
        page.wait_for_function("() => !document.querySelector('.htmx-request')")
        frames.append(frame(page, key.replace("+", " ")))
    palette = frames[-1].quantize(COLOURS)  # one for all, so that only what changes is stored
    frames = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in frames]
    times = [FRAME] * (len(frames) - 1) + [LAST]
    frames[0].save(FOLDER / "labelling.gif", save_all=True, append_images=frames[1:], duration=times, loop=0)


def keys(database: Database, article_id: int) -> Iterator[str]:
    """The keys that give every sentence the labels that a reviewer of the demonstration gave it."""
    with database.read() as session:
        who = session.exec(select(Reviewer.id).where(Reviewer.name == ALREADY)).one()
        rows = annotate.outline(session, article_id, who or 0)
    for row in rows:
        said = judgement(row)
        words = sorted(map(str, said.labels)) or [NONE if said.none_reason else UNSURE]
        yield KEYS[words[0]] if len(words) == 1 else f"Shift+{KEYS[words[0]]}"
        yield from (f"Shift+{KEYS[word]}" for word in words[1:])
        if len(words) > 1:
            yield "j"


def frame(page: Page, key: str) -> Image.Image:
    """The page as it is, with the key that was pressed."""
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    if key:
        draw, font = ImageDraw.Draw(image), ImageFont.load_default(28)
        left, top, right, bottom = draw.textbbox((24, SIZE[1] - 64), key, font=font)
        draw.rounded_rectangle((left - 14, top - 10, right + 14, bottom + 10), 8, fill="#1c1e22")
        draw.text((24, SIZE[1] - 64), key, font=font, fill="#fff1bf")
    return image


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        database = demonstration(Path(folder))
        base = serve(database)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        htmx = npm.read(Path(folder), npm.HTMX, "dist/htmx.min.js")
        page.route(lambda url: not url.startswith(base), lambda route: route.abort())
        script = {"content_type": "text/javascript", "body": htmx, "headers": {"access-control-allow-origin": "*"}}
        page.route(security.HTMX_URL, lambda route: route.fulfill(**script))
        take(page, database, base)
        film(page, database, base)
        browser.close()
        database.close()


if __name__ == "__main__":
    main()
