"""Pages of copies: printing one for a place, the list of them, what was done with one."""

import secrets
from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request
from flask import url_for as url
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock, files
from qms.accounts.queries import names
from qms.accounts.rules import Permission
from qms.db import db, transaction
from qms.errors import NotFoundError, QmsError
from qms.notices import checking, codes, finding, pages, prints, subjects
from qms.notices import queries as notices
from qms.notices.address_views import address
from qms.notices.course import Course
from qms.notices.forms import PAPER_WORDS
from qms.notices.rules import SheetKind, Verdict
from qms.notices.subjects import Subject
from qms.postings import photos, queries, rules
from qms.postings import service as postings
from qms.postings.forms import DEED_WORDS, CopyForm, DeedForm, ListForm
from qms.postings.reach_views import reached, unit_within
from qms.postings.rules import Deed
from qms.text import file_name
from qms.units.queries import entered_names
from qms.web import pdf
from qms.web.addresses import page_number
from qms.web.errors import sentence_of, status_of
from qms.web.guards import act, requires, visitor

if TYPE_CHECKING:
    from qms.notices.models import Copy
    from qms.units.models import Unit

bp = Blueprint("copies", __name__)

PRINTS: Final = requires(Permission.COPY_PRINT)
FINDING: Final = {
    SheetKind.PROCEDURE: finding.of_code,
    SheetKind.TEXT: finding.text,
    SheetKind.LIST: finding.field,
}
"""How a sheet that its kind alone does not name is found by the word in its address."""


@bp.get("")
@PRINTS
def index() -> ResponseReturnValue:
    """List the copies of a person's units, with whether each still holds."""
    session, page, form = db.session(), page_number(), ListForm(request.args)
    mine = reached()
    unit_names = {
        number: name for number, name in entered_names(session).items() if number in mine
    }
    form.unit.choices = [
        *form.unit.choices,
        *((str(n), name) for n, name in unit_names.items()),
    ]
    asked = {number for number in unit_names if str(number) == form.unit.data}
    found, total = notices.copies(session, asked or mine, form.q.data or "", page=page)
    return render_template(
        "postings/copies.html",
        form=form,
        copies=checking.judged_copies(session, found, clock.today(), clock.day_of),
        people=names(session, [each.printed_by for each in found]),
        unit_names=unit_names,
        page=page,
        size=notices.PAGE,
        total=total,
    )


@bp.get("/new/<unit>/<kind>")
@bp.get("/new/<unit>/<kind>/<slug>")
@PRINTS
def new(unit: str, kind: str, slug: str = "") -> ResponseReturnValue:
    """Ask where a sheet is to hang."""
    of = unit_within(unit)
    shown = _shown(of, _course(of, kind, slug, clock.today()))
    return _new(of, shown, CopyForm(on=clock.today()))


