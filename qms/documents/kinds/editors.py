"""Which kind is edited how. A new kind adds a line here."""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from qms.documents.kinds import procedure_editor, text_editor
from qms.documents.kinds.typing import Typed
from qms.errors import InvalidError


class Editor(Protocol):
    """How the content of one kind is typed, read back and looked over."""

    TEMPLATE: str
    EMPTY: Mapping[str, Typed]

    def typed(self, content: Any) -> Typed:  # noqa: ANN401 - each editor has its own content
        """Return a content as it is typed."""

    def read(self, given: Typed, base: Any) -> tuple[Any, dict[str, InvalidError]]:  # noqa: ANN401
        """Return the content that was typed, or what is wrong."""

    def missing(self, content: Any) -> list[tuple[str, str, str]]:  # noqa: ANN401
        """Return what a content lacks."""


EDITORS: Final[Mapping[str, Any]] = {"procedure": procedure_editor, "text": text_editor}
