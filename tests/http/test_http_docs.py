"""接口说明: the document says what the doors do, and its pages need nobody else's host."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from jsonschema import Draft202012Validator
from town import City

from domain.kernel.command import Target, creates
from domain.kernel.event import marked
from interfaces.http.app import openapi_document
from interfaces.http.commands import exposed, path_of

REFERENCES = re.compile(r"""(?:src|href|url)\s*[=:]\s*['"]([^'"]+)['"]""")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi_document()


def references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def test_the_document_is_openapi_3_1_and_every_reference_in_it_leads_somewhere(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    for reference in set(references(document)):
        node: Any = document
        for part in reference.removeprefix("#/").split("/"):
            node = node[part.replace("~1", "/")]
    for name, schema in document["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema), name


def test_every_operation_is_told_in_chinese_and_english(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert re.search(r"[一-鿿]", operation["summary"]), path
            assert re.search(r"[A-Za-z]{3}", operation["summary"]), path


def test_the_body_of_a_command_is_the_command_without_its_target(document: dict[str, Any]) -> None:
    for cls in exposed().values():
        operation = document["paths"][path_of(cls)]["post"]
        reference = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        schema = document["components"]["schemas"][reference.rpartition("/")[2]]
        assert set(schema["properties"]) == set(cls.model_fields) - set(marked(cls, Target))
        assert schema["additionalProperties"] is False
        named = {p["name"] for p in operation["parameters"]}
        assert "Idempotency-Key" in named
        assert ("If-Match" in named) is not creates(cls)


async def test_the_pages_of_the_documentation_ask_no_other_host(city: City) -> None:
    for page in ("/docs", "/redoc"):
        answer = await city.client.get(page)
        assert answer.status_code == 200
        found = [r for r in REFERENCES.findall(answer.text) if not r.startswith("data:")]
        assert len(found) >= 2
        for reference in found:
            assert urlsplit(urljoin("http://platform.test" + page, reference)).netloc == "platform.test", reference
            assert (await city.client.get(urljoin(page, reference))).status_code == 200, reference
        # Whatever the scripts would like to load besides, the browser is told not to.
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "http" not in policy


async def test_the_served_document_is_the_exported_one(city: City, document: dict[str, Any]) -> None:
    assert (await city.client.get("/openapi.json")).json() == document