@bp.post("/new/<unit>/<kind>")
@bp.post("/new/<unit>/<kind>/<slug>")
@PRINTS
def make(unit: str, kind: str, slug: str = "") -> ResponseReturnValue:
    """Enter a copy; its page has the paper."""
    form, of = CopyForm(), unit_within(unit)
    shown = _shown(of, _course(of, kind, slug, clock.today()))
    form.place.choices = _places(of)
    if form.validate_on_submit() and form.on.data < clock.today():
        form.on.errors = [*form.on.errors, _("Hãy chọn hôm nay hoặc một ngày sắp tới.")]
    if form.errors:
        return _new(of, shown, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            place = queries.place(session, int(form.place.data), [of.id])
            course = _course(place.unit, kind, slug, form.on.data)
            copy = postings.print_copy(
                session,
                act(),
                course,
                place=place,
                on=form.on.data,
                random=secrets.token_bytes(codes.COPY_BYTES),
            ).code
    except QmsError as error:
        form.form_errors.append(sentence_of(error))
        return _new(of, shown, form), status_of(error)
    flash(
        _(
            "Đã ghi bản in. In tờ giấy dưới đây, treo đúng nơi đã ghi, rồi quét mã để ghi đã treo."
        )
    )
    return redirect(url(".show", code=copy), code=303)


@bp.get("/<code>")
@PRINTS
def show(code: str) -> ResponseReturnValue:
    """Show one copy: its paper, whether it holds, and what was done with it."""
    return _show(notices.copy_in(db.session(), code, reached()), DeedForm())


@bp.get("/<code>.pdf")
@PRINTS
def paper(code: str) -> ResponseReturnValue:
    """Give the paper of a copy, as long as its day still says the same."""
    session = db.session()
    copy = notices.copy_in(session, code, reached())
    course = subjects.of(session, checking.subject_of(copy))
    data = prints.copy(
        course,
        copy,
        notices.copy_number(session, copy),
        pages.paper(request.args),
        current_app.config["PUBLIC_URL"],
        pdf.render,
        today=clock.today(),
        day_of=clock.day_of,
    )
    response = Response(data, mimetype="application/pdf")
    name = f"{file_name(course.code_words or copy.kind.value)}-{copy.code.lower()}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@bp.post("/<code>")
@PRINTS
def do(code: str) -> ResponseReturnValue:
    """Record what was done with one copy."""
    form = DeedForm()
    copy = notices.copy_in(db.session(), code, reached())
    unit = copy.unit.slug
    if not form.validate_on_submit():
        return _show(copy, form), HTTPStatus.UNPROCESSABLE_ENTITY
    deed = Deed(form.deed.data)
    try:
        done(
            copy.code,
            deed,
            day=form.day.data,
            photo=photos.keep_sent(form.photo.data),
            remark=form.remark.data or "",
        )
    except QmsError as error:
        form.deed.errors = [*form.deed.errors, sentence_of(error)]
        return _show(copy, form), status_of(error)
    flash(_("Đã ghi: %(deed)s.", deed=DEED_WORDS[deed]))
    if request.args.get("back") == "walk":
        return redirect(url("postings.walk.index", unit=unit), code=303)
    return redirect(url(".show", code=code), code=303)


@bp.get("/<code>/photo/<int:posting_id>")
@PRINTS
def photo(code: str, posting_id: int) -> Response:
    """Give the picture that was taken of a copy."""
    copy = notices.copy_in(db.session(), code, reached())
    rows = queries.history(db.session(), copy.code)
    found = next((each for each in rows if each.id == posting_id), None)
    if found is None or found.photo is None:
        raise NotFoundError("Lần này không có ảnh.")
    response = Response(files.get(found.photo), mimetype=photos.MEDIA_TYPE)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def done(
    code: str,
    deed: Deed,
    *,
    day: date | None = None,
    photo: str | None = None,
    remark: str = "",
) -> None:
    """Record a deed in a transaction of its own."""
    with transaction() as session:
        by, copy = act(), notices.copy_in(session, code, reached())
        holds = not checking.outdated(session, [copy], by.today)
        postings.do(session, by, copy, deed, holds=holds, day=day, photo=photo, remark=remark)


def _course(of: "Unit", kind: str, slug: str, on: date) -> Course:
    if kind not in set(SheetKind):
        raise NotFoundError("Không có loại tờ niêm yết này.")
    session, known = db.session(), SheetKind(kind)
    found = FINDING.get(known)
    if found is not None:
        return found(session, of, slug, on)
    return subjects.of(session, Subject(of.id, known))


def _shown(of: "Unit", course: Course) -> dict[str, str]:
    """Return what the sheet is called, and where its page is."""
    return {
        "title": course.name,
        "code": course.code_words,
        "back": address(of.slug, course.subject.kind, course.slug),
    }


def _new(of: "Unit", shown: Mapping[str, str], form: CopyForm) -> str:
    form.place.choices = _places(of)
    return render_template(
        "postings/copy_new.html",
        form=form,
        unit=of,
        **shown,
        name=notices.office(db.session(), of, clock.today()).name,
        may_keep=of.id in visitor().reach.get(Permission.PLACE_KEEP, frozenset()),
    )


def _show(copy: "Copy", form: DeedForm) -> str:
    session, today = db.session(), clock.today()
    course = subjects.of(session, checking.subject_of(copy))
    (judged,) = checking.judged_copies(session, [copy], today, clock.day_of)
    rows = queries.history(session, copy.code)
    kind, slug = copy.kind.value, course.slug
    last = rows[-1].deed if rows else None
    deeds = rules.next_deeds(last, holds=judged.judgement.verdict is Verdict.IN_FORCE)
    if not form.deed.errors:
        form.deed.choices = [(each.value, DEED_WORDS[each]) for each in deeds]
    return render_template(
        "postings/copy.html",
        copy=copy,
        judged=judged,
        page=address(copy.unit.slug, copy.kind, slug),
        again=url(".new", unit=copy.unit.slug, kind=kind, slug=slug or None),
        papers=PAPER_WORDS,
        rows=rows,
        deeds=deeds,
        people=names(session, [copy.printed_by, *(each.done_by for each in rows)]),
        words=DEED_WORDS,
        form=form,
        office=notices.office(session, copy.unit, today),
    )


def _places(of: "Unit") -> list[tuple[str, str]]:
    found = queries.places_of(db.session(), [of.id], clock.today())
    return [(str(each.id), each.name) for each in found]
