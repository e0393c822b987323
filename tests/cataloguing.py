"""A secretary who imports the national catalogue, and those who decide on it."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy.orm import Session

from qms.cli import Program
from qms.db import db, transaction
from qms.documents import queries
from qms.documents.kinds.procedure import Procedure
from qms.documents.models import Change, Decision, Document, Revision
from qms.national import queries as imports
from qms.national import service as national
from qms.national.answers import Answer, Found
from qms.national.models import Followed, Import, Item, Question, Stage
from qms.trail import Act, Entry
from qms.units.queries import unit
from tests.factories import Office
from tests.when import MONDAY, Clock

DATA: Final = Path(__file__).parent / "data"
FIRST: Final = DATA / "catalogue.jsonl"
LATER: Final = DATA / "catalogue-later.jsonl"
"""The same catalogue afterwards: two new, six changed, three gone, one of them renumbered."""

COUNTS: Final = ("new", "changed", "gone", "unchanged", "doubtful", "refused")


@dataclass
class Desk:
    """The secretary of xã Sông Lô at the command line, and those who review and sign."""

    app: Flask
    office: Office
    clock: Clock
    runner: FlaskCliRunner
    signed: int = 0

    def act(self, account: str = "thuky") -> Act:
        return self.office.act(account, self.clock.at, MONDAY)

    def run(self, *words: str) -> str:
        """Run a command that works; return what it prints."""
        result = self.runner.invoke(Program(), list(words))
        assert result.exit_code == 0, result.stderr
        return result.stdout

    def refused(self, *words: str) -> str:
        """Run a command that is refused; return its sentence."""
        result = self.runner.invoke(Program(), list(words))
        assert result.exit_code == 1, result.output
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        return result.stderr.rpartition("Error: ")[2].strip()

    def take_in(
        self, path: Path, *more: str, to: str = "song-lo", who: str = "thuky"
    ) -> dict[str, int]:
        """Import a file; return what was printed as numbers by name, 0 for no decision."""
        said = self.run("national", "import", str(path), "--unit", to, *more, "--as", who)
        lines = dict(line.split() for line in said.splitlines())
        assert tuple(lines) == (*COUNTS, "decision")
        return {name: 0 if told == "none" else int(told) for name, told in lines.items()}

    def sign(self, decision: int) -> None:
        """Let a decision be reviewed and signed, each a day after the one before."""
        day = MONDAY + timedelta(days=self.signed)
        self.signed += 1
        self.run("decision", "review", str(decision), "--as", "truongphong")
        number = ("--number", f"{self.signed}/QĐ-UBND", "--effective", day.isoformat())
        self.run("decision", "sign", str(decision), *number, "--as", "lanhdao")

    def taken(self, path: Path = FIRST) -> int:
        """Import a file and sign what comes of it; return the decision."""
        decision = self.take_in(path)["decision"]
        assert decision
        self.sign(decision)
        return decision

    @property
    def session(self) -> Session:
        db.session.rollback()
        return db.session()

    def last(self) -> Import:
        """Return the last import."""
        newest = self.session.scalar(sa.select(sa.func.max(Import.id)))
        return imports.one(db.session(), newest or 0)

    def lines(self, decision: int) -> dict[str, Change]:
        """Return the lines of a decision by code."""
        return {each.document.code: each for each in queries.lines(self.session, decision)}

    def content(self, code: str, decision: int) -> Procedure:
        """Return the text of a line."""
        revision = self.lines(decision)[code].revision
        assert revision is not None
        found = imports.read_texts(db.session(), {revision.id})[revision.id].content
        assert isinstance(found, Procedure)
        return found

    def found(self, kind: Found) -> dict[str, Item]:
        """Return what the last import found of one kind, by code."""
        query = sa.select(Item).where(Item.import_id == self.last().id, Item.found == kind)
        return {each.code: each for each in db.session.scalars(query)}

    def open_doubts(self, *codes: str) -> list[Question]:
        """Return the doubts nobody has answered, of some procedures or of all."""
        query = sa.select(Question).join(Document, Document.id == Question.document_id)
        query = query.where(Question.answer.is_(None)).order_by(Question.id)
        if codes:
            query = query.where(Document.code.in_(codes))
        return list(self.session.scalars(query))

    def settle(self, ids: list[int], answer: Answer, value: str = "") -> int:
        with transaction() as session:
            owner = unit(session, "song-lo")
            return national.answer_doubts(
                session, self.act(), owner, ids, answer, value, MONDAY
            ).places

    def reopen(self, ids: list[int]) -> int:
        """Take answers back."""
        with transaction() as session:
            owner = unit(session, "song-lo")
            return national.reopen_doubts(session, self.act(), owner, ids)

    def answer_gone(self, answer: Answer, *codes: str, run: int = 0) -> int | None:
        """Answer proposals to withdraw of an import, else of the last."""
        number = run or self.last().id
        with transaction() as session:
            query = sa.select(Item.id).where(Item.import_id == number, Item.code.in_(codes))
            ids = list(session.scalars(query.where(Item.found == Found.GONE)))
            found = imports.one(session, number)
            return national.answer_gone(session, self.act(), found, ids, answer)

    def rows(self) -> dict[str, int]:
        """Count whatever an import may leave."""
        left = (Decision, Document, Revision, Change, Import, Item, Stage, Question, Followed)
        tables = (*left, Entry)
        count = sa.func.count()
        return {
            each.__tablename__: self.session.scalar(sa.select(count).select_from(each)) or 0
            for each in tables
        }
