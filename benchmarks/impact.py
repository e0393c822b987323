"""What one law costs that many documents rest on: who it touches, and what it makes due.

Prints statements and seconds for 10 and for 1,000 documents on both engines. The number of
statements must not grow with the documents; the time may grow less than they do.
"""

import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from qms.db import db, transaction
from qms.documents import impact, queries, service, signing
from qms.documents.kinds.legal import LegalText, LegalType
from qms.documents.kinds.parts import LegalReference
from qms.documents.kinds.text import Genre, WrittenText
from qms.documents.models import Document
from qms.documents.registering import draft_documents
from qms.documents.rules import Audience, RevisionText
from qms.documents.service import Head, Line
from qms.documents.timeline import Action
from qms.laws import queries as laws
from qms.laws.queries import Wanted
from qms.units.queries import unit
from tests import factories
from tests.engines import both_migrated, counted

SIZES: Final = (10, 1_000)
TODAY: Final = date(2026, 8, 3)
NOW: Final = datetime(2026, 8, 3, 2, tzinfo=UTC)
ENTERED: Final = date(2025, 7, 1)
BEGINS: Final = TODAY - timedelta(days=10)
RUNS: Final = 5


def law(number: str) -> RevisionText:
    """Return the record of a decree that took effect ten days ago."""
    content = LegalText(
        type=LegalType.DECREE, number=number, issuer="Chính phủ", in_force_from=BEGINS
    )
    return RevisionText(f"Nghị định {number}", content, audience=Audience.INTERNAL)


def based_on(number: str) -> RevisionText:
    """Return a text that rests on it."""
    basis = (LegalReference(name="Nghị định", number=number, document=number),)
    return RevisionText("Quy trình", WrittenText(genre=Genre.PROCEDURE, legal_basis=basis))


def in_force(
    session: Session,
    office: factories.Office,
    kind: str,
    codes: Sequence[str],
    text: RevisionText,
) -> list[Document]:
    """Bring documents with this text into force on a day long past."""
    by = office.act("thuky", NOW, TODAY)
    owner = unit(session, "song-lo")
    made = draft_documents(session, by, owner=owner, kind=kind, codes=codes)
    decision = service.open_decision(session, by, owner, Head("Nhập tài liệu"))
    lines = [Line(made[code], Action.ISSUE, text) for code in codes]
    service.add_lines(session, by, decision, lines)
    loaded = queries.decision(session, decision.id)
    signing.review(session, office.act("truongphong", NOW, TODAY), loaded)
    paper = signing.Paper(f"{decision.id}/QĐ", ENTERED, ENTERED, "nhập bổ sung")
    signing.sign(session, office.act("lanhdao", NOW, TODAY), loaded, paper)
    return list(made.values())


def cost(ask: Callable[[Session], int], expected: int) -> tuple[int, float]:
    """Return the statements of one question, and its best seconds of some."""
    times = []
    for _ in range(RUNS):
        session = db.session()
        session.rollback()
        with counted() as sent:
            began = time.perf_counter()
            found = ask(session)
            times.append(time.perf_counter() - began)
        assert found == expected, f"{found} found, not {expected}"
    return len(sent), min(times)


def measure(kind: str, url: str, folder: Path) -> None:
    app = factories.application(url, folder)
    with app.app_context():
        with transaction() as session:
            office = factories.office(session)
        told: dict[str, list[tuple[int, float]]] = {"touched": [], "due": [], "on the desk": []}
        for size in SIZES:
            number = f"{size}/2026/NĐ-CP"
            with transaction() as session:
                (document,) = in_force(session, office, "legal", [number], law(number))
                law_id = document.id
                codes = [f"QT-{size}-{each}" for each in range(size)]
                in_force(session, office, "text", codes, based_on(number))
            wanted = Wanted([office.units["song-lo"]], TODAY, law_id=law_id)
            settle(kind)
            asked: dict[str, tuple[Callable[[Session], int], int]] = {
                "touched": (partial(touched, law_id), size),
                "due": (partial(due, wanted), size),
                "on the desk": (partial(on_the_desk, wanted), 1),
            }
            for what, (ask, expected) in asked.items():
                told[what].append(cost(ask, expected))
        for what, ((few, fast), (many, slow)) in told.items():
            print(
                f"{kind}: {what}: {few} statements for {SIZES[0]} documents, {many} for"
                f" {SIZES[1]:,}; {fast * 1e3:.1f} ms and {slow * 1e3:.1f} ms,"
                f" {slow / fast:.1f} times"
            )
            assert few == many, "the number of statements grows with the documents"
        db.session.remove()
        db.engine.dispose()


def settle(kind: str) -> None:
    """Let PostgreSQL count what there is, as it does by itself within a minute."""
    if kind == "postgresql":
        with db.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT", qms_write="row")
            connection.exec_driver_sql("ANALYZE")


def touched(law_id: int, session: Session) -> int:
    """Return how many documents a change of the law touches."""
    return len(impact.touched(session, [queries.document(session, law_id)], TODAY))


def due(wanted: Wanted, session: Session) -> int:
    """Return how many documents the law makes due."""
    return laws.dues(session, wanted)[1]


def on_the_desk(wanted: Wanted, session: Session) -> int:
    """Return how many lines that is on a desk."""
    return len(laws.groups(session, wanted))


def main() -> None:
    for kind, url in both_migrated():
        with tempfile.TemporaryDirectory() as folder:
            measure(kind, url, Path(folder))


if __name__ == "__main__":
    main()
