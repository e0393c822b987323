"""The description of the interface (OpenAPI 3.1), made of the shapes it answers with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic.json_schema import models_json_schema

from qms.api import shapes
from qms.api.shapes import Shape
from qms.errors import N_

VERSION: Final = "1.0.0"
JSON: Final = "application/json"
PROBLEM: Final = "application/problem+json"


@dataclass(frozen=True)
class Parameter:
    """A value in an address."""

    name: str
    place: str
    words: str
    schema: Mapping[str, Any]
    example: str


@dataclass(frozen=True)
class Operation:
    """One address: its endpoint here, what it answers, and for what."""

    path: str
    endpoint: str
    words: str
    answers: type[Shape]
    parameters: tuple[Parameter, ...]
    errors: tuple[int, ...] = (404, 422)


def _text(name: str, place: str, words: str, example: str) -> Parameter:
    return Parameter(name, place, words, {"type": "string"}, example)


UNIT: Final = _text("unit", "path", N_("Địa chỉ của đơn vị, như trong /b/<đơn vị>."), "song-lo")
CODE: Final = _text(
    "code", "path", N_("Mã; dấu / và khoảng trắng viết thành dấu gạch."), "2.000815"
)
ON: Final = Parameter(
    "on",
    "query",
    N_("Ngày hỏi; để trống là hôm nay."),
    {"type": "string", "format": "date"},
    "2026-08-03",
)
FIELD: Final = _text("field", "query", N_("Địa chỉ của lĩnh vực, như ho-tich."), "ho-tich")
PAGE: Final = Parameter(
    "page", "query", N_("Trang thứ mấy."), {"type": "integer", "minimum": 1, "default": 1}, "1"
)
SINCE: Final = Parameter(
    "first",
    "query",
    N_("Từ ngày; để trống là 90 ngày trước."),
    {"type": "string", "format": "date"},
    "2026-07-01",
)
UNTIL: Final = Parameter(
    "last",
    "query",
    N_("Đến hết ngày; để trống là mọi ngày sắp tới."),
    {"type": "string", "format": "date"},
    "2026-12-31",
)

OPERATIONS: Final = (
    Operation(
        "/api/v1/units", "api.units", N_("Các đơn vị có bảng niêm yết."), shapes.Units, (), ()
    ),
    Operation(
        "/api/v1/boards/{unit}",
        "api.board",
        N_("Thủ tục trên bảng của một đơn vị, một ngày."),
        shapes.Board,
        (UNIT, ON, FIELD, PAGE),
    ),
    Operation(
        "/api/v1/boards/{unit}/procedures/{code}",
        "api.procedure",
        N_("Một thủ tục với đủ các phần."),
        shapes.Procedure,
        (UNIT, CODE, ON),
    ),
    Operation(
        "/api/v1/boards/{unit}/fees",
        "api.fees",
        N_("Mức phí, lệ phí áp dụng một ngày."),
        shapes.Prices,
        (UNIT, ON, PAGE),
    ),
    Operation(
        "/api/v1/boards/{unit}/forms",
        "api.forms",
        N_("Biểu mẫu có hiệu lực một ngày."),
        shapes.Forms,
        (UNIT, ON, PAGE),
    ),
    Operation(
        "/api/v1/boards/{unit}/forms/{code}",
        "api.form",
        N_("Một biểu mẫu và tệp của nó."),
        shapes.Form,
        (UNIT, CODE, ON),
    ),
    Operation(
        "/api/v1/boards/{unit}/changes",
        "api.changes",
        N_("Những gì đã đổi, và đã ký để đổi."),
        shapes.Changes,
        (UNIT, SINCE, UNTIL, FIELD, PAGE),
    ),
    Operation(
        "/api/v1/checks/{code}",
        "api.check",
        N_("Tờ giấy mang mã này còn đúng không."),
        shapes.Check,
        (_text("code", "path", N_("Mã in dưới hình QR."), "ABCD-EFGH-JKMN"),),
        (429, 503),
    ),
    Operation(
        "/b/{unit}/board.json",
        "api.whole",
        N_("Cả bảng, mọi thủ tục với đủ các phần."),
        shapes.Whole,
        (UNIT, ON),
    ),
)
"""All that is answered, in the order it is told."""


def describe(server: str, *, title: str, words: Mapping[str, str]) -> dict[str, Any]:
    """Return the description; ``words`` are the sentences above in the language of the reader."""
    models: list[type[Shape]] = [*(each.answers for each in OPERATIONS), shapes.Problem]
    _, schemas = models_json_schema(
        [(model, "serialization") for model in models],
        ref_template="#/components/schemas/{model}",
    )
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": VERSION},
        "servers": [{"url": server}],
        "paths": {each.path: {"get": _operation(each, words)} for each in OPERATIONS},
        "components": {"schemas": schemas["$defs"]},
    }


def _operation(each: Operation, words: Mapping[str, str]) -> dict[str, Any]:
    return {
        "operationId": each.endpoint.partition(".")[2],
        "summary": words[each.words],
        "parameters": [
            {
                "name": one.name,
                "in": one.place,
                "required": one.place == "path",
                "description": words[one.words],
                "schema": dict(one.schema),
                "example": int(one.example) if one.schema["type"] == "integer" else one.example,
            }
            for one in each.parameters
        ],
        "responses": {
            "200": {"description": "OK", "content": _content(JSON, each.answers)},
            **{
                str(status): {
                    "description": "Problem",
                    "content": _content(PROBLEM, shapes.Problem),
                }
                for status in each.errors
            },
        },
    }


def _content(media_type: str, model: type[Shape]) -> dict[str, Any]:
    return {media_type: {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}
