"""Editing a procedure: from its content to fields, from fields back, and what is missing. Pure."""

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from qms.documents.kinds import fee_typing
from qms.documents.kinds.fees import Channel, FeeLine, FeeType, Rate
from qms.documents.kinds.procedure import LimitUnit, Method, Procedure
from qms.documents.kinds.typing import Faults, Typed, lines, rows, words
from qms.errors import InvalidError

TEMPLATE: Final = "documents/edit_procedure.html"
PROSE: Final = (
    *("steps", "applicants", "handled_by", "decided_by", "delegated_to", "coordinated_with"),
    *("address", "result", "conditions", "keywords", "description", "note"),
)
SHORT: Final = ("field", "category", "announced_by", "label")
_REST_OF_FEE: Final = (
    *("procedure", "channels", "territory", "units", "transition", "picked_by"),
    *("mark", "source"),
)
EMPTY: Final[Mapping[str, Typed]] = {
    "methods": {"channel": Channel.DIRECT.value, "limit_unit": LimitUnit.WORKING_DAY.value},
    "fees": {"type": FeeType.CHARGE.value, "rate": Rate.AMOUNT.value},
    "dossier": {},
    "legal_basis": {},
}
"""A new row of each list."""


def typed(content: Procedure) -> Typed:
    """Return a procedure as it is typed."""
    found: Typed = {name: getattr(content, name) for name in (*PROSE, *SHORT)}
    found["levels"] = ", ".join(content.levels)
    found["sources"] = "\n".join(content.sources)
    found["sets"] = _optional(content.sets)
    found["methods"] = [_method(each) for each in content.methods]
    found["dossier"] = [
        {
            "case": item.case,
            "name": item.name,
            "originals": _optional(item.originals),
            "copies": _optional(item.copies),
            "shown_only": "y" if item.shown_only else "",
            "optional": "y" if item.optional else "",
            "form": item.form,
            "form_code": item.form_code,
            "note": item.note,
        }
        for item in content.dossier
    ]
    found["legal_basis"] = [
        {"number": r.number, "name": r.name, "document": r.document}
        for r in content.legal_basis
    ]
    return found


def read(given: Typed, base: Procedure) -> tuple[Procedure | None, dict[str, InvalidError]]:
    """Return the procedure that was typed, or what is wrong by the path of the field.

    What the editor does not show is kept from ``base``.
    """
    faults = Faults()
    values: dict[str, Any] = {name: words(given, name) for name in (*PROSE, *SHORT)}
    values |= {
        "levels": [each.strip() for each in words(given, "levels").split(",") if each.strip()],
        "sources": lines(given, "sources"),
        "sets": faults.whole("sets", given.get("sets")),
        "methods": [
            _read_method(faults, f"methods-{place}", row)
            for place, row in enumerate(rows(given, "methods"))
        ],
        "dossier": [
            _read_item(faults, f"dossier-{place}", row)
            for place, row in enumerate(rows(given, "dossier"))
        ],
        "legal_basis": [
            {
                "number": words(row, "number").strip(),
                "name": words(row, "name"),
                "document": words(row, "document").strip(),
            }
            for row in rows(given, "legal_basis")
        ],
    }
    kept = base.model_dump(mode="json", by_alias=True)
    try:
        content = Procedure.model_validate(kept | values)
    except ValidationError as error:
        faults.refuse(error)
        return None, faults.found
    return (None if faults.found else content), faults.found


