"""What the paper of a programme tells, gathered, and who signs for the office."""

from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from qms.accounts.models import User
from qms.accounts.queries import names as people_names
from qms.audits import programme_queries, programme_words, queries
from qms.audits.papers import Paper
from qms.audits.programme_models import Programme
from qms.audits.programme_queries import Cell
from qms.documents.paper import PaperSigner
from qms.documents.paper_queries import signer_block
from qms.documents.rules import SignsFor
from qms.text import fold
from qms.units.queries import heading

MARKS: Final = {"planned": "x", "done": "●", "in_review": "○", "scheduled": "○"}


def of_programme(session: Session, owner_id: int, year: int, today: date) -> Paper:
    """Return the programme of a year, with how far it has come."""
    names = queries.unit_names(session, date(year, 12, 31))
    found = programme_queries.matrix(session, owner_id, year, names, today=today)
    kept = found.programme
    rows = [
        (
            row.name,
            [_mark(cell) for cell in row.cells],
            f"Ngoài phạm vi: {row.left_out}" if row.left_out else "",
        )
        for row in found.rows
    ]
    return programme_words.programme(
        year,
        rows,
        programme_words.Approved(
            (kept.decision_number or "") if kept else "",
            kept.decided_on if kept else None,
            kept.purpose if kept else "",
            kept.change_reason if kept else "",
        ),
        found.progress,
        _signers(session, owner_id, kept, year),
        today,
    )


def chief(
    session: Session, office: str, user_id: int | None = None, *, title: str | None = None
) -> PaperSigner:
    """Return who signs for the office: its head, or a deputy in the place of the head.

    ``title`` is the one the person bore on the day; without it the present one stands.
    """
    who = session.get(User, user_id) if user_id is not None else None
    if who is None:
        return signer_block(office, SignsFor.OWN)
    title = who.title if title is None else title
    deputy = fold(title).startswith("pho ")
    signs_for = SignsFor.FOR_THE_HEAD if deputy else SignsFor.OWN
    return signer_block(office, signs_for, title=title, name=who.name)


def _mark(cell: Cell) -> str:
    return "!" if cell.late else MARKS.get(cell.state, "")


def _signers(
    session: Session, owner_id: int, kept: Programme | None, year: int
) -> list[PaperSigner]:
    found = heading(session, owner_id, (kept and kept.decided_on) or date(year, 12, 31))
    drafted = people_names(session, [kept.drafted_by if kept else None])
    writer = PaperSigner("", "Người lập", next(iter(drafted.values()), ""))
    approved = kept.approved_by if kept else None
    office = found.name if found else ""
    title = kept.approved_title if kept else None
    return [writer, chief(session, office, approved, title=title)]
