"""Pages of legal texts: what they make due, and the yearly check of their records."""

from datetime import date
from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from qms import clock
from qms.accounts.queries import names
from qms.accounts.rules import Permission
from qms.db import db, transaction
from qms.documents import document_access, reading
from qms.documents.decision_forms import choices
from qms.documents.forms import ANY
from qms.documents.queries import document
from qms.errors import NotFoundError, QmsError
from qms.laws import link_views, queries, records, rules, service, text_views
from qms.laws.forms import EVENT_WORDS, OVERDUE, VERDICT_WORDS, CheckForm, DutiesForm, WaiveForm
from qms.laws.queries import PAGE_SIZE, Wanted
from qms.laws.rules import Verdict
from qms.text import whole_number
from qms.units.queries import headings
from qms.vietnamese import parse_day
from qms.web.addresses import page_number
from qms.web.errors import sentence_of, status_of
from qms.web.guards import act, requires, visitor
from qms.web.menu import Group, Item

bp = Blueprint("laws", __name__, url_prefix="/laws")
for _part in (text_views, link_views):
    bp.register_blueprint(_part.bp)

MENU = (
    Item(
        Group.DOCUMENTS,
        _l("Cập nhật theo pháp luật"),
        "laws.index",
        (Permission.DECISION_READ,),
    ),
)

READS: Final = requires(Permission.DECISION_READ)
DRAFTS: Final = requires(Permission.DECISION_DRAFT)


@bp.get("/duties")
@READS
def index() -> ResponseReturnValue:
    """List the documents that changes of the law make due, the first to be done on top."""
    session, today, page = db.session(), clock.today(), page_number()
    who = reading.visit(session, visitor().id, today)
    mine = sorted(who.reader.own)
    heads = headings(session, today, mine) if mine else {}
    form = DutiesForm(request.args)
    form.unit.choices = choices(
        ANY, *((str(each), heads[each].name) for each in mine if each in heads)
    )
    asked = whole_number(request.args.get("unit"))
    wanted = Wanted(
        units=[asked] if asked in mine else mine,
        on=today,
        reader=who.reader,
        overdue=form.only.data == OVERDUE,
        law_id=whole_number(request.args.get("law")),
    )
    rows, total = queries.dues(session, wanted, page=page)
    return render_template(
        "laws/duties.html",
        form=form,
        rows=rows,
        total=total,
        page=page,
        size=PAGE_SIZE,
        law=rows[0].law if wanted.law_id and rows else None,
        filtered=bool(wanted.law_id or wanted.overdue or asked),
        events=EVENT_WORDS,
        names={each: head.name for each, head in heads.items()},
        who=who,
        may=Permission.DECISION_DRAFT,
    )


@bp.route("/duties/<int:document_id>/<int:law_id>/<day>", methods=["GET", "POST"])
@DRAFTS
def waive(document_id: int, law_id: int, day: str) -> ResponseReturnValue:
    """Record why a document needs no new text for what happened to a law."""
    on = parse_day(day)
    form, refused = WaiveForm(), None
    if request.method == "POST" and form.validate():
        try:
            with transaction() as writing:
                service.waive(
                    writing,
                    act(),
                    document(writing, document_id),
                    queries.law_document(writing, law_id),
                    on,
                    form.reason.data,
                )
        except QmsError as error:
            refused = error
        else:
            flash(_("Đã ghi lý do không cần sửa."))
            return redirect(url_for(".index"), code=303)
    session, me, today = db.session(), visitor().id, clock.today()
    said = queries.waiver(session, document_id, law_id, on)
    body = render_template(
        "laws/waive.html",
        form=form,
        seen=document_access.look(session, document_id, me, today),
        law=document_access.look(session, law_id, me, today),
        due=rules.update_due(on),
        happened=_happened(law_id, on),
        said=said,
        by=names(session, [said.by]) if said else {},
        refused=sentence_of(refused) if refused else "",
    )
    wrong = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return body, status_of(refused) if refused else wrong


@bp.route("/<int:document_id>/check", methods=["GET", "POST"])
@DRAFTS
def check(document_id: int) -> ResponseReturnValue:
    """Record what the yearly check of a record found."""
    form, refused = CheckForm(), None
    if request.method == "POST" and form.validate():
        try:
            with transaction() as writing:
                found = queries.law_document(writing, document_id)
                service.check(
                    writing, act(), found, Verdict(form.verdict.data), form.note.data or ""
                )
        except QmsError as error:
            refused = error
        else:
            flash(_("Đã ghi kết quả rà soát."))
            return redirect(url_for("registers.show", name="external"), code=303)
    session, today = db.session(), clock.today()
    queries.law_document(session, document_id)
    checks = queries.checks(session, document_id)
    last = queries.looked_at(session, [document_id]).get(document_id)
    body = render_template(
        "laws/check.html",
        form=form,
        seen=document_access.look(session, document_id, visitor().id, today),
        checks=checks,
        verdicts=VERDICT_WORDS,
        due=rules.check_due(last) if last else None,
        by=names(session, [each.by for each in checks]),
        refused=sentence_of(refused) if refused else "",
    )
    wrong = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return body, status_of(refused) if refused else wrong


def _happened(law_id: int, on: date) -> list[str]:
    """Say what happened to a law on a day."""
    session, today = db.session(), clock.today()
    law = queries.law_document(session, law_id)
    found = [
        each
        for each in records.records(session, [law.owner_id], today)
        if each.document_id == law_id
    ]
    told = rules.events(found[0], today).get(on, ()) if found else ()
    if not told:
        raise NotFoundError("Ngày này văn bản không có gì thay đổi.")
    return [str(EVENT_WORDS[each]) for each in told]
