"""Editing what stands beside the file of a form: to fields, back from fields, what is missing.

The file itself is taken in by a feature of its own; it is kept from the saved text. Pure.
"""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from qms.documents.kinds.form import FormBlank
from qms.documents.kinds.typing import Faults, Typed, rows, words
from qms.errors import N_, InvalidError

TEMPLATE: Final = "documents/edit_form.html"
EMPTY: Final[Mapping[str, Typed]] = {"legal_basis": {}}
SHORT: Final = ("field", "label")
PROSE: Final = ("instructions", "note")
LEGAL: Final = ("number", "name", "document")
FILE: Final = "blank"
"""The field of the file; its name alone arrives where it was chosen but not sent along."""


def typed(content: FormBlank) -> Typed:
    """Return what is typed beside the file."""
    found: Typed = {name: getattr(content, name) for name in (*SHORT, *PROSE)}
    found["legal_basis"] = [
        {name: getattr(each, name) for name in LEGAL} for each in content.legal_basis
    ]
    return found


def read(given: Typed, base: FormBlank) -> tuple[FormBlank | None, dict[str, InvalidError]]:
    """Return the form that was typed, or what is wrong by the path of the field."""
    faults = Faults()
    values: dict[str, Any] = {name: words(given, name).strip() for name in SHORT}
    values |= {name: words(given, name) for name in PROSE}
    values["legal_basis"] = [
        {name: words(row, name).strip() for name in LEGAL} for row in rows(given, "legal_basis")
    ]
    if words(given, FILE):
        faults.found[FILE] = InvalidError(
            "Tệp đã chọn chưa được gửi. Hãy bấm “Tải tệp lên và lưu”."
        )
    kept = base.model_dump(mode="json", by_alias=True)
    try:
        content = FormBlank.model_validate(kept | values)
    except ValidationError as error:
        faults.refuse(error)
        return None, faults.found
    return (None if faults.found else content), faults.found


def missing(content: FormBlank) -> list[tuple[str, str, str]]:
    """Return what the form lacks: state, sentence and the part it belongs to."""
    found = []
    if content.file is None:
        found.append(("late", N_("Chưa có tệp biểu mẫu."), FILE))
    if not content.instructions.strip():
        found.append(("review", N_("Chưa ghi hướng dẫn ghi biểu mẫu."), "instructions"))
    if any(not basis.number for basis in content.legal_basis):
        found.append(("review", N_("Có căn cứ chưa ghi số, ký hiệu."), "legal_basis"))
    if content.label:
        found.append(
            ("review", N_("Còn nhãn cần đối chiếu; đối chiếu xong thì xóa nhãn."), "label")
        )
    return found
