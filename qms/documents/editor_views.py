"""The page of an editor: what stands in its fields, and all that is said around them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.fields.choices import SelectFieldBase

from qms import clock
from qms.db import db
from qms.documents import (
    comparison,
    decision_queries,
    keeping,
    legacy,
    picking_views,
    queries,
    readiness,
    readiness_views,
    text_forms,
)
from qms.documents.comparison import Result
from qms.documents.decision_forms import choices
from qms.documents.decision_views import look, said
from qms.documents.document_views import content_page
from qms.documents.forms import TextForm
from qms.documents.keeping import Kept
from qms.documents.kinds import text_page, typing
from qms.documents.kinds.editors import EDITORS
from qms.documents.readiness_views import Said
from qms.documents.rules import RevisionText
from qms.documents.word_kinds import Recognised
from qms.documents.word_reading import Taken
from qms.errors import InvalidError, NotAllowedError, QmsError, RefusedError
from qms.units.queries import headings, units
from qms.web.errors import sentence_of, status_of
from qms.web.guards import visitor

if TYPE_CHECKING:
    from qms.documents.models import Change, Revision


@dataclass(frozen=True)
class Unsaved:
    """What somebody typed before and has not saved; ``taken`` where it stands in the fields."""

    at: datetime
    heads: list[tuple[str, str, str]]
    between: Result
    readable: bool
    taken: bool = False
    stale: bool = False

    @property
    def differs(self) -> bool:
        """Whether it is anything but what is saved."""
        return bool(self.heads or self.between or not self.readable)


@dataclass(frozen=True)
class Shown:
    """What an editor page shows beside the fields; ``at`` is the row that was moved."""

    faults: Mapping[str, InvalidError] = field(default_factory=dict)
    refused: QmsError | None = None
    mine: RevisionText | None = None
    preview: RevisionText | None = None
    unsaved: Unsaved | None = None
    word: Taken | None = None
    found: Recognised | None = None
    at: str = ""
    status: int = HTTPStatus.OK


def draft(change_id: int) -> "tuple[Change, Revision]":
    """Return a line with its draft text, if the person signed in may write it.

    Raises:
        NotAllowedError: the decision is another office's, or no draft any more.
        RefusedError: the line bears a signed text or none.

    """
    change = queries.line(db.session(), change_id)
    seen = look(change.decision_id)
    if not seen.may_edit:
        raise NotAllowedError("Chỉ sửa được dự thảo, và chỉ người được soạn ở đơn vị này.")
    if change.revision is None or change.revision.number is not None:
        raise RefusedError("Dòng này không có dự thảo để sửa.")
    return change, change.revision


def opened(change: "Change", revision: "Revision") -> ResponseReturnValue:
    """Show a draft as it is saved, or as this person was typing it."""
    saved = queries.text_of(revision)
    form = text_forms.form_of(saved, revision.version)
    typed = EDITORS[change.document.kind].typed(saved.content)
    kept = keeping.kept(db.session(), revision.id, visitor().id)
    if kept is None:
        return page(change, revision, form, typed)
    taken = "copy" in request.args
    unsaved = _unsaved(change, revision, saved, kept, taken=taken)
    if not taken:
        shown = Shown(unsaved=unsaved if unsaved.differs else None)
        return page(change, revision, form, typed, shown)
    given = MultiDict(kept.fields)
    return page(change, revision, TextForm(given), typing.gather(given), Shown(unsaved=unsaved))


def page(
    change: "Change",
    revision: "Revision",
    form: TextForm,
    typed: typing.Typed,
    shown: Shown | None = None,
) -> ResponseReturnValue:
    """Show the editor with what is typed."""
    shown = shown or Shown()
    mine, refused, preview = shown.mine, shown.refused, shown.preview
    session = db.session()
    offer_units(form)
    picking_views.remember(typed)
    saved = queries.text_of(revision)
    editor = EDITORS[change.document.kind]
    before = decision_queries.text_before(session, change, clock.today())
    theirs, ours = saved.content.sections(), mine.content.sections() if mine else []
    body = render_template(
        editor.TEMPLATE,
        change=change,
        decision=change.decision,
        document=change.document,
        revision=revision,
        form=form,
        typed=typed,
        faults={path: sentence_of(error) for path, error in shown.faults.items()},
        rows_of={path: typing.rows_of(path) for path in shown.faults},
        heads=_heads_between(form, text_forms.form_of(saved, revision.version)) if mine else [],
        refused=said(refused) if refused else None,
        between=comparison.changed_only(comparison.compare(theirs, ours)) if mine else None,
        theirs=content_page(saved.content) if mine else None,
        theirs_text=saved,
        preview=content_page(preview.content) if preview else None,
        unsaved=shown.unsaved,
        aside="aside" in request.form or bool(shown.unsaved and not shown.unsaved.taken),
        word=shown.word,
        word_html=text_page.html(shown.word.unicode or shown.word.body) if shown.word else None,
        found=shown.found,
        old_font=_old_font(form, typed),
        at=shown.at,
        gaps=gaps(change, saved, typed, summary=form.summary.data or ""),
        before=before,
        stale=bool(readiness.stale([change], queries.entries(session, [change.document_id]))),
        words=text_forms.WORDS,
        posted=request.method == "POST" or "saved" in request.args,
    )
    return body, status_of(refused) if refused else shown.status


def gaps(
    change: "Change", saved: RevisionText, typed: typing.Typed, *, summary: str
) -> list[Said]:
    """Return what the text that is being typed lacks, and what of it cannot be read."""
    content, faults = EDITORS[change.document.kind].read(typed, saved.content)
    if content is None:
        return [("late", sentence_of(error), path) for path, error in faults.items()]
    return readiness_views.gaps(change, replace(saved, content=content, summary=summary))


def _old_font(form: TextForm, typed: typing.Typed) -> tuple[str, str] | None:
    """Return a line that seems to be typed in an old font, and as it was meant."""
    fields = (form.title.data, form.summary.data, form.why.data, *typing.strings(typed))
    found = (legacy.sample(each) for each in fields if each)
    return next((each for each in found if each), None)


def offer_units(form: TextForm) -> None:
    """Fill the list of units a text may be for."""
    if form.scope_units.choices:
        return
    session, today = db.session(), clock.today()
    heads = headings(session, today)
    form.scope_units.choices = choices(
        *(
            (each.slug, heads[each.id].name if each.id in heads else each.slug)
            for each in units(session, today)
        )
    )


_HEAD_FIELDS: Final = frozenset(
    {
        *("title", "issue_no", "amendment_no", "summary", "why", "audience", "scope"),
        *("scope_level", "scope_units", "review_months", "retention"),
    }
)


def _unsaved(
    change: "Change", revision: "Revision", saved: RevisionText, kept: Kept, *, taken: bool
) -> Unsaved:
    given = MultiDict(kept.fields)
    form = TextForm(given)
    offer_units(form)
    theirs = text_forms.form_of(saved, revision.version)
    offer_units(theirs)
    content, _faults = EDITORS[change.document.kind].read(typing.gather(given), saved.content)
    pair = (saved.content.sections(), content.sections()) if content else ((), ())
    return Unsaved(
        at=clock.local(kept.at),
        heads=_heads_between(form, theirs),
        between=comparison.changed_only(comparison.compare(*pair)),
        readable=content is not None,
        taken=taken,
        stale=form.version.data != str(revision.version),
    )


def _heads_between(mine: TextForm, theirs: TextForm) -> list[tuple[str, str, str]]:
    """Return the fields beside the content that differ: label, theirs, mine."""
    pairs = [(each, theirs[each.name]) for each in mine if each.name in _HEAD_FIELDS]
    return [
        (str(each.label.text), _said_in(other), _said_in(each))
        for each, other in pairs
        if _plain(each.data) != _plain(other.data)
    ]


def _plain(data: object) -> object:
    """Return nothing for what is empty in one way or another."""
    return None if data in ("", [], ()) else data


def _said_in(typed: Field) -> str:
    options = typed.iter_choices() if isinstance(typed, SelectFieldBase) else ()
    chosen = [str(option.label) for option in options if option.selected]
    return ", ".join(chosen) or str(typed.data or "–")
