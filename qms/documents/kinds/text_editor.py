"""Editing a written text: from its content to fields, from fields back, what is missing. Pure."""

from collections.abc import Mapping
from typing import Final

from pydantic import ValidationError

from qms.documents.kinds.text import POSTED, WrittenText
from qms.documents.kinds.typing import Faults, Typed, lines, rows, words
from qms.errors import N_, InvalidError

TEMPLATE: Final = "documents/edit_text.html"
EMPTY: Final[Mapping[str, Typed]] = {"legal_basis": {}}


def typed(content: WrittenText) -> Typed:
    """Return a text as it is typed."""
    return {
        "genre": content.genre.value,
        "edition": content.edition,
        "clauses": ", ".join(content.clauses),
        "based_on": "\n".join(content.based_on),
        "body": content.body,
        "label": content.label,
        "legal_basis": [
            {"number": each.number, "name": each.name, "document": each.document}
            for each in content.legal_basis
        ],
    }


def read(given: Typed, base: WrittenText) -> tuple[WrittenText | None, dict[str, InvalidError]]:
    """Return the text that was typed, or what is wrong by the name of the field."""
    faults = Faults()
    values = {
        "genre": words(given, "genre"),
        "edition": words(given, "edition").strip(),
        "clauses": [
            each.strip() for each in words(given, "clauses").split(",") if each.strip()
        ],
        "based_on": lines(given, "based_on"),
        "body": words(given, "body"),
        "label": words(given, "label").strip(),
        "legal_basis": [
            {
                "number": words(row, "number").strip(),
                "name": words(row, "name"),
                "document": words(row, "document").strip(),
            }
            for row in rows(given, "legal_basis")
        ],
    }
    try:
        return WrittenText.model_validate(
            base.model_dump(mode="json", by_alias=True) | values
        ), {}
    except ValidationError as error:
        faults.refuse(error)
        return None, faults.found


def missing(content: WrittenText) -> list[tuple[str, str, str]]:
    """Return what the text lacks: state, sentence and the part it belongs to."""
    found = []
    if not content.body.strip():
        found.append(("late", N_("Chưa viết nội dung."), "body"))
    if not content.clauses and content.genre not in POSTED:
        found.append(
            ("review", N_("Chưa ghi điều khoản của tiêu chuẩn mà tài liệu đáp ứng."), "clauses")
        )
    if content.label:
        found.append(
            ("review", N_("Còn nhãn cần đối chiếu; đối chiếu xong thì xóa nhãn."), "label")
        )
    return found
