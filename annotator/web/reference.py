"""The API's documentation: OpenAPI for programs, a page without a script for people; only for who belongs here."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends
from fastapi.openapi.utils import get_openapi
from fastapi.security import HTTPAuthorizationCredentials
from starlette.requests import Request
from starlette.responses import Response

from annotator.services.storing import PACKAGE
from annotator.web import api, pages
from annotator.web.api_models import Problem
from annotator.web.deps import DatabaseDep, ReviewerDep, SettingsDep, VisitorDep

router = APIRouter()
VERBS = ("get", "put", "post")


def schema() -> dict[str, Any]:
    """OpenAPI of the whole API."""
    found = get_openapi(
        title="Annotator",
        version=version(PACKAGE),
        description="Claims, quotes, opinions, who says so, and what proves it. Offsets are code points.",
        routes=api.router.routes,
    )
    found["components"]["schemas"]["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return found


def belongs(
    request: Request,
    visitor: VisitorDep,
    database: DatabaseDep,
    settings: SettingsDep,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(api.bearer)],
) -> None:
    """Somebody who is signed in, or a script with a token. Raises SignedOut."""
    if visitor is None:
        api.caller(request, database, settings, given)


@router.get("/api/v1/openapi.json", dependencies=[Depends(belongs)])
def download() -> Response:
    return Response(orjson.dumps(schema(), option=orjson.OPT_INDENT_2), media_type="application/json")


@dataclass(frozen=True, slots=True)
class Operation:
    """One verb of one address, with examples as a script would write and read them."""

    verb: str
    path: str
    summary: str
    description: str
    parameters: tuple[tuple[str, str, str], ...]
    asked: str | None
    answered: str | None
    refused: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ReferenceView:
    title: str
    version: str
    operations: tuple[Operation, ...]


@router.get("/api")
def show(request: Request, visitor: ReviewerDep) -> Response:
    found = schema()
    view = ReferenceView(found["info"]["title"], found["info"]["version"], tuple(_operations(found)))
    return pages.page(request, "reference/show.html", view, visitor)


def _operations(found: dict[str, Any]) -> Iterator[Operation]:
    for path, verbs in found["paths"].items():
        for verb in VERBS:
            if verb not in verbs:
                continue
            said = verbs[verb]
            answers = said["responses"]
            yield Operation(
                verb.upper(),
                path,
                said["summary"],
                said["description"],
                tuple((p["name"], p["in"], p.get("description", "")) for p in said.get("parameters", ())),
                _sample(found, said["requestBody"]["content"]) if "requestBody" in said else None,
                _sample(found, answers["200"]["content"]),
                tuple((status, answer["description"]) for status, answer in sorted(answers.items()) if status != "200"),
            )


def _sample(found: dict[str, Any], content: dict[str, Any]) -> str:
    """An example as indented JSON, or as it stands."""
    kind = next(iter(content.values()))
    example = kind["example"] if "example" in kind else example_of(found, kind["schema"])
    return example if isinstance(example, str) else orjson.dumps(example, option=orjson.OPT_INDENT_2).decode()


def example_of(found: dict[str, Any], schema: dict[str, Any]) -> Any:
    """A value of a schema, put together from the examples of its fields; optional fields without one are left out."""
    if schema.get("examples"):
        return schema["examples"][0]
    if "$ref" in schema:
        return example_of(found, found["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
    if schema.get("type") == "array":
        return [example_of(found, schema["items"])]
    if "properties" in schema:
        required = schema.get("required", ())
        shown = {name: field for name, field in schema["properties"].items() if name in required or _says(field)}
        return {name: example_of(found, field) for name, field in shown.items()}
    return schema.get("default")


def _says(field: dict[str, Any]) -> bool:
    return bool(field.get("examples")) and field["examples"][0] is not None
