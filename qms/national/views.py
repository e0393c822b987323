"""Pages of the national catalogue: take an export in, see what it found, answer what it asks."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from io import BytesIO
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from qms import clock, files, jobs
from qms.accounts.rules import Permission
from qms.db import db, transaction
from qms.digests import digest
from qms.documents.comparison import changed_only, compare
from qms.errors import N_, NotAllowedError, QmsError
from qms.jobs import Progress
from qms.national import importing, page_queries, queries, redlines, service
from qms.national.answers import SETTABLE, Answer, Found
from qms.national.doubts import QUESTIONS, DoubtKind
from qms.national.forms import (
    ANSWER_WORDS,
    DOUBTFUL,
    FOUND_WORDS,
    KIND_WORDS,
    AnswerForm,
    FilterForm,
    ImportForm,
)
from qms.national.page_queries import PAGE_SIZE, Wanted
from qms.national.weighing import LABELS, Plan
from qms.text import whole_number
from qms.units.queries import headings, unit
from qms.units.rules import LEVEL_WORDS, Level
from qms.web.addresses import page_number
from qms.web.errors import sentence_of, status_of
from qms.web.guards import act, requires, visitor
from qms.web.menu import Group, Item

bp = Blueprint("national", __name__, url_prefix="/national")

MENU = (
    Item(
        Group.DOCUMENTS,
        _l("Danh mục quốc gia"),
        "national.index",
        (Permission.NATIONAL_IMPORT,),
    ),
)

IMPORTS: Final = requires(Permission.NATIONAL_IMPORT)


@jobs.job("national.import", _l("Nhập danh mục quốc gia"))
def take_in(progress: Progress, *, file: str, **asked: str) -> Mapping[str, Any]:
    """Read an export that was uploaded; lead to what it found."""
    by = progress.act()
    plan = _plan(file, **asked)
    data = BytesIO(files.get(file))

    def step(done: int, total: int, rows: str) -> None:
        progress.step(done, total, N_("Đã đọc %(rows)s thủ tục"), rows=rows)

    number, _tally, _decision = importing.run(by, plan, data, step)
    return {"page": ["national.show", {"import_id": number}]}


@bp.get("")
@IMPORTS
def index() -> ResponseReturnValue:
    """List the imports, and offer to make one."""
    return _index(ImportForm())


@bp.post("")
@IMPORTS
def upload() -> ResponseReturnValue:
    """Take a file and read it in the background."""
    form = ImportForm()
    _offer(form)
    if not form.validate():
        return _index(form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    data = form.file.data.read()
    try:
        importing.look_into(BytesIO(data))
        asked = {
            "owner": form.owner.data,
            "for_level": form.for_level.data,
            "level": LEVEL_WORDS[Level(form.level.data)] if form.level.data else "",
            "field": form.field.data,
            "name": form.file.data.filename or "",
        }
        _plan(digest(data), **asked)
        kept = files.put(data)
        with transaction() as session:
            by = act()
            job = jobs.enqueue(session, by, "national.import", {"file": kept, **asked}).id
    except QmsError as error:
        form.file.errors = [*form.file.errors, sentence_of(error)]
        return _index(form, status=status_of(error))
    return redirect(url_for("jobs.show", job_id=job), code=303)


@bp.get("/<int:import_id>")
@IMPORTS
def show(import_id: int) -> ResponseReturnValue:
    """Show what an import found, one kind at a time."""
    return _show(import_id)


@bp.get("/items/<int:item_id>")
@IMPORTS
def item(item_id: int) -> ResponseReturnValue:
    """Show what changed in one procedure."""
    session = db.session()
    found, run = page_queries.item(session, item_id)
    page_queries.check_owner(session, run, visitor().id, clock.today())
    before, after = redlines.sections(found.before, found.after, found.changed.split(","))
    lines = page_queries.lines(session, run, [found.document_id])
    return render_template(
        "national/item.html",
        item=found,
        run=run,
        result=changed_only(compare(before, after)),
        labels=[_(LABELS[name]) for name in found.changed.split(",") if name],
        filled=[_(LABELS[name]) for name in found.filled.split(",") if name],
        line=lines.get(found.document_id or 0),
    )


@bp.post("/<int:import_id>/gone")
@requires(Permission.DECISION_CONFIRM_GONE)
def answer_gone(import_id: int) -> ResponseReturnValue:
    """Answer proposals to withdraw: those chosen, or all in the filter."""
    chosen = _numbers(request.form.getlist("pick"))
    said = Answer.YES if request.form.get("answer") == Answer.YES.value else Answer.NO
    try:
        with transaction() as session:
            run = queries.one(session, import_id)
            page_queries.check_owner(session, run, visitor().id, clock.today())
            if request.form.get("all"):
                chosen = page_queries.open_gone(session, run, _wanted())
            service.answer_gone(session, act(), run, chosen, said)
    except NotAllowedError:
        raise
    except QmsError as error:
        return _show(import_id, show=Found.GONE.value, refused=error)
    flash(
        _("Đã đưa vào dự thảo quyết định.")
        if said is Answer.YES
        else _("Đã ghi: giữ các thủ tục này.")
    )
    return redirect(_back(import_id, Found.GONE.value), code=303)


@bp.post("/<int:import_id>/doubts")
@IMPORTS
def answer_doubts(import_id: int) -> ResponseReturnValue:
    """Settle doubts: groups, single ones, or all in the filter, by one answer."""
    picked = request.form.getlist("pick")
    keys = [each[2:] for each in picked if each.startswith("g:")]
    ids = _numbers(each[2:] for each in picked if each.startswith("d:"))
    said = request.form.get("answer", "")
    form = AnswerForm()
    try:
        with transaction() as session:
            run = queries.one(session, import_id)
            page_queries.check_owner(session, run, visitor().id, clock.today())
            whole = bool(request.form.get("all"))
            chosen = (
                page_queries.question_ids(
                    session, run, _wanted(), () if whole else keys, () if whole else ids
                )
                if whole or keys or ids
                else []
            )
            answer = Answer(said) if said in set(Answer) else Answer.YES
            count = service.answer_doubts(
                session, act(), run.owner, chosen, answer, form.value.data or ""
            )
    except NotAllowedError:
        raise
    except QmsError as error:
        return _show(import_id, show=DOUBTFUL, refused=error, answer=form)
    flash(ngettext("Đã xử lý %(num)d nghi vấn.", "Đã xử lý %(num)d nghi vấn.", count))
    return redirect(_back(import_id, DOUBTFUL), code=303)


def _plan(
    sha256: str, *, owner: str, for_level: str, level: str, field: str, name: str
) -> Plan:
    place = unit(db.session(), owner)
    return Plan(
        owner_id=place.id,
        owner=place.slug,
        for_level=Level(for_level) if for_level else None,
        filters=importing.check_filters(level, field),
        file_name=name,
        sha256=sha256,
    )


def _offer(form: ImportForm) -> None:
    session, today = db.session(), clock.today()
    mine = page_queries.owners(session, visitor().id, today)
    names = headings(session, today, [each.id for each in mine])
    form.offer(
        [(each.slug, names[each.id].name if each.id in names else each.slug) for each in mine]
    )


def _index(form: ImportForm, *, status: int = HTTPStatus.OK) -> ResponseReturnValue:
    session, page = db.session(), page_number()
    if not form.owner.choices:
        _offer(form)
    owners = page_queries.owners(session, visitor().id, clock.today())
    runs, total = page_queries.imports(session, [each.id for each in owners], page=page)
    body = render_template(
        "national/index.html",
        form=form,
        runs=runs,
        total=total,
        page=page,
        size=PAGE_SIZE,
        several=len(owners) > 1,
        owners={choice.value: choice.label for choice in form.owner.choices},
        slugs={each.id: each.slug for each in owners},
        words=FOUND_WORDS,
    )
    return body, status


def _show(
    import_id: int,
    *,
    show: str = "",
    refused: QmsError | None = None,
    answer: AnswerForm | None = None,
) -> ResponseReturnValue:
    session, page = db.session(), page_number()
    run = queries.one(session, import_id)
    page_queries.check_owner(session, run, visitor().id, clock.today())
    doubtful = page_queries.doubtful(session, run)
    counts = {name: getattr(run, name) for name in FOUND_WORDS} | {DOUBTFUL: doubtful}
    asked = show or request.args.get("show", "")
    show = asked if asked in counts else next((name for name in counts if counts[name]), "new")
    wanted = _wanted()
    doubts = _doubts(run, wanted, page) if show == DOUBTFUL else {}
    listed = {} if doubts else _listed(run, Found(show), wanted, page)
    body = render_template(
        "national/show.html",
        run=run,
        show=show,
        counts=counts,
        found_words=FOUND_WORDS,
        wanted=wanted,
        page=page,
        size=PAGE_SIZE,
        form=_filter(run, show, wanted, doubts.get("kinds", {})),
        answer=answer or AnswerForm(formdata=None),
        refused=sentence_of(refused) if refused else "",
        levels=LEVEL_WORDS,
        labels=LABELS,
        kind_words=KIND_WORDS,
        **doubts,
        **listed,
    )
    return body, status_of(refused) if refused else HTTPStatus.OK


def _listed(run: Any, found: Found, wanted: Wanted, page: int) -> dict[str, Any]:  # noqa: ANN401
    """Return what the list of one kind shows."""
    session = db.session()
    rows, total = page_queries.items(session, run, found, wanted, page=page)
    lines = page_queries.lines(session, run, [row.document_id for row in rows])
    told = {"rows": rows, "total": total, "lines": lines}
    if found is not Found.GONE:
        return told
    waiting = len(page_queries.open_gone(session, run, wanted))
    return told | {"past": page_queries.asked_again(session, rows), "waiting": waiting}


def _doubts(run: Any, wanted: Wanted, page: int) -> dict[str, Any]:  # noqa: ANN401
    """Return what the list of doubts shows: groups, or the single ones of a group or search."""
    session = db.session()
    kinds = page_queries.kinds(session, run)
    common = {
        "kinds": kinds,
        "questions": QUESTIONS,
        "answers": ANSWER_WORDS,
        "settable": wanted.kind in SETTABLE - {DoubtKind.LEVELS_SHORTER},
    }
    if wanted.group or wanted.words or request.args.get("one"):
        rows, total = page_queries.doubts(session, run, wanted, page=page)
        lines = page_queries.lines(session, run, [row.question.document_id for row in rows])
        return common | {"single": rows, "groups": None, "total": total, "lines": lines}
    groups, total = page_queries.groups(session, run, wanted, page=page)
    return common | {"groups": groups, "single": None, "total": total}


def _filter(
    run: Any,  # noqa: ANN401 - views know no models
    show: str,
    wanted: Wanted,
    kinds: Mapping[DoubtKind, int],
) -> FilterForm:
    form = FilterForm(request.args)
    if show == DOUBTFUL:
        form.kind.choices = [("", _("Mọi loại"))] + [
            (kind.value, f"{KIND_WORDS[kind]} ({count})") for kind, count in kinds.items()
        ]
        form.kind.data = wanted.kind.value if wanted.kind else ""
        form.field.choices = []
    else:
        known = page_queries.fields(db.session(), run, Found(show))
        form.kind.choices = []
        form.field.choices = [("", _("Mọi lĩnh vực"))] + [
            (name, name) for name in known if name
        ]
    return form


def _numbers(typed: Iterable[str]) -> list[int]:
    return [found for each in typed if (found := whole_number(each)) is not None]


def _wanted() -> Wanted:
    asked = request.args
    kind = asked.get("kind", "")
    return Wanted(
        words=asked.get("q", "")[:200],
        field=asked.get("field", ""),
        kind=DoubtKind(kind) if kind in set(DoubtKind) else None,
        group=asked.get("group", "")[:60],
    )


def _back(import_id: int, show: str) -> str:
    """Return the list one came from, its filter kept."""
    q, field, kind = (request.args.get(name) or None for name in ("q", "field", "kind"))
    return url_for("national.show", import_id=import_id, show=show, q=q, field=field, kind=kind)
