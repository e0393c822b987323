"""An office in which somebody finds something, and others put it right, through the pages."""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import sqlalchemy as sa
from flask import Flask

from qms.actions.models import Finding, Request, Task
from qms.db import db
from tests.factories import Office
from tests.pages import Browser, Page
from tests.people import As

PDF: Final = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
PROOF: Final = "so-hop.pdf"


@dataclass
class Correcting:
    """Takes each step in the name of an account; the browser of each is opened when it is used."""

    app: Flask
    office: Office
    signed_in: As

    def finding(self, account: str = "danhgia", status: int = 303, **more: str) -> Page:
        """Raise a finding."""
        said: Mapping[str, str] = {
            "unit": str(self.office.units["song-lo"]),
            "grade": "minor",
            "source": "observation",
            "clause": "9001:2015/8.5.1",
            "text": "Hồ sơ trả sau ngày hẹn mà không có thư xin lỗi.",
            "evidence": "Hồ sơ 17/2026, hẹn 20/07/2026, trả 28/07/2026.",
        }
        form = {**said, **more}
        return self.signed_in(account).post("actions.findings.add", form, status=status)

    def last(self) -> tuple[int, int]:
        """Return the numbers of the newest finding and the newest request."""
        with self.app.app_context():
            found = db.session.scalar(sa.select(sa.func.max(Finding.id))) or 0
            asked = db.session.scalar(sa.select(sa.func.max(Request.id))) or 0
        return found, asked

    def state(self, request: int) -> str:
        """Return where a request stands."""
        with self.app.app_context():
            return db.session.get_one(Request, request).state.value

    def tasks(self, request: int) -> list[int]:
        """Return the numbers of the actions of a request."""
        with self.app.app_context():
            query = sa.select(Task.id).where(Task.request_id == request).order_by(Task.id)
            return list(db.session.scalars(query))

    def post(
        self,
        account: str,
        endpoint: str,
        request: int,
        form: Mapping[str, object] | None = None,
        status: int = 303,
        **more: object,
    ) -> Page:
        """Send one of the forms of a request's page."""
        browser: Browser = self.signed_in(account)
        return browser.post(
            f"actions.{endpoint}", form or {}, status=status, request_id=request, **more
        )

    def plan(self, request: int, owner: str = "chuyenvien", due: str = "20/08/2026") -> int:
        """Correct as a clerk, plan one action as head and submit; return the action's number."""
        kept = ("plan-version", "plan-correction", "plan-corrected_on")
        said = self.written(request)
        self.post("chuyenvien", "plans.save", request, {each: said[each] for each in kept})
        self.post("truongphong", "plans.submit", request, self.written(request, owner, due))
        return self.tasks(request)[-1]

    def written(
        self, request: int, owner: str = "chuyenvien", due: str = "20/08/2026", **more: str
    ) -> dict[str, str]:
        """Return the plan of a request as somebody types it, with one new action."""
        with self.app.app_context():
            version = db.session.get_one(Request, request).version
        plan = {
            "version": str(version),
            "correction": "Đã gửi thư xin lỗi.",
            "corrected_on": "03/08/2026",
            "extent": "Đã xem 40 hồ sơ, không có hồ sơ nào khác.",
            "cause": "Không ai theo dõi ngày hẹn\n- Sổ không có cột ngày hẹn",
            "tasks-0-words": "Thêm cột ngày hẹn vào sổ.",
            "tasks-0-owner": str(self.office.people[owner]),
            "tasks-0-due": due,
            **more,
        }
        return {f"plan-{name}": value for name, value in plan.items()}

    def prove(self, account: str, request: int, task: int, status: int = 303) -> Page:
        """Attach a file that shows that an action is done."""
        form = {f"work-{task}-files": (io.BytesIO(PDF), PROOF)}
        return self.post(account, "tasks.prove", request, form, status, task_id=task)

    def work(self, request: int, task: int, by: str = "chuyenvien") -> None:
        """Approve the plan, do the work with evidence, and hand it in."""
        self.post("lanhdao", "requests.approve", request)
        self.prove(by, request, task)
        self.post(by, "tasks.do", request, {f"work-{task}-result": "Đã thêm."}, task_id=task)
        self.post(by, "requests.finish", request)

    def verify(self, request: int, account: str = "danhgia", status: int = 303) -> Page:
        """Confirm that the work was done."""
        form = {"verify-words": "Đã xem sổ.", "verify-effect_due": "20/11/2026"}
        return self.post(account, "requests.verify", request, form, status)
