"""The program talks to nobody: a demonstration runs, is used and stopped under a hook that hears every connection."""

import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.ports import free_port

ROOT = Path(__file__).parents[2]
# the hook comes before everything that is imported, cannot be removed, and lets nothing out
GUARDED = """
import sys, json
from pathlib import Path
heard = Path(sys.argv.pop(1)).open("a", buffering=1)
WATCHED = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname",
           "subprocess.Popen", "os.system", "urllib.Request", "http.client.connect", "smtplib.connect")
def hook(event, args):
    if event in WATCHED:
        said = [str(part) for part in args if isinstance(part, (str, int, tuple))]
        heard.write(json.dumps([event, *said]) + "\\n")
        if "127.0.0.1" not in " ".join(said):
            raise OSError("nothing goes out")
sys.addaudithook(hook)
import socket
try:
    socket.create_connection(("192.0.2.1", 9))
    raise SystemExit("the hook lets something out")
except OSError:
    heard.write('"try"\\n')
from annotator.cli import main
main()
"""
PLACES = (
    "/", "/speakers", "/sources", "/disagreements", "/adjudication", "/export", "/export/articles.jsonl", "/people",
    "/guidelines", "/api", "/password", "/disagreements.json",
)  # fmt: skip
ARTICLE = {"text": "The pier\n\n“It is shut,” said Ida Holm. More: https://x.example/pier.", "preview": ""}


@dataclass
class Demo:
    base: str
    browser: urllib.request.OpenerDirector
    heard: Path

    def get(self, path: str) -> str:
        with self.browser.open(self.base + path, timeout=60) as answer:
            return str(answer.read().decode())

    def post(self, path: str, fields: dict[str, str]) -> str:
        data = urlencode(fields).encode()
        with self.browser.open(self.base + path, data=data, timeout=60) as answer:
            return str(answer.read().decode())


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    heard = tmp_path / "heard.jsonl"
    port = free_port()
    command = [sys.executable, "-c", GUARDED, str(heard), "--database", str(tmp_path / "demo.db")]
    command += ["demo", "--no-browser", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            lines = iter(process.stdout.readline, "")
            link = next(found[0] for line in lines if (found := re.search(r"http://\S+/sign-in\?token=\S+", line)))
            browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
            made = Demo(f"http://127.0.0.1:{port}", browser, heard)
            _until_served(made)
            made.post("/sign-in", {"token": link})
            yield made
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=60)


def _until_served(demo: Demo) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            assert demo.get("/healthz") == "ok"
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the demonstration does not answer")


def test_no_connection_leaves_the_machine(demo: Demo) -> None:
    for path in PLACES:
        demo.get(path)
    token = re.findall(r'name="token" value="([0-9a-f]{64})"', demo.get("/password"))[0]
    demo.post("/articles", {**ARTICLE, "token": token})
    articles = re.findall(r'href="/articles/(art_[0-9a-f]{16})', demo.get("/"))
    assert articles
    for uid in dict.fromkeys(articles):
        demo.get(f"/articles/{uid}")
        demo.get(f"/articles/{uid}/disagreements")
    tried, heard = demo.heard.read_text().split('"try"\n')
    assert "192.0.2.1" in tried, "the hook hears what is tried"
    assert [line for line in heard.splitlines() if "127.0.0.1" not in line] == []
