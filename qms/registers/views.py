"""The lists an office keeps of what it controls: as pages, workbooks and paper, on any day."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Any, Final

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from qms import clock, files, jobs
from qms.accounts.rules import Permission
from qms.db import db, transaction
from qms.digests import canonical, digest
from qms.documents.decision_forms import KIND_WORDS, choices
from qms.documents.forms import ANY
from qms.errors import N_, InvalidError, NotFoundError
from qms.registers import asking
from qms.registers.asking import Asked, Listing
from qms.registers.forms import WantedForm
from qms.registers.queries import PAGE_SIZE
from qms.registers.rules import REGISTERS, Name
from qms.registers.sheets import TYPE
from qms.text import file_name, whole_number
from qms.vietnamese import parse_day
from qms.web import pdf
from qms.web.addresses import page_number
from qms.web.guards import act, requires, visitor
from qms.web.menu import Group, Item

bp = Blueprint("registers", __name__, url_prefix="/registers")

MENU = (
    Item(
        Group.DOCUMENTS,
        _l("Danh mục và sổ theo dõi"),
        "registers.index",
        (Permission.DOCUMENT_READ,),
    ),
)

READS: Final = requires(Permission.DOCUMENT_READ)
AT_ONCE: Final = 200
"""Lines of the longest list that is made while its reader waits."""
LONG: Final = "registers.make"
"""The kind of job that makes a longer one."""
FORMATS: Final = {"pdf": "application/pdf", "xlsx": TYPE}


@bp.get("")
@READS
def index() -> ResponseReturnValue:
    """Name the lists there are."""
    return render_template("registers/index.html", registers=REGISTERS)


@bp.get("/<name>")
@READS
def show(name: str) -> ResponseReturnValue:
    """Show one list, some lines at a time."""
    session, today, page = db.session(), clock.today(), page_number()
    form = WantedForm(request.args)
    form.on.data = form.on.data or today
    form.since.data = form.since.data or date(today.year, 1, 1)
    readable = form.on.validate(form) and form.since.validate(form)
    asked = _asked(name, form, today)
    found = asking.listing(session, visitor().id, asked, today, page=page)
    form.unit.choices = choices(*((str(each), words) for each, words in found.units.items()))
    form.unit.data = str(found.asked.unit_id)
    kinds = found.register.kinds
    form.kind.choices = choices(ANY, *((kind, KIND_WORDS[kind]) for kind in kinds))
    form.field.choices = choices(ANY, *((each, each) for each in found.fields))
    body = render_template(
        "registers/show.html",
        form=form,
        found=found,
        name=asked.name.value,
        names=REGISTERS,
        page=page,
        size=PAGE_SIZE,
        long=found.total > AT_ONCE,
        values=_values(found.asked),
        may_draft=visitor().may(Permission.DECISION_DRAFT),
    )
    return body, HTTPStatus.OK if readable else HTTPStatus.UNPROCESSABLE_ENTITY


@bp.get("/<name>.<form>")
@READS
def paper(name: str, form: str) -> ResponseReturnValue:
    """Give all of a list as a workbook or as paper; a long one is made by a job."""
    if form not in FORMATS:
        raise NotFoundError("Danh mục chỉ có dạng PDF và XLSX.")
    today = clock.today()
    wanted = WantedForm(request.args)
    if not (wanted.on.validate(wanted) and wanted.since.validate(wanted)):
        raise InvalidError("Hãy viết ngày theo dạng ngày/tháng/năm, ví dụ 05/03/2018.")
    wanted.on.data = wanted.on.data or today
    wanted.since.data = wanted.since.data or date(today.year, 1, 1)
    asked = _asked(name, wanted, today)
    found = asking.listing(db.session(), visitor().id, asked, today, page=None)
    made = files.kept(_kept_as(found, form))
    if made is None and found.total > AT_ONCE:
        return redirect(url_for(".show", name=name, **_values(found.asked)), code=303)
    if made is None:
        made = _make(found, form, long=False)
    title = file_name(f"{found.register.title} {found.asked.on}.{form}")
    answer = Response(made, mimetype=FORMATS[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="{title}"'
    return answer


@bp.post("/<name>.<form>")
@READS
def make(name: str, form: str) -> ResponseReturnValue:
    """Let a job make a long list, and follow it."""
    if form not in FORMATS or name not in set(Name):
        raise NotFoundError("Không có danh mục này.")
    today = clock.today()
    values = _values(_asked(name, WantedForm(request.args), today))
    with transaction() as session:
        args = {"name": name, "form": form, "values": values}
        job = jobs.enqueue(session, act(), LONG, args).id
    return redirect(url_for("jobs.show", job_id=job), code=303)


@jobs.job(LONG, _l("Lập danh mục"))
def make_long(
    progress: jobs.Progress, *, name: str, form: str, values: Mapping[str, str]
) -> dict[str, object]:
    """Make a list for whoever asked, and keep it under all it says."""
    session, today = db.session(), clock.today()
    asked = Asked(
        Name(name),
        int(values["unit"]),
        parse_day(values["on"]),
        parse_day(values.get("since", values["on"])),
        values.get("kind", ""),
        values.get("field", ""),
        bool(values.get("check")),
    )
    found = asking.listing(session, progress.started_by or 0, asked, today, page=None)
    session.rollback()
    progress.step(0, found.total, N_("Đang lập %(count)s dòng"), count=found.total)
    files.keep(_kept_as(found, form), _make(found, form, long=True))
    progress.step(found.total, found.total)
    return {"page": ["registers.paper", {"name": name, "form": form, **values}]}


def _asked(name: str, form: WantedForm, today: date) -> Asked:
    """Return what the address asks for."""
    if name not in set(Name):
        raise NotFoundError("Không có danh mục này.")
    kinds = REGISTERS[Name(name)].kinds
    kind = request.args.get("kind", "")
    return Asked(
        name=Name(name),
        unit_id=whole_number(request.args.get("unit")) or 0,
        on=form.on.data or today,
        since=form.since.data or date(today.year, 1, 1),
        kind=kind if kind in kinds else "",
        field=request.args.get("field", ""),
        check=bool(form.check.data) and name == Name.EXTERNAL,
    )


def _values(asked: Asked) -> dict[str, Any]:
    """Return what an address needs to ask for the same."""
    found = {
        "unit": str(asked.unit_id),
        "on": asked.on.isoformat(),
        "since": asked.since.isoformat() if asked.name is Name.AMENDMENTS else "",
        "kind": asked.kind,
        "field": asked.field,
        "check": "1" if asked.check else "",
    }
    return {key: value for key, value in found.items() if value}


def _kept_as(found: Listing, form: str) -> str:
    return f"registers/{digest(canonical(asking.paper(found)))}.{form}"


def _make(found: Listing, form: str, *, long: bool) -> bytes:
    if form == "xlsx":
        return asking.workbook(found)
    render = pdf.render_long if long else pdf.render
    return render(asking.FORM, asking.paper(found))
