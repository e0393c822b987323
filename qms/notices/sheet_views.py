"""The paper of a sheet, whatever its kind."""

from http import HTTPStatus
from typing import Final

from flask import Response, current_app, request

from qms import clock
from qms.errors import NotFoundError
from qms.notices import pages, prints, service, validity
from qms.notices.course import Course
from qms.notices.day_views import asked_day
from qms.notices.rules import SheetKind
from qms.text import file_name
from qms.vietnamese import day as said_day
from qms.web import pdf

FILE_NAMES: Final = {
    SheetKind.PROCEDURE: "",
    SheetKind.LIST: "danh-muc",
    SheetKind.FEES: "phi-le-phi",
    SheetKind.FEEDBACK: "phan-anh-kien-nghi",
    SheetKind.TEXT: "",
}
"""What the file of a print is called by its kind."""


def sheet_pdf(course: Course) -> Response:
    """Give the sheet of the day asked for as paper, whatever its kind."""
    day = asked_day()
    found = course.on_day(day)
    if found is None:
        raise NotFoundError(service.NOTHING[course.subject.kind], day=said_day(day))
    paper = pages.paper(request.args)
    remark = validity.remark(course, found, day, clock.today())
    tag, base = prints.tag(found, paper, remark), current_app.config["PUBLIC_URL"]
    held = tag in request.if_none_match
    data = b"" if held else prints.sheet(course, found, paper, base, pdf.render, remark)
    response = Response(
        data, HTTPStatus.NOT_MODIFIED if held else None, mimetype="application/pdf"
    )
    name = "-".join(filter(None, (FILE_NAMES[course.subject.kind], course.slug)))
    response.headers["Content-Disposition"] = f'inline; filename="{file_name(name)}.pdf"'
    response.set_etag(tag)
    response.make_conditional(request)
    return response
