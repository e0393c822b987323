"""Asking the program itself for pages, as a browser would, without a server."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Final

from flask import Flask, Response, g, render_template

from qms import clock
from qms.db import db
from qms.errors import BusyError, RefusedError
from qms.notices import prints, validity
from qms.notices.day_views import office
from qms.notices.printing import Paper
from qms.notices.sheets import DaySheet, ProcedureCourse
from qms.notices.stories import Story
from qms.static_board.rules import LANGUAGES, Standing, said_in
from qms.units.queries import unit as unit_named
from qms.web import assets, pdf

TRIES: Final = 5
"""How often paper that is still in the making is asked for."""


@dataclass(frozen=True)
class Inside:
    """The program, asked from a command; each question has a transaction of its own."""

    app: Flask

    def today(self) -> date:
        """Return the day at the office."""
        return clock.today()

    def page(self, address: str, language: str, standing: Standing) -> str:
        """Return a page of the board."""
        with self._asked(address, language, standing):
            return self._answer(address).get_data(as_text=True)

    def own(
        self, name: str, address: str, language: str, standing: Standing, **told: object
    ) -> str:
        """Return a page that only the folder has."""
        with self._asked(address, language, standing):
            if "unit" in told:
                unit = unit_named(db.session(), str(told["unit"]))
                told["office"] = office(unit, clock.today())
            return render_template(f"static_board/{name}.html", **told)

    def data(self, address: str) -> bytes:
        """Return what is no page."""
        for _ in range(TRIES):
            with self._asked(address, LANGUAGES[0], None):
                try:
                    return self._answer(address).get_data()
                except BusyError:
                    continue
        raise BusyError(pdf.BUSY)

    def sheet(self, told: Story, found: DaySheet, on: date) -> bytes:
        """Return the print of a notice, which is made where none is stored."""
        base = self.app.config["PUBLIC_URL"]
        remark = validity.remark(ProcedureCourse(told), found, on, on)
        return prints.sheet(told, found, Paper.A4, base, pdf.render_long, remark)

    @contextmanager
    def _asked(self, address: str, language: str, standing: Standing | None) -> Iterator[None]:
        path, _, query = said_in(language, address).partition("?")
        with self.app.app_context(), self.app.test_request_context(path, query_string=query):
            g.standing = standing
            yield

    def _answer(self, address: str) -> Response:
        response: Response = self.app.full_dispatch_request()
        if response.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
            raise BusyError(pdf.BUSY)
        if response.status_code != HTTPStatus.OK:
            raise RefusedError(
                "Trang %(address)s trả lời %(status)s nên chưa xuất được; chưa có gì thay đổi.",
                address=address,
                status=response.status_code,
            )
        response.direct_passthrough = False
        return response


def script() -> str:
    """Return the path of the script that each page of a folder has."""
    name = "static_board.js"
    return f"assets/{assets.modules()[name].digest}/{name}"
