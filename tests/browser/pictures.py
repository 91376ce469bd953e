"""The pictures of README, taken of the demonstration: python -m tests.browser.pictures"""

import shutil
import socket
import tempfile
import threading
import time
from pathlib import Path

import uvicorn
from playwright.sync_api import Page, sync_playwright
from sqlmodel import select

from annotator.services import clock, demo, projects, reviewers, sessions
from annotator.services.history import Actor
from annotator.settings import Settings
from annotator.web.app import create_app
from db import migrate
from db.engine import Database, open_database
from db.models import Article

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


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        database = demonstration(Path(folder))
        base = serve(database)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.route(lambda url: not url.startswith(base), lambda route: route.abort())
        take(page, database, base)
        browser.close()
        database.close()


if __name__ == "__main__":
    main()
