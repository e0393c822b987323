"""From the text of one document to the lines it has in the lists."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from qms.documents.kinds.base import Content
from qms.documents.kinds.form import FormBlank
from qms.documents.kinds.legal import LegalText
from qms.documents.kinds.process import Process
from qms.documents.kinds.registry import read
from qms.documents.timeline import Action
from qms.registers.rules import Row, lines, numbers
from qms.vietnamese import day, file_size

_READ: Final = frozenset({"process", "form", "legal"})
"""Kinds whose contents the lists look into."""

_DEEDS: Final = {
    Action.ISSUE: "Ban hành",
    Action.AMEND: "Sửa đổi",
    Action.WITHDRAW: "Bãi bỏ",
    Action.CANCEL: "Hủy",
}


@dataclass(frozen=True)
class Said:
    """What stands of one document, as far as the lists tell it."""

    document_id: int
    code: str
    title: str
    issue_no: int
    amendment_no: int
    first_day: date
    owner: str
    retention: str
    content: Content | None

    @classmethod
    def of(cls, row: Mapping[Any, Any], names: Mapping[int, str]) -> "Said":
        """Return it as the database has it."""
        said = json.loads(row["data"])
        looked_into = row["kind"] in _READ
        return cls(
            document_id=row["document_id"],
            code=row["code"],
            title=row["title"],
            issue_no=row["issue_no"],
            amendment_no=row["amendment_no"],
            first_day=row["first_day"],
            owner=names.get(row["owner_id"], ""),
            retention=said["retention"],
            content=read(json.dumps(said["content"])) if looked_into else None,
        )

    @property
    def numbers(self) -> str:
        """How often it was issued and amended."""
        return numbers(self.issue_no, self.amendment_no)


def internal(said: Said) -> Row:
    """Return the line of a document the office issues itself."""
    content = said.content
    to = content.distribution if isinstance(content, Process) else ""
    cells = (said.code, said.title, said.numbers, said.first_day, said.owner, to)
    return Row(said.document_id, cells)


def external(said: Said, looked_at: date | None) -> Row:
    """Return the line of a legal text; unknown days stay empty."""
    content = said.content if isinstance(said.content, LegalText) else LegalText()
    ended = content.last_day + timedelta(days=1) if content.last_day else None
    by = ", ".join(each.number or each.name for each in content.replaced_by)
    cells = (
        content.number or said.code,
        said.title,
        content.issuer,
        content.dated,
        content.in_force_from,
        lines(
            f"Hết hiệu lực từ {day(ended)}" if ended else "",
            f"Thay thế bởi {by}" if by else "",
        ),
        content.applied_at,
        looked_at,
    )
    return Row(said.document_id, cells)


def form(said: Said, users: Sequence[str]) -> Row:
    """Return the line of a form."""
    file = said.content.file if isinstance(said.content, FormBlank) else None
    told = f"{file.name} ({file_size(file.size)})" if file else ""
    used = ", ".join(users)
    cells = (said.code, said.title, said.numbers, said.first_day, used, told)
    return Row(said.document_id, cells)


def records(said: Said) -> Iterator[Row]:
    """Give the lines of the records a document wants kept, and of its own retention."""
    if isinstance(said.content, Process):
        for each in said.content.records:
            how = (each.keeper, each.order, each.retention, each.disposal)
            yield Row(said.document_id, (each.name, each.form_code, *how, said.code))
    if said.retention:
        cells = (said.title, said.code, said.owner, "", said.retention, "", said.code)
        yield Row(said.document_id, cells)


def deed(action: Action, *, replaced: bool) -> str:
    """Say what a change did, and whether another took its place."""
    return lines(_DEEDS[action], "(đã có thay đổi khác thay)" if replaced else "")


def decision(number: str | None, dated: date | None) -> str:
    """Name a decision by its number and day."""
    return lines(number or "", day(dated) if dated else "")
