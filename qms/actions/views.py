"""The register of requests, as page, workbook and paper, and the dashboard."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from qms import clock, files, jobs
from qms.accounts.rules import Permission
from qms.actions import (
    figures,
    file_views,
    finding_views,
    keeping_views,
    lists,
    paper_views,
    papers,
    plan_views,
    queries,
    registering,
    request_views,
    task_views,
)
from qms.actions.forms import GRADE_WORDS, STATE_WORDS
from qms.actions.lists import Wanted
from qms.actions.progress import Ask, Progress
from qms.actions.rules import Grade, Source, State
from qms.actions.who_views import asked, filters, values, who
from qms.db import db, transaction
from qms.digests import canonical, digest
from qms.errors import N_, NotFoundError
from qms.registers.sheets import TYPE
from qms.text import file_name, whole_number
from qms.units.queries import entered_names
from qms.vietnamese import parse_day
from qms.web import downloads, pdf
from qms.web.addresses import page_number
from qms.web.guards import act, requires, visitor
from qms.web.menu import Group, Item

bp = Blueprint("actions", __name__, url_prefix="/actions")
for _part in (
    finding_views,
    keeping_views,
    request_views,
    plan_views,
    task_views,
    file_views,
    paper_views,
):
    bp.register_blueprint(_part.bp)

MENU = (
    Item(
        Group.IMPROVEMENT, _l("Phát hiện"), "actions.findings.index", (Permission.ACTION_READ,)
    ),
    Item(
        Group.IMPROVEMENT, _l("Hành động khắc phục"), "actions.index", (Permission.ACTION_READ,)
    ),
    Item(
        Group.IMPROVEMENT,
        _l("Biểu đồ khắc phục"),
        "actions.dashboard",
        (Permission.ACTION_READ,),
    ),
)

READS: Final = requires(Permission.ACTION_READ)
AT_ONCE: Final = 200
"""Lines of the longest register that is made while its reader waits."""
LONG: Final = "actions.register"
"""The kind of job that makes a longer one."""
_PROGRESS: Final = "qms_progress"
FORMATS: Final = {"pdf": "application/pdf", "xlsx": TYPE}


@bp.get("")
@READS
def index() -> ResponseReturnValue:
    """List requests, the newest first."""
    session, today, page = db.session(), clock.today(), page_number()
    wanted, names = asked(today, page), entered_names(session)
    total = lists.count_requests(session, wanted)
    return render_template(
        "actions/index.html",
        form=filters(names),
        rows=lists.requests(session, wanted),
        total=total,
        page=page,
        size=lists.PAGE_SIZE,
        names=names,
        values=values(wanted),
        long=total > AT_ONCE,
        states=STATE_WORDS,
        grades=GRADE_WORDS,
        may_raise=visitor().may(Permission.ACTION_RAISE),
    )


@bp.get("/register.<form>")
@READS
def paper(form: str) -> ResponseReturnValue:
    """Give all of the register as a workbook or as paper; a long one is made by a job."""
    if form not in FORMATS:
        raise NotFoundError("Sổ theo dõi chỉ có dạng PDF và XLSX.")
    session, wanted = db.session(), asked(clock.today(), None)
    total = lists.count_requests(session, wanted)
    kept = request.args.get("kept", "")
    made = files.kept(_kept_as(kept, form)) if registering.NAME.fullmatch(kept) else None
    if made is None and total > AT_ONCE:
        return redirect(url_for(".index", **values(wanted)), code=303)
    if made is None:
        made = _make(registering.register(session, wanted), form, long=False)
    answer = Response(made, mimetype=FORMATS[form])
    name = file_name(f"so-theo-doi-hanh-dong-khac-phuc {wanted.today}.{form}")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.post("/register.<form>")
@READS
def make(form: str) -> ResponseReturnValue:
    """Let a job make a long register, and follow it."""
    if form not in FORMATS:
        raise NotFoundError("Sổ theo dõi chỉ có dạng PDF và XLSX.")
    wanted = asked(clock.today(), None)
    with transaction() as session:
        args = {
            "form": form,
            "values": values(wanted),
            "on": wanted.today.isoformat(),
            "units": sorted(wanted.who.units),
        }
        job = jobs.enqueue(session, act(), LONG, args).id
    return redirect(url_for("jobs.show", job_id=job), code=303)


@jobs.job(LONG, _l("Lập sổ theo dõi hành động khắc phục"))
def make_long(
    progress: jobs.Progress, *, form: str, values: Mapping[str, str], on: str, units: list[int]
) -> dict[str, object]:
    """Make a register for whoever asked, and keep it under all it says."""
    session = db.session()
    wanted = Wanted(
        who=queries.Who(progress.started_by or 0, frozenset(units)),
        today=parse_day(on),
        unit_id=whole_number(values.get("unit")),
        state=State(values["state"]) if "state" in values else None,
        grade=Grade(values["grade"]) if "grade" in values else None,
        source=Source(values["source"]) if "source" in values else None,
        clause=values.get("clause", ""),
        document_id=whole_number(values.get("document")),
        year=whole_number(values.get("year")),
        only=values.get("only", ""),
        page=None,
    )
    found = registering.register(session, wanted)
    session.rollback()
    count = len(found.rows)
    progress.step(0, count, N_("Đang lập %(count)s dòng"), count=count)
    kept = digest(canonical(registering.print_data(found)))
    files.keep(_kept_as(kept, form), _make(found, form, long=True))
    progress.step(count, count)
    return {"page": ["actions.paper", {"form": form, "kept": kept, **values}]}


@bp.get("/dashboard")
@READS
def dashboard() -> ResponseReturnValue:
    """Show what is open and late, how old it is, what comes again, and how long it takes."""
    figures = _figures()
    form = filters(figures["names"])
    return render_template("actions/dashboard.html", **figures, form=form)


@bp.get("/dashboard.pdf")
@READS
def dashboard_paper() -> Response:
    """Give the dashboard as paper."""
    shown = _figures()
    data = papers.dashboard(
        db.session(), who(), shown["found"], shown["progress"], shown["today"]
    )
    made = pdf.render("actions_dashboard.html", data)
    return downloads.paper(made, f"bieu-do-khac-phuc-{shown['today']}")


def init_app(app: Flask, asked_for: Sequence[Ask]) -> None:
    """Hand in what later features know of the programmes of audits."""
    app.extensions[_PROGRESS] = tuple(asked_for)


def _progress() -> list[Progress]:
    """Return how far the programmes have come that the visitor may see."""
    asks: tuple[Ask, ...] = current_app.extensions[_PROGRESS]
    units = visitor().reach.get(Permission.AUDIT_READ, frozenset())
    return [found for ask in asks for found in ask(db.session(), units, clock.today())]


def _figures() -> dict[str, Any]:
    session, today = db.session(), clock.today()
    unit_id = whole_number(request.args.get("unit"))
    found = figures.figures(session, who(), today, unit_id)
    return {
        "found": found,
        "names": _names(),
        "unit_id": unit_id,
        "today": today,
        "progress": _progress(),
    }


def _names() -> dict[int, str]:
    return entered_names(db.session())


def _kept_as(name: str, form: str) -> str:
    return f"registers/actions-{name}.{form}"


def _make(found: registering.Register, form: str, *, long: bool) -> bytes:
    if form == "xlsx":
        return registering.workbook(found)
    render = pdf.render_long if long else pdf.render
    return render("register.html", registering.print_data(found))
