"""create_app(settings, database): the application; nothing is built at import."""

from fastapi import FastAPI
from starlette.responses import PlainTextResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from annotator.reports.disputes import KeptDisputes
from annotator.reports.kept import KeptReports
from annotator.services.passwords import Passwords
from annotator.settings import Settings
from annotator.web import (
    adjudication,
    annotations,
    api,
    articles,
    attributions,
    claims,
    deletions,
    disagreements,
    errors,
    evidence,
    export,
    guard,
    guidelines,
    imports,
    pages,
    passwords,
    people,
    project,
    queue,
    reference,
    releases,
    resegment,
    sentences,
    sign_in,
    sources,
    speakers,
    undo,
)
from annotator.web import settings as preferences
from annotator.web.language import Language
from db.engine import Database

# asked in this order, so what a reviewer's keys ask for comes first
MODULES = (
    annotations,
    articles,
    sign_in,
    passwords,
    queue,
    people,
    project,
    imports,
    deletions,
    attributions,
    claims,
    evidence,
    undo,
    preferences,
    speakers,
    sources,
    guidelines,
    export,
    releases,
    disagreements,
    adjudication,
    sentences,
    resegment,
    api,
    reference,
)


class HashedFiles(StaticFiles):
    """Static files whose address holds their hash: a browser may keep them for a year."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if scope.get("query_string", b"").startswith(b"v="):
            response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response


def create_app(settings: Settings, database: Database) -> FastAPI:
    app = FastAPI(title="Annotator", openapi_url=None, docs_url=None, redoc_url=None)
    app.state.settings, app.state.database, app.state.passwords = settings, database, Passwords()
    app.state.reports = KeptReports()
    app.state.disputes = KeptDisputes()
    errors.install(app)
    for module in MODULES:
        app.include_router(module.router)
    app.get("/healthz")(healthz)
    app.mount("/static", HashedFiles(directory=pages.STATIC))
    hosts = frozenset(name.strip().lower() for name in settings.allowed_hosts.split(",") if name.strip())
    app.add_middleware(guard.Guard, hosts=hosts | {settings.host}, secure=settings.secure_cookies, failed=errors.bug)
    app.add_middleware(Language)
    return app


async def healthz() -> Response:
    """The server answers; says nothing else."""
    return PlainTextResponse("ok")
