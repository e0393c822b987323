"""Which kind is edited how: modules with ``TEMPLATE``, ``EMPTY``, ``typed``, ``read``, ``missing``.

A new kind adds a line here.
"""

from collections.abc import Mapping
from typing import Any, Final

from qms.documents.kinds import (
    fee_editor,
    form_editor,
    legal_editor,
    procedure_editor,
    process_editor,
    text_editor,
)

EDITORS: Final[Mapping[str, Any]] = {
    "fee": fee_editor,
    "form": form_editor,
    "legal": legal_editor,
    "procedure": procedure_editor,
    "process": process_editor,
    "text": text_editor,
}
