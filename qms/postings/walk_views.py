"""The walk: scan the old sheet, hang the new one, scan it; what is missing stays open."""

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock, files, jobs
from qms.accounts.rules import Permission
from qms.db import db, transaction
from qms.errors import NotFoundError, QmsError, RefusedError
from qms.notices import checking, codes
from qms.notices import queries as notices
from qms.notices.day_views import asked_day
from qms.postings import copy_views, job_views, papers, photos, queries, walking
from qms.postings.forms import ScanForm
from qms.postings.reach_views import reached, the_unit, unit_choices, unit_within
from qms.postings.rules import Deed
from qms.web import downloads, pdf
from qms.web.errors import sentence_of, status_of
from qms.web.filters import moment
from qms.web.guards import act, requires

if TYPE_CHECKING:
    from qms.notices.models import Copy

bp = Blueprint("walk", __name__)

PRINTS: Final = requires(Permission.COPY_PRINT)
_NAME: Final = re.compile("[0-9a-f]{32}")


@bp.get("/walk")
@PRINTS
def index() -> ResponseReturnValue:
    """Show what is to do at the places of a unit today, or will be on a coming day."""
    return _walk(ScanForm(formdata=None))


@bp.post("/walk")
@PRINTS
def scan() -> ResponseReturnValue:
    """Record what a scanned code means: an old sheet comes down, a new one hangs."""
    form = ScanForm()
    try:
        _read_picture(form)
    except QmsError as error:
        form.seen.errors = [sentence_of(error)]
        return _walk(form), status_of(error)
    if not form.validate_on_submit():
        return _walk(form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        photo = photos.keep_sent(form.photo.data)
    except QmsError as error:
        form.photo.errors = [*form.photo.errors, sentence_of(error)]
        return _walk(form), status_of(error)
    try:
        said = _scanned(form.code.data, photo)
    except QmsError as error:
        form.code.errors = [*form.code.errors, sentence_of(error)]
        return _walk(form), status_of(error)
    flash(said)
    return redirect(url_for(".index", unit=request.args.get("unit")), code=303)


@bp.get("/walk.pdf")
@PRINTS
def paper() -> Response:
    """Give the walk as paper, with a box to tick for each sheet."""
    day, unit = max(asked_day(), clock.today()), the_unit()
    if unit is None:
        raise NotFoundError("Ông, bà chưa có đơn vị nào để niêm yết.")
    session = db.session()
    walk = queries.walk(session, unit, day, clock.today())
    office = notices.office(session, unit, clock.today())
    data = papers.walk_data(office, walk, walking.reasons(walk), clock.local(clock.now()))
    return downloads.paper(pdf.render("walk_list.html", data), f"thay-giay-{unit.slug}-{day}")


@bp.post("/walk/print")
@PRINTS
def print_all() -> ResponseReturnValue:
    """Let a job make the copies that are wanting, and one file to print them from."""
    day, unit = max(asked_day(), clock.today()), the_unit()
    if unit is None:
        raise NotFoundError("Ông, bà chưa có đơn vị nào để niêm yết.")
    with transaction() as session:
        again = bool(request.args.get("again"))
        args = {"unit": unit.slug, "on": day.isoformat(), "again": again}
        job = jobs.enqueue(session, act(), job_views.PRINT, args).id
    return redirect(url_for("jobs.show", job_id=job), code=303)


@bp.post("/places/<int:place_id>/print")
@PRINTS
def print_missing(place_id: int) -> ResponseReturnValue:
    """Let a job make copies of all that a place must show and does not."""
    place = queries.place(db.session(), place_id, reached())
    with transaction() as session:
        args = {"place_id": place.id, "on": clock.today().isoformat()}
        job = jobs.enqueue(session, act(), job_views.MISSING, args).id
    return redirect(url_for("jobs.show", job_id=job), code=303)


@bp.get("/walk/<unit>/<name>.pdf")
@PRINTS
def prints(unit: str, name: str) -> Response:
    """Give the sheets that a job made, in the order of the walk."""
    found = unit_within(unit)
    made = files.kept(walking.kept_as(found.slug, name)) if _NAME.fullmatch(name) else None
    if made is None:
        raise NotFoundError("Tệp in này không còn. Hãy bấm “In các tờ phải thay” lần nữa.")
    return downloads.paper(made, f"to-moi-{found.slug}")


def _read_picture(form: ScanForm) -> None:
    """Put the code on a picture into the box for it, where nothing was typed."""
    data = form.seen.data.read() if form.seen.data and not form.code.data else b""
    if data:
        form.code.data = photos.code_in(data)


def _walk(form: ScanForm) -> str:
    session, unit, today = db.session(), the_unit(), clock.today()
    day = max(asked_day(), today)
    walk = queries.walk(session, unit, day, today) if unit else None
    printed = request.args.get("printed", "")
    return render_template(
        "postings/walk.html",
        form=form,
        unit=unit,
        units=unit_choices(),
        day=day,
        today=today,
        walk=walk,
        reasons=walking.reasons(walk) if walk else {},
        ahead=walking.ahead(walk, today) if walk and day == today else None,
        printed=printed if _NAME.fullmatch(printed) else "",
    )


def _scanned(typed: str, photo: str | None) -> str:
    """Do what a scanned code means, with the picture taken of it; say what was done."""
    read = codes.decode(typed.strip().rstrip("/").rsplit("/", 1)[-1])
    if isinstance(read, codes.CopyCode):
        copy = notices.copy(db.session(), read.code)
        if copy is not None and copy.unit_id in reached():
            return _meant(copy, photo)
    if read is not None and not isinstance(read, codes.CopyCode):
        raise RefusedError(
            "Đây là bản in chung, không thuộc nơi nào. Hãy gỡ và in bản để treo thay vào."
        )
    raise NotFoundError("Không có bản in nào mang mã này. Hãy quét lại hoặc gõ đúng từng chữ.")


def _meant(copy: "Copy", photo: str | None) -> str:
    session = db.session()
    last = queries.last_deed(session, copy.code)
    outdated = bool(checking.outdated(session, [copy], clock.today()))
    if last is not None and last.deed is Deed.POSTED and not outdated:
        return str(_("Tờ này còn hiệu lực và đang treo đúng chỗ: không phải làm gì."))
    if last is not None and last.deed is Deed.TAKEN_DOWN and outdated:
        return str(
            _("Tờ này đã ghi gỡ lúc %(at)s: không phải làm gì.", at=moment(last.done_at))
        )
    deed = Deed.TAKEN_DOWN if last is not None and last.deed is Deed.POSTED else Deed.POSTED
    copy_views.done(copy.code, deed, photo=photo)
    if deed is Deed.POSTED:
        return str(_("Đã ghi treo tờ mới tại %(place)s.", place=copy.place))
    return str(_("Đã ghi gỡ tờ cũ tại %(place)s. Treo tờ mới rồi quét mã.", place=copy.place))