def missing(content: Procedure) -> list[tuple[str, str, str]]:
    """Return what a notice would lack: state, sentence and the part it belongs to.

    Source: Nghị định 63/2010/NĐ-CP, Điều 8 khoản 2.
    """
    found = [
        ("late", sentence, name)
        for name, sentence in _NEEDED.items()
        if not getattr(content, name)
    ]
    if any(method.limit is None for method in content.methods):
        found.append(("late", "Có cách thức chưa ghi thời hạn.", "methods"))
    fees = [fee for method in content.methods for fee in method.fees]
    if content.methods and not fees:
        found.append(
            ("late", "Chưa ghi phí, lệ phí; không thu thì chọn “Không thu”.", "methods")
        )
    if any(fee.rate is Rate.UNKNOWN for fee in fees):
        found.append(("review", "Có mức thu chưa xác định.", "methods"))
    if any(fee.rate in {Rate.AMOUNT, Rate.STEPS} and fee.first_day is None for fee in fees):
        found.append(("review", "Có mức thu chưa ghi ngày đầu áp dụng.", "methods"))
    if any(not basis.number for basis in content.legal_basis):
        found.append(("review", "Có căn cứ chưa ghi số, ký hiệu.", "legal_basis"))
    if content.label:
        found.append(
            ("review", "Còn nhãn cần đối chiếu; đối chiếu xong thì xóa nhãn.", "label")
        )
    return found


_NEEDED: Final = {
    "field": "Chưa ghi lĩnh vực.",
    "steps": "Chưa ghi trình tự thực hiện.",
    "methods": "Chưa ghi cách thức, thời hạn.",
    "dossier": "Chưa ghi thành phần hồ sơ.",
    "sets": "Chưa ghi số lượng hồ sơ.",
    "applicants": "Chưa ghi đối tượng thực hiện.",
    "handled_by": "Chưa ghi cơ quan thực hiện.",
    "result": "Chưa ghi kết quả thực hiện.",
    "legal_basis": "Chưa ghi căn cứ pháp lý.",
}


def _method(method: Method) -> Typed:
    limit = method.limit
    return {
        "channel": method.channel.value,
        "case": method.case,
        "limit_count": _optional(limit.count) if limit else "",
        "limit_unit": limit.unit.value if limit else "",
        "limit_note": limit.note if limit else "",
        "note": method.note,
        "fees": [_fee(fee) for fee in method.fees],
    }


def _fee(fee: FeeLine) -> Typed:
    said = fee.model_dump(mode="json", include=set(_REST_OF_FEE))
    return {**fee_typing.typed(fee), "rest": json.dumps(said, ensure_ascii=False)}


def _read_method(faults: Faults, path: str, row: Typed) -> dict[str, Any]:
    unit = words(row, "limit_unit")
    limit = {
        "count": faults.whole(f"{path}-limit_count", row.get("limit_count")),
        "unit": unit,
        "note": words(row, "limit_note"),
    }
    if not unit and (limit["count"] is not None or limit["note"]):
        faults.found[f"{path}-limit_unit"] = InvalidError("Hãy chọn đơn vị của thời hạn.")
    return {
        "channel": words(row, "channel"),
        "case": words(row, "case"),
        "limit": limit if unit else None,
        "note": words(row, "note"),
        "fees": [
            {
                **_rest(words(fee, "rest")),
                **fee_typing.read(faults, f"{path}-fees-{place}", fee),
            }
            for place, fee in enumerate(rows(row, "fees"))
        ],
    }


def _read_item(faults: Faults, path: str, row: Typed) -> dict[str, Any]:
    return {
        "case": words(row, "case"),
        "name": words(row, "name"),
        "originals": faults.whole(f"{path}-originals", row.get("originals")),
        "copies": faults.whole(f"{path}-copies", row.get("copies")),
        "shown_only": bool(words(row, "shown_only")),
        "optional": bool(words(row, "optional")),
        "form": words(row, "form").strip(),
        "form_code": words(row, "form_code").strip(),
        "note": words(row, "note"),
    }


def _rest(sealed: str) -> dict[str, Any]:
    """Return what a row carries along unseen; nothing where it can't be read."""
    try:
        found = json.loads(sealed or "{}")
    except ValueError:
        return {}
    return (
        {k: v for k, v in found.items() if k in _REST_OF_FEE} if isinstance(found, dict) else {}
    )


def _optional(value: int | None) -> str:
    return "" if value is None else str(value)
