"""Pages of documents: the list of all, one document, its texts, what differs between two."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.accounts.rules import Permission
from qms.db import db
from qms.documents import (
    comparison,
    document_access,
    links,
    master,
    panel_views,
    queries,
    reading,
)
from qms.documents.comparison import SectionResult
from qms.documents.decision_forms import KIND_WORDS, choices
from qms.documents.document_access import Event, Seen
from qms.documents.forms import ANY, AUDIENCE_WORDS, STANDING_WORDS, ListForm
from qms.documents.kinds import text_page
from qms.documents.kinds.base import Content
from qms.documents.kinds.text import WrittenText
from qms.documents.link_views import NAMED, NAMES
from qms.documents.look_views import opened
from qms.documents.master import PAGE_SIZE, Standing, Wanted
from qms.documents.panels import Looked, Panel
from qms.documents.reading import Visit
from qms.errors import NotFoundError
from qms.units.queries import headings
from qms.vietnamese import parse_day, parse_moment
from qms.web.addresses import page_number
from qms.web.guards import requires, visitor

if TYPE_CHECKING:
    from qms.documents.models import Document, Revision

bp = Blueprint("pages", __name__, url_prefix="/documents")

READS: Final = requires(Permission.DOCUMENT_READ)


@bp.get("")
@READS
def index() -> ResponseReturnValue:
    """List the documents a person may know of."""
    session, today, page = db.session(), clock.today(), page_number()
    form = ListForm(request.args)
    form.on.data = form.on.data or today
    readable = form.on.validate(form)
    on = form.on.data or today
    who = reading.visit(session, visitor().id, today)
    owners, topics = master.choices(session, who, on)
    heads = headings(session, today, owners) if owners else {}
    names = {each: heads[each].name if each in heads else str(each) for each in owners}
    form.owner.choices = choices(ANY, *((str(each), name) for each, name in names.items()))
    form.topic.choices = choices(ANY, *((topic, topic) for topic in topics))
    asked = request.args.get("owner", "")
    wanted = Wanted(
        on=on,
        words=form.q.data or "",
        kind=form.kind.data if form.kind.data in KIND_WORDS else "",
        topic=form.topic.data or "",
        owner=int(asked) if asked in {str(each) for each in owners} else None,
        standing=Standing(form.state.data) if form.state.data in set(Standing) else None,
        sort=request.args.get("sort", "title"),
    )
    rows, total = master.documents(session, who, wanted, page=page)
    body = render_template(
        "documents/index.html",
        form=form,
        rows=rows,
        total=total,
        page=page,
        size=PAGE_SIZE,
        wanted=wanted,
        names=names,
        kinds=KIND_WORDS,
        standings=STANDING_WORDS,
        may_draft=visitor().may(Permission.DECISION_DRAFT),
    )
    return body, HTTPStatus.OK if readable else HTTPStatus.UNPROCESSABLE_ENTITY


@bp.get("/<int:document_id>")
@READS
def show(document_id: int) -> ResponseReturnValue:
    """Show what holds on a day, what comes, and all that happened."""
    session, today = db.session(), clock.today()
    on, known_at = _day_asked(), _instant_asked()
    seen = opened(document_id, on=on, known_at=known_at)
    stands = seen.stands
    revision = None
    if stands and stands.revision and stands.revision_id in seen.readable:
        (revision,) = document_access.texts(session, seen, [str(stands.revision.number)])
    later = None
    if seen.on < today and known_at is None:
        later = seen.changed_later(clock.begins(seen.on + timedelta(days=1)))
    content = queries.content(revision) if revision else None
    page = content_page(content) if content else None
    naming, naming_total = links.naming(session, seen.who, seen.document, seen.on)
    return render_template(
        "documents/show.html",
        seen=seen,
        document=seen.document,
        stands=stands,
        comes=seen.comes,
        revision=revision,
        page=page,
        panels=shown_beside(seen.document, revision, page, seen.on, seen.who),
        later=later,
        related=document_access.related(session, seen),
        named=links.named_by(session, seen.who, seen.document, revision, seen.on)
        if revision and content and content.links()
        else [],
        naming=naming,
        naming_total=naming_total,
        names=NAMES,
        naming_words=NAMED,
        today=today,
        kinds=KIND_WORDS,
        audiences=AUDIENCE_WORDS,
        known=request.args.get("known", ""),
    )


@bp.get("/<int:document_id>/revisions/<int:number>")
@READS
def revision(document_id: int, number: int) -> ResponseReturnValue:
    """Show one signed text, whether it is in force or not."""
    session, today = db.session(), clock.today()
    seen = opened(document_id)
    (found,) = document_access.texts(session, seen, [str(number)])
    spans = [
        event
        for event in seen.events
        if event.change.revision_id == found.id and event.by is None
    ]
    page = content_page(queries.content(found))
    return render_template(
        "documents/revision.html",
        seen=seen,
        document=seen.document,
        revision=found,
        spans=spans,
        page=page,
        panels=shown_beside(seen.document, found, page, _first_day(spans) or today, seen.who),
        today=today,
    )


@bp.get("/<int:document_id>/compare")
@READS
def compare(document_id: int) -> ResponseReturnValue:
    """Show what differs between two texts, signed ones or drafts (``d`` and the line)."""
    session = db.session()
    seen = opened(document_id)
    offered = _offered(seen)
    names = list(offered)
    new = request.args.get("b") or (names[0] if names else "")
    rest = [name for name in names if name != new]
    old = request.args.get("a") or (rest[0] if rest else new)
    if not names:
        raise NotFoundError("Tài liệu này chưa có bản nào để so sánh.")
    texts = document_access.texts(session, seen, (old, new))
    result = comparison.compare(*(queries.content(each).sections() for each in texts))
    counts = comparison.summary(result)
    only = request.args.get("all") != "1"
    return render_template(
        "documents/compare.html",
        seen=seen,
        document=seen.document,
        offered=offered,
        a=old,
        b=new,
        texts=texts,
        titles=_titles(texts),
        counts=counts,
        result=comparison.changed_only(result) if only else result,
        only=only,
    )


def content_page(content: Content) -> dict[str, object]:
    """Return what the pages of a content show: its parts, and Markdown as HTML."""
    html = text_page.html(content.body) if isinstance(content, WrittenText) else None
    return {"content": content, "sections": content.sections(), "html": html}


def shown_beside(
    document: "Document",
    revision: "Revision | None",
    page: Mapping[str, object] | None,
    on: date,
    who: Visit,
) -> list[Panel]:
    """Return what other features show beside a text of a document on a day."""
    if revision is None or page is None:
        return []
    content = cast("Content", page["content"])
    return panel_views.panels(Looked(document, revision, content, on, who))


def _first_day(spans: Sequence[Event]) -> date | None:
    return next((span.change.effective_on for span in spans), None)


def _offered(seen: Seen) -> dict[str, str]:
    """Return the texts that may be compared, drafts first, then the newest signed ones."""
    found = {
        f"d{change.id}": str(_("Dự thảo trong “%(title)s”", title=change.decision.title[:60]))
        for change in seen.drafts
        if change.revision is not None and change.revision.number is None
    }
    texts = {c.revision.number: c.revision for c in seen.history if c.revision}
    for number in sorted((n for n in texts if n is not None), reverse=True):
        if texts[number].id in seen.readable:
            found[str(number)] = str(_("Bản %(number)s", number=number))
    return found


def _titles(texts: "Sequence[Revision]") -> Sequence[SectionResult]:
    heads = [
        [comparison.Section("title", str(_("Tên")), comparison.paragraphs(each.title))]
        for each in texts
    ]
    return comparison.changed_only(comparison.compare(*heads))


def _day_asked() -> date | None:
    asked = request.args.get("on", "").strip()
    if not asked:
        return None
    return parse_day(asked)


def _instant_asked() -> datetime | None:
    asked = request.args.get("known", "").strip()
    if not asked:
        return None
    local = parse_moment(asked)
    return local.replace(tzinfo=clock.local(clock.now()).tzinfo)
