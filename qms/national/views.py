"""Pages of the national catalogue: take an export in, see what it found, answer what it asks."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from io import BytesIO
from typing import Any, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from qms import clock, files, jobs
from qms.accounts.rules import Permission
from qms.db import db, transaction
from qms.digests import digest
from qms.documents.comparison import changed_only, compare
from qms.errors import N_, NotAllowedError, QmsError
from qms.jobs import Progress
from qms.national import fee_views, importing, leaving, page_queries, queries, redlines, service
from qms.national.answers import Answer, Found
from qms.national.doubts import DoubtKind
from qms.national.forms import (
    ANSWER_WORDS,
    DOUBTFUL,
    FOUND_WORDS,
    LOST_WORDS,
    MEANINGS,
    AnswerForm,
    ImportForm,
)
from qms.national.page_queries import PAGE_SIZE
from qms.national.page_views import SETTLED, back, numbers, show_page, wanted_now
from qms.national.weighing import LABELS, Plan
from qms.units.queries import headings, unit
from qms.units.rules import LEVEL_WORDS, Level
from qms.web.addresses import page_number
from qms.web.errors import sentence_of, status_of
from qms.web.guards import act, requires, visitor
from qms.web.menu import Group, Item

bp = Blueprint("national", __name__, url_prefix="/national")
bp.register_blueprint(fee_views.bp)

MENU = (
    Item(
        Group.DOCUMENTS,
        _l("Danh mục quốc gia"),
        "national.index",
        (Permission.NATIONAL_IMPORT,),
    ),
)

IMPORTS: Final = requires(Permission.NATIONAL_IMPORT)
REOPEN: Final = "reopen"
FEW: Final = 20
"""Doubts above which one answer to all is asked about first."""


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
    return show_page(import_id)


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
        losing=page_queries.losing(session, found.document_id),
    )


@bp.post("/<int:import_id>/gone")
@requires(Permission.DECISION_CONFIRM_GONE)
def answer_gone(import_id: int) -> ResponseReturnValue:
    """Answer proposals to withdraw: those chosen, or all in the filter."""
    chosen = numbers(request.form.getlist("pick"))
    said = Answer.YES if request.form.get("answer") == Answer.YES.value else Answer.NO
    try:
        with transaction() as session:
            run = queries.one(session, import_id)
            page_queries.check_owner(session, run, visitor().id, clock.today())
            if request.form.get("all"):
                chosen = page_queries.open_gone(session, run, wanted_now())
            service.answer_gone(session, act(), run, chosen, said)
    except NotAllowedError:
        raise
    except QmsError as error:
        return show_page(import_id, show=Found.GONE.value, refused=error)
    flash(
        _("Đã đưa vào dự thảo quyết định.")
        if said is Answer.YES
        else _("Đã ghi: giữ các thủ tục này.")
    )
    return redirect(back(import_id, Found.GONE.value), code=303)


@bp.post("/<int:import_id>/new")
@IMPORTS
def choose_new(import_id: int) -> ResponseReturnValue:
    """Leave new procedures out of the draft, or take them back: those chosen, or all."""
    said = Answer.YES if request.form.get("answer") == Answer.YES.value else Answer.NO
    try:
        with transaction() as session:
            run = queries.one(session, import_id)
            page_queries.check_owner(session, run, visitor().id, clock.today())
            chosen = numbers(request.form.getlist("pick"))
            if request.form.get("all"):
                chosen = page_queries.new_ids(session, run, wanted_now())
            count = leaving.choose_new(session, act(), run, chosen, said)
    except NotAllowedError:
        raise
    except QmsError as error:
        return show_page(import_id, show=Found.NEW.value, refused=error)
    flash(
        _("Đã lấy lại %(count)s thủ tục vào dự thảo.", count=count)
        if said is Answer.YES
        else _("Đã bỏ %(count)s thủ tục khỏi dự thảo.", count=count)
    )
    return redirect(back(import_id, Found.NEW.value), code=303)


@bp.post("/<int:import_id>/doubts")
@IMPORTS
def answer_doubts(import_id: int) -> ResponseReturnValue:
    """Settle doubts, or open them again: groups, single ones, or all in the filter."""
    said = request.form.get("answer", "")
    form = AnswerForm()
    list_ = SETTLED if said == REOPEN else DOUBTFUL
    try:
        with transaction() as session:
            run = queries.one(session, import_id)
            page_queries.check_owner(session, run, visitor().id, clock.today())
            chosen = _chosen(session, run)
            if said == REOPEN:
                count = service.reopen_doubts(session, act(), run.owner, chosen)
                flash(_("Đã mở lại %(count)s chỗ nghi vấn.", count=count))
                return redirect(back(import_id, list_), code=303)
            answer = Answer(said) if said in set(Answer) else Answer.YES
            value = form.value.data or ""
            if answer in ANSWER_WORDS and _must_ask(len(chosen)):
                return _ask(run, chosen, answer, value)
            settled = service.answer_doubts(
                session, act(), run.owner, chosen, answer, value, clock.local(run.at).date()
            )
    except NotAllowedError:
        raise
    except QmsError as error:
        return show_page(import_id, show=list_, refused=error, answer=form)
    flash(
        _(
            "Đã xử lý %(places)s chỗ ở %(procedures)s thủ tục.",
            places=settled.places,
            procedures=settled.procedures,
        )
    )
    if settled.decision_id and settled.decision_id != run.decision_id:
        flash(_elsewhere(run, settled.decision_id))
    return redirect(back(import_id, list_), code=303)


def _chosen(session: Any, run: Any) -> list[int]:  # noqa: ANN401 - views know no models
    """Return the doubts that were ticked, or all in the filter."""
    picked = request.form.getlist("pick")
    keys = [each[2:] for each in picked if each.startswith("g:")]
    ids = numbers(each[2:] for each in picked if each.startswith("d:"))
    if request.form.get("answer") == REOPEN:
        return ids
    if request.form.get("all"):
        return page_queries.question_ids(session, run, wanted_now())
    if not keys and not ids:
        return []
    return page_queries.question_ids(session, run, wanted_now(), keys, ids)


def _must_ask(count: int) -> bool:
    """Tell whether so many doubts are answered at once that one should be asked first."""
    many = count > FEW or bool(request.form.get("all") and count)
    return many and request.form.get("sure") != str(count)


def _ask(
    run: Any,  # noqa: ANN401
    chosen: Sequence[int],
    answer: Answer,
    value: str,
) -> ResponseReturnValue:
    """Ask once whether so many doubts are to be answered so, and say what it means."""
    kinds, procedures = page_queries.weight(db.session(), chosen)
    means = [
        _(sentence, count=format_decimal(kinds[kind]))
        for (given, kind), sentence in MEANINGS.items()
        if given is answer and kinds.get(kind)
    ]
    return render_template(
        "national/sure.html",
        run=run,
        count=len(chosen),
        procedures=procedures,
        means=means,
        answer=answer,
        answers=LOST_WORDS if kinds.keys() == {DoubtKind.LOST} else ANSWER_WORDS,
        value=value,
        picked=request.form.getlist("pick"),
        whole=bool(request.form.get("all")),
        back=back(run.id, DOUBTFUL),
    )


def _elsewhere(run: Any, draft: int) -> Markup:  # noqa: ANN401
    """Say in which draft answers to doubts of a signed decision were written."""
    words = escape(
        _(
            "Đã ghi vào dự thảo mới %(draft)s. Quyết định %(number)s đã ký không đổi.",
            draft=draft,
            number=run.decision.number if run.decision else "",
        )
    )
    where = url_for("documents.decisions.show", decision_id=draft)
    return Markup('{} <a href="{}">{}</a>').format(words, where, _("Mở dự thảo"))


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
    if request.method == "GET" and mine and mine[0].id in names:
        form.level.data = names[mine[0].id].level.value


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
