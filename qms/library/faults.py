"""What is wrong with a file, said to the person who wrote it."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TypedDict

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from qms.errors import InvalidError


class _Place(TypedDict):
    file: str
    key: str


def refusal(name: str, error: ValidationError, known: Iterable[str]) -> InvalidError:
    """Return the refusal for the first fault in the file ``name``, with the way to mend it."""
    fault = error.errors(include_url=False)[0]
    place: _Place = {"file": name, "key": ".".join(str(part) for part in fault["loc"]) or "–"}
    context = fault.get("ctx", {})
    match fault["type"]:
        case "missing":
            return InvalidError(
                "Tệp %(file)s thiếu khóa “%(key)s”. Hãy thêm khóa này.", **place
            )
        case "extra_forbidden":
            return _unknown(place, fault, known)
        case "enum" | "literal_error":
            return InvalidError(
                "Tệp %(file)s, khóa “%(key)s”: phải là một trong %(allowed)s.",
                allowed=context.get("expected", ""),
                **place,
            )
        case "int_parsing" | "int_type" | "greater_than_equal" | "less_than_equal":
            return InvalidError(
                "Tệp %(file)s, khóa “%(key)s”: phải là số nguyên không âm, không dấu chấm, "
                "trong khoảng cho phép.",
                **place,
            )
        case "date_from_datetime_parsing" | "date_parsing" | "date_type":
            return InvalidError(
                "Tệp %(file)s, khóa “%(key)s”: phải là ngày có thật, viết năm-tháng-ngày, "
                "ví dụ 2025-07-01.",
                **place,
            )
        case "bool_parsing" | "bool_type":
            return InvalidError(
                "Tệp %(file)s, khóa “%(key)s”: phải là true hoặc false.", **place
            )
        case "string_too_long":
            return InvalidError(
                "Tệp %(file)s, khóa “%(key)s”: dài quá %(most)s ký tự.",
                most=context.get("max_length", ""),
                **place,
            )
        case _:
            return _other(place, fault)


def _unknown(place: _Place, fault: ErrorDetails, known: Iterable[str]) -> InvalidError:
    near = get_close_matches(str(fault["loc"][-1]), list(known), n=1)
    if near and len(fault["loc"]) == 1:
        return InvalidError(
            "Tệp %(file)s có khóa lạ “%(key)s”. Có phải là “%(near)s”?", near=near[0], **place
        )
    return InvalidError("Tệp %(file)s có khóa lạ “%(key)s”. Hãy bỏ khóa này.", **place)


def _other(place: _Place, fault: ErrorDetails) -> InvalidError:
    if fault["type"] in {"tuple_type", "list_type", "too_short"}:
        return InvalidError(
            "Tệp %(file)s, khóa “%(key)s”: phải là danh sách, mỗi dòng bắt đầu bằng “- ”.",
            **place,
        )
    if place["key"].startswith("scope"):
        return InvalidError(
            "Tệp %(file)s, khóa “scope”: phải là owner, level:xa hoặc danh sách mã đơn vị.",
            **place,
        )
    if place["key"].endswith(("fees", *"0123456789")) and fault["type"] == "value_error":
        return InvalidError(
            "Tệp %(file)s, khóa “%(key)s”: mức thu, số tiền và các ngày không khớp nhau; chỉ "
            "rate: amount có amount, chỉ rate: steps có steps, ngày cuối không trước ngày đầu.",
            **place,
        )
    return InvalidError("Tệp %(file)s, khóa “%(key)s”: không đúng dạng.", **place)
