"""How long the signature of a decision of 900 procedures takes: one transaction, at most 5 s.

Texts are those of the starter library, each under many codes. Prints seconds and statements on
both engines; the chain's lock is held for as long.
"""

import tempfile
import time
from datetime import UTC, date, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from qms import keys, paths
from qms.app import create_app
from qms.db import db, transaction
from qms.documents import queries, service, signing
from qms.documents.registering import create_document
from qms.documents.service import Head, Line
from qms.documents.timeline import Action
from qms.library import demo, shelf
from qms.library.rules import revision_text
from qms.units.queries import unit
from tests import factories
from tests.engines import both_migrated, counted

LINES: Final = 900
GOAL: Final = 5
TODAY: Final = date(2026, 8, 3)
NOW: Final = datetime(2026, 8, 3, 2, tzinfo=UTC)


def an_office(url: str, folder: Path) -> Flask:
    """Make an office over the database, with keys of its own."""
    for name in ("secret.key", "trail.key"):
        keys.make(folder / "keys" / name)
    return create_app({"DATA_DIR": str(folder), "DATABASE_URL": url})


def reviewed(session: Session, office: factories.Office) -> int:
    """Make a decision that issues all the procedures, ready to be signed."""
    by = office.act("thuky", NOW, TODAY)
    owner = unit(session, "song-lo")
    decision = service.open_decision(session, by, owner, Head("Công bố thủ tục hành chính"))
    texts = [revision_text(source) for source in demo.procedures()]
    lines = [
        Line(
            create_document(session, by, owner=owner, kind="procedure", code=f"9.{number:06}"),
            Action.ISSUE,
            text,
        )
        for number, text in enumerate(islice(cycle(texts), LINES))
    ]
    service.add_lines(session, by, decision, lines)
    loaded = queries.decision(session, decision.id)
    signing.review(session, office.act("truongphong", NOW, TODAY), loaded)
    return decision.id


def lean_on(session: Session, office: factories.Office) -> int:
    """Bring the legal texts and forms that the procedures name into force."""
    by = office.act("thuky", NOW, TODAY)
    owner = unit(session, "song-lo")
    decision = service.open_decision(session, by, owner, Head("Danh mục văn bản, biểu mẫu"))
    lines = []
    for folder in ("phap-luat", "bieu-mau"):
        root = paths.PROCEDURES / folder
        for source in shelf.read(root, shelf.paths(root)):
            made = create_document(
                session, by, owner=owner, kind=source.file.kind, code=source.file.code
            )
            lines.append(Line(made, Action.ISSUE, revision_text(source)))
    service.add_lines(session, by, decision, lines)
    loaded = queries.decision(session, decision.id)
    signing.review(session, office.act("truongphong", NOW, TODAY), loaded)
    paper = signing.Paper("11/QĐ-UBND", TODAY, TODAY)
    signing.sign(session, office.act("lanhdao", NOW, TODAY), loaded, paper)
    return len(lines)


def measure(kind: str, url: str, folder: Path) -> None:
    app = an_office(url, folder)
    with app.app_context():
        with transaction() as session:
            office = factories.office(session)
            leaned_on = lean_on(session, office)
        with transaction() as session:
            number = reviewed(session, office)
        paper = signing.Paper("12/QĐ-UBND", TODAY, TODAY)
        with counted() as sent:
            began = time.perf_counter()
            with transaction() as session:
                found = queries.decision(session, number)
                signing.sign(session, office.act("lanhdao", NOW, TODAY), found, paper)
            seconds = time.perf_counter() - began
        standing = sa.select(sa.func.count()).where(queries.LIVING_COLUMNS)
        assert db.session.scalar(standing) == LINES + leaned_on
        print(
            f"{kind}: {LINES} lines signed in {seconds:.1f} s (at most {GOAL}),"
            f" {len(sent)} statements"
        )
        db.session.remove()
        db.engine.dispose()


def main() -> None:
    for kind, url in both_migrated():
        with tempfile.TemporaryDirectory() as folder:
            measure(kind, url, Path(folder))


if __name__ == "__main__":
    main()
