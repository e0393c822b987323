"""Pages on which texts are written: a new document, an amendment, the draft of a line."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.accounts.rules import Permission
from qms.db import db, transaction
from qms.documents import (
    document_access,
    editor_views,
    first_texts,
    intake_views,
    keeping,
    picking_views,
    queries,
    reading,
    registering,
    replacing,
    service,
    text_forms,
)
from qms.documents.decision_views import said
from qms.documents.document_views import content_page, shown_beside
from qms.documents.editor_views import Shown
from qms.documents.forms import AmendForm, IntoForm, NewForm, TextForm
from qms.documents.into_views import offer_drafts, offer_owners
from qms.documents.kinds import typing
from qms.documents.kinds.editors import EDITORS
from qms.documents.service import Head, Line
from qms.documents.timeline import Action
from qms.errors import NotAllowedError, QmsError, StaleError
from qms.text import whole_number
from qms.units.queries import unit, unit_by_id
from qms.web.errors import status_of
from qms.web.guards import act, requires, visitor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from qms.documents.models import Decision

bp = Blueprint("texts", __name__)

DRAFTS: Final = requires(Permission.DECISION_DRAFT)
UNREADABLE: Final = HTTPStatus.UNPROCESSABLE_ENTITY


@bp.route("/documents/new", methods=["GET", "POST"])
@DRAFTS
def new() -> ResponseReturnValue:
    """Begin a new document in a draft decision."""
    form = NewForm(prefix="new-")
    offer_drafts(form, offer_owners(form.owner))
    refused = None
    if request.method == "POST" and form.validate():
        try:
            with transaction() as writing:
                owner = unit(writing, form.owner.data)
                made = registering.create_document(
                    writing, act(), owner=owner, kind=form.kind.data, code=form.code.data
                )
                text = first_texts.first_text(form.kind.data, form.title.data)
                into = _into(writing, form, owner.id, form.title.data)
                line = Line(made, Action.ISSUE, text)
                change_id = service.add_lines(writing, act(), into, [line])[0].id
        except registering.CodeError as error:
            form.code.errors = [said(error)[0]]
        except QmsError as error:
            refused = error
        else:
            flash(_("Đã mở bản thảo. Hãy soạn nội dung."))
            return _to_editor(change_id)
    body = render_template(
        "documents/new.html", form=form, refused=said(refused) if refused else None
    )
    return body, _status(form, refused)


@bp.route("/documents/<int:document_id>/amend", methods=["GET", "POST"])
@DRAFTS
def amend(document_id: int) -> ResponseReturnValue:
    """Begin the amendment of a document in a draft decision."""
    seen = document_access.look(db.session(), document_id, visitor().id, clock.today())
    if not seen.may_draft:
        raise NotAllowedError(
            "Tài liệu này thuộc đơn vị khác; ông, bà không soạn sửa đổi được."
        )
    form = AmendForm(prefix="amend-")
    owner_id, title = seen.document.owner_id, seen.title
    offer_drafts(form, [owner_id])
    refused = None
    if request.method == "POST" and form.validate():
        try:
            with transaction() as session:
                into = _into(session, form, owner_id, title)
                document = queries.document(session, document_id)
                day = into.effective_on or clock.today()
                action, text = replacing.amendment(
                    session, document, day, whole=bool(form.whole.data)
                )
                line = Line(document, action, text)
                change_id = service.add_lines(session, act(), into, [line])[0].id
        except QmsError as error:
            refused = error
        else:
            flash(_("Đã mở bản thảo từ bản hiện hành. Hãy sửa nội dung."))
            return _to_editor(change_id)
        seen = document_access.look(db.session(), document_id, visitor().id, clock.today())
    body = render_template(
        "documents/amend.html",
        form=form,
        seen=seen,
        document=seen.document,
        refused=said(refused) if refused else None,
    )
    return body, _status(form, refused)


@bp.route("/decisions/lines/<int:change_id>/text", methods=["GET", "POST"])
@DRAFTS
def edit(change_id: int) -> ResponseReturnValue:
    """Write the draft text of a line; buttons add, move and remove rows without saving."""
    change, revision = editor_views.draft(change_id)
    saved = queries.text_of(revision)
    editor = EDITORS[change.document.kind]
    if request.method == "GET":
        return editor_views.opened(change, revision)
    do = request.form.get("do", "")
    given = intake_views.in_unicode() if do == "unicode" else request.form
    form, typed = TextForm(given), typing.gather(given)
    editor_views.offer_units(form)
    if do not in {"", "save", "preview"}:
        return editor_views.page(
            change, revision, form, typed, _turned(do, typed, change.document.kind)
        )
    valid = form.validate()
    content, faults = editor.read(typed, saved.content)
    if not valid or content is None:
        return editor_views.page(
            change, revision, form, typed, Shown(faults=faults, status=UNREADABLE)
        )
    text = text_forms.text_of(form, content)
    if do == "preview":
        return editor_views.page(change, revision, form, typed, Shown(preview=text))
    version = whole_number(form.version.data) or 0
    try:
        with transaction() as session:
            line = queries.line(session, change_id)
            service.edit_text(session, act(), line, text, version=version)
            if "aside" not in request.form:
                keeping.drop(session, revision.id, visitor().id)
    except StaleError as error:
        change, revision = editor_views.draft(change_id)
        form.version.raw_data, form.version.data = None, str(revision.version)
        return editor_views.page(change, revision, form, typed, Shown(refused=error, mine=text))
    except QmsError as error:
        change, revision = editor_views.draft(change_id)
        return editor_views.page(change, revision, form, typed, Shown(refused=error))
    flash(_("Đã lưu bản thảo."))
    return redirect(url_for("documents.texts.edit", change_id=change_id, saved=1), code=303)


def _turned(do: str, typed: typing.Typed, kind: str) -> Shown:
    """Do to the fields what a button asks without saving; return what to show then."""
    if do == "word":
        return intake_views.read_word(kind)
    if do == "word-take":
        return intake_views.take_word(kind, typed)
    empty = EDITORS[kind].EMPTY
    return Shown(at=picking_views.look_up(typed, do) or typing.move(typed, do, empty))


@bp.get("/decisions/lines/<int:change_id>/preview")
@DRAFTS
def preview(change_id: int) -> ResponseReturnValue:
    """Show the saved draft as its readers will see it."""
    change, revision = editor_views.draft(change_id)
    today, page = clock.today(), content_page(queries.content(revision))
    on = change.own_day or change.decision.effective_on or today
    who = reading.visit(db.session(), visitor().id, today, [change.document.owner_id])
    return render_template(
        "documents/preview.html",
        change=change,
        decision=change.decision,
        revision=revision,
        page=page,
        panels=shown_beside(change.document, revision, page, on, who),
    )


def _into(session: "Session", form: IntoForm, owner_id: int, title: str) -> "Decision":
    """Return the draft decision that was chosen, or a new one."""
    if form.into.data:
        return queries.decision(session, int(form.into.data))
    words = form.decision_title.data or _("Về việc ban hành, sửa đổi: %(title)s", title=title)
    head = Head(words[:1000], effective_on=form.effective_on.data)
    return service.open_decision(session, act(), unit_by_id(session, owner_id), head)


def _to_editor(change_id: int) -> ResponseReturnValue:
    return redirect(url_for("documents.texts.edit", change_id=change_id), code=303)


def _status(form: IntoForm, refused: QmsError | None) -> int:
    if refused:
        return status_of(refused)
    return UNREADABLE if form.errors else HTTPStatus.OK
