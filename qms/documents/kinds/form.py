"""A form (biểu mẫu): a file to be filled in, and how to do so."""

from typing import Literal

from qms.documents.comparison import Section
from qms.documents.kinds.base import Content, Line, Link, Text
from qms.documents.kinds.parts import (
    FileRef,
    LegalReference,
    legal_links,
    legal_table,
    prose,
)
from qms.vietnamese import file_size


class FormBlank(Content):
    """The file of a form; ``file`` is None until one was taken in."""

    kind: Literal["form"] = "form"
    field: Line = ""
    file: FileRef | None = None
    instructions: Text = ""
    legal_basis: tuple[LegalReference, ...] = ()
    note: Text = ""

    def sections(self) -> list[Section]:
        """Return the parts in reading order, the file by name, size and digest."""
        file = self.file
        told = f"{file.name} ({file_size(file.size)})\nSHA-256: {file.sha256}" if file else ""
        return [
            prose("field", "Lĩnh vực", self.field),
            prose("file", "Tệp biểu mẫu", told),
            prose("instructions", "Hướng dẫn ghi", self.instructions),
            legal_table("legal_basis", "Căn cứ pháp lý", self.legal_basis),
            prose("note", "Ghi chú", self.note),
            prose("label", "Nhãn", self.label),
        ]

    def words(self) -> str:
        """Return what a person may look for in a form."""
        parts = [self.field, self.file.name if self.file else "", self.instructions, self.note]
        parts += [f"{basis.number} {basis.name}" for basis in self.legal_basis]
        return "\n".join(part for part in parts if part)

    def links(self) -> list[Link]:
        """Return the legal texts on record here."""
        return legal_links(self.legal_basis, "legal_basis")

    def files(self) -> list[str]:
        """Return the file of the form."""
        return [self.file.sha256] if self.file else []

    def topic(self) -> str:
        """Return the field (lĩnh vực)."""
        return self.field
