"""OpenAPI 3.1 (接口说明): the document of the HTTP doors, computed from commands and queries."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from domain.approval_case.commands import ReportStep
from domain.kernel.command import Command, Target
from domain.kernel.event import marked
from interfaces.http.commands import exposed
from interfaces.http.problems import MEDIA_TYPE, TITLES, Problem

TITLE = "双推送 审管互动 Approval-supervision interaction"
VERSION = "1"
DESCRIPTION = """\
审批与监管之间的事实与办理:命令、批量报送、查阅、事实流。回答以中文为主,`Accept-Language: en` 时为英文。

Facts and actions between the approval bureau and the regulators: commands, bulk reports, reads, an event stream.
Answers are in Chinese, or in English with `Accept-Language: en`; problems (RFC 9457) always carry both.

- `Authorization: Bearer …` — a token is bound to an organ and a role; a regulator reads and writes only its own.
- `Idempotency-Key` — required for commands; the same key and content is carried out once.
- `ETag` / `If-Match` — the version a decision rests on; a stale one is 412.
- `X-Position` / `min_position` — read your own write.
- `cursor` — opaque; pass it back unchanged.
"""


def document(app: FastAPI) -> dict[str, Any]:
    """The document of an application, made once."""
    if app.openapi_schema:
        return app.openapi_schema
    found = get_openapi(
        title=TITLE, version=VERSION, openapi_version="3.1.0", description=DESCRIPTION, routes=app.routes,
        license_info=None, servers=[{"url": "/"}],
    )  # fmt: skip
    schemas = found.setdefault("components", {}).setdefault("schemas", {})
    for name, schema in command_schemas().items():
        schemas.setdefault(name, schema)
    _, problems = models_json_schema([(Problem, "validation")], ref_template="#/components/schemas/{model}")
    schemas.update(problems["$defs"])
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    found["components"]["responses"] = {
        str(status): {"description": f"{zh} {en}", "content": content} for status, (zh, en) in TITLES.items()
    }
    found["components"]["securitySchemes"] = {"bearer": {"type": "http", "scheme": "bearer"}}
    for path, operations in found["paths"].items():
        for operation in operations.values():
            _with_problems(path, operation)
    app.openapi_schema = found
    return found


def command_schemas() -> dict[str, Any]:
    """JSON Schemas of all commands by class name, without the field that the address already gives."""
    classes: list[type[Command]] = [*exposed().values(), ReportStep]
    _, whole = models_json_schema(
        [(cls, "validation") for cls in dict.fromkeys(classes)], ref_template="#/components/schemas/{model}"
    )
    schemas: dict[str, Any] = whole["$defs"]
    for cls in classes:
        for name in marked(cls, Target):
            schemas[cls.__name__]["properties"].pop(name, None)
            required = [n for n in schemas[cls.__name__].get("required", []) if n != name]
            schemas[cls.__name__]["required"] = required
            if not required:
                del schemas[cls.__name__]["required"]
    return schemas


OPEN = frozenset({"/livez", "/readyz", "/metrics"})


def _with_problems(path: str, operation: dict[str, Any]) -> None:
    responses = operation.setdefault("responses", {})
    responses.pop("422", None)
    statuses = [400, 401, 403, 404, 405, 413, 422, 500, 503]
    if "requestBody" in operation:
        statuses += [409, 412, 415, 428]
    for status in sorted(statuses):
        responses.setdefault(str(status), {"$ref": f"#/components/responses/{status}"})
    if path not in OPEN:
        operation["security"] = [{"bearer": []}]
