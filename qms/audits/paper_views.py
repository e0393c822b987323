"""The papers of audits: as PDF, as workbooks, and the scans of the signed ones."""

from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock, files
from qms.accounts.rules import Permission
from qms.audits import (
    form_queries,
    paper_queries,
    paper_service,
    printing,
    programme_paper,
    programme_queries,
    queries,
)
from qms.audits.access_views import the_audit, the_office
from qms.audits.forms import PAPER_WORDS, ScanForm
from qms.audits.papers import OF_AUDIT, Name, Paper
from qms.audits.printing import Frame
from qms.db import db, transaction
from qms.documents import scans
from qms.documents.queries import document as document_numbered
from qms.errors import InvalidError, NotFoundError
from qms.registers.sheets import TYPE
from qms.text import file_name, whole_number
from qms.units.queries import heading
from qms.vietnamese import YEARS
from qms.web import pdf
from qms.web.downloads import attachment
from qms.web.forms import Form
from qms.web.guards import act, requires

if TYPE_CHECKING:
    from qms.units.models import Unit

bp = Blueprint("papers", __name__)

READS: Final = requires(Permission.AUDIT_READ, Permission.AUDIT_CONDUCT)
PLANS: Final = requires(Permission.AUDIT_PLAN)
FILES: Final = {
    Name.PROGRAMME: "chuong-trinh-danh-gia",
    Name.TEAM: "quyet-dinh-doan-danh-gia",
    Name.PLAN: "ke-hoach-danh-gia",
    Name.NOTICE: "thong-bao-danh-gia",
    Name.CHECKLIST: "phieu-danh-gia",
    Name.ATTENDANCE: "danh-sach-hop-danh-gia",
    Name.REPORT: "bao-cao-danh-gia",
}
"""What the file of a paper is called before the number of its audit, or its year."""


@bp.get("/programme.<form>")
@READS
def programme(form: str) -> ResponseReturnValue:
    """Give the programme of a year as paper or as a workbook."""
    owner, year = the_office(), _year()
    made = programme_paper.of_programme(db.session(), owner.id, year, clock.today())
    return _given(made, owner, form, f"{FILES[Name.PROGRAMME]}-{year}")


@bp.get("/<int:audit_id>/papers/<name>.<form>")
@READS
def paper(audit_id: int, name: str, form: str) -> ResponseReturnValue:
    """Give a paper of an audit."""
    found, which = the_audit(audit_id), _name(name)
    session, today = db.session(), clock.today()
    on = paper_queries.day_of(session, found, which, today)
    head = heading(session, found.owner_id, on)
    made = paper_queries.of_audit(session, found, which, head.name if head else "", today)
    return _given(made, found.owner, form, f"{FILES[which]}-{found.number:02}-{found.year}")


@bp.post("/<int:audit_id>/papers/<name>/scan")
@PLANS
def attach(audit_id: int, name: str) -> ResponseReturnValue:
    """Attach the scan of a signed paper of an audit, once."""
    which, scan = _name(name), _scan()
    with transaction() as session:
        kept = queries.audit(session, audit_id)
        paper_service.attach(session, act(), kept.owner_id, kept.ref, which, scan)
    flash(_("Đã đính kèm bản chụp."))
    return redirect(url_for("audits.show", audit_id=audit_id, _anchor="papers"), code=303)


@bp.post("/programme/scan")
@PLANS
def attach_programme() -> ResponseReturnValue:
    """Attach the scan of the signed programme, once."""
    owner, year, scan = the_office(), _year(), _scan()
    with transaction() as session:
        kept = programme_queries.programme(session, owner.id, year)
        if kept is None:
            raise NotFoundError("Năm này chưa có chương trình đánh giá.")
        paper_service.attach(session, act(), owner.id, kept.ref, Name.PROGRAMME, scan)
    flash(_("Đã đính kèm bản chụp."))
    return redirect(url_for("audits.programme.index", year=year, unit=owner.id), code=303)


@bp.get("/<int:audit_id>/papers/<name>/scan")
@READS
def scan(audit_id: int, name: str) -> Response:
    """Give the scan of a signed paper of an audit."""
    found = the_audit(audit_id)
    return _scanned(found.ref, _name(name))


@bp.get("/programme/scan")
@READS
def programme_scan() -> Response:
    """Give the scan of the signed programme of a year."""
    kept = programme_queries.programme(db.session(), the_office().id, _year())
    return _scanned(kept.ref if kept else "", Name.PROGRAMME)


@bp.get("/forms")
@PLANS
def forms() -> ResponseReturnValue:
    """Show on which of the office's own forms each paper is made."""
    owner, session = the_office(), db.session()
    chosen = form_queries.forms(session, owner.id)
    return render_template(
        "audits/forms.html",
        owner=owner,
        papers=PAPER_WORDS,
        chosen=chosen,
        choices=form_queries.form_choices(
            session, owner.id, clock.today(), set(chosen.values())
        ),
        plain=Form(),
    )


@bp.post("/forms/<name>")
@PLANS
def choose_form(name: str) -> ResponseReturnValue:
    """Let a paper be made on one of the office's own forms, or on none."""
    owner, number = the_office(), whole_number(request.form.get("document"))
    if name not in set(Name):
        raise NotFoundError("Cuộc đánh giá không có giấy tờ này.")
    with transaction() as session:
        document = document_numbered(session, number) if number is not None else None
        paper_service.use_form(session, act(), owner, Name(name), document)
    flash(_("Đã lưu."))
    return redirect(url_for(".forms", unit=owner.id), code=303)


def _given(made: Paper, owner: "Unit", form: str, name: str) -> ResponseReturnValue:
    head = heading(db.session(), owner.id, made.on or clock.today())
    frame = Frame(
        head.superior if head else "",
        head.name if head else owner.slug,
        head.place if head else "",
        form_queries.form_words(db.session(), owner.id, made.name, clock.today()),
    )
    if form == "pdf":
        body, kind = (
            pdf.render(printing.TEMPLATE, printing.data(made, frame)),
            "application/pdf",
        )
    elif form == "xlsx":
        body, kind = printing.workbook(made, frame), TYPE
    else:
        raise NotFoundError("Giấy tờ đánh giá chỉ có dạng PDF và XLSX.")
    answer = Response(body, mimetype=kind)
    place = "inline" if form == "pdf" else "attachment"
    answer.headers["Content-Disposition"] = f'{place}; filename="{file_name(name)}.{form}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _scanned(ref: str, which: Name) -> Response:
    row = form_queries.signed(db.session(), ref, which)
    return attachment(
        files.get(row.sha256), media_type=row.media_type, name=row.name, tag=row.sha256
    )


def _scan() -> scans.Scan:
    form = ScanForm()
    if not form.validate_on_submit() or not form.file.data:
        raise InvalidError("Hãy chọn tệp bản chụp.")
    return scans.keep(form.file.data.read(), form.file.data.filename or "")


def _name(name: str) -> Name:
    if name not in set(OF_AUDIT):
        raise NotFoundError("Cuộc đánh giá không có giấy tờ này.")
    return Name(name)


def _year() -> int:
    year = whole_number(request.args.get("year"))
    return year if year is not None and year in YEARS else clock.today().year
