"""The public board: pages for citizens, paper, and the check of a paper."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.db import db, touch_if_possible
from qms.documents import search
from qms.documents.comparison import changed_only
from qms.documents.search_rules import LONGEST_QUERY, asked
from qms.documents.standing import (
    Cover,
    changes_between,
    count_after,
    cover,
    standing_for,
    topics,
)
from qms.errors import NotFoundError
from qms.notices import (
    checking,
    codes,
    comparing,
    fee_views,
    form_views,
    link_views,
    marking,
    pages,
    queries,
    reaching,
    sheets,
    stories,
    throttling,
    validity,
    verdicts,
    wall_views,
)
from qms.notices import meant as meaning
from qms.notices.address_views import address
from qms.notices.answers import Answers, answers
from qms.notices.day_views import AskedDay, asked_day, asked_on, office
from qms.notices.rules import BOARD_KINDS, LATELY, SheetKind, Verdict
from qms.notices.sheet_views import sheet_pdf
from qms.notices.stories import Story
from qms.text import address_word, nfc
from qms.units.queries import unit as unit_named
from qms.web import headers
from qms.web.addresses import page_number, public_url
from qms.web.marks import cached, public

if TYPE_CHECKING:
    from qms.units.models import Unit

bp = Blueprint("notices", __name__)
bp.register_blueprint(form_views.bp)
bp.register_blueprint(fee_views.bp)
bp.register_blueprint(wall_views.bp)

SHOWN: Final = 5
"""Most changes of these days, and most to come, that the board lists."""

LONGEST_CODE: Final = 40
"""Most letters of a typed code that are shown again."""

_WAIT: Final = "wait"
_NEVER_KEPT: Final = {"Cache-Control": "no-store"}


@bp.get("/")
@cached("on", "field", "all", "page")
@public
def home() -> ResponseReturnValue:
    """Show the board of the default unit."""
    session = db.session()
    found = queries.default_unit(session, current_app.config["DEFAULT_UNIT"])
    return _board(found)


@bp.get("/b/<unit>")
@cached("on", "field", "all", "page")
@public
def board(unit: str) -> ResponseReturnValue:
    """Show the board of a unit on a day: fields, or a list where one is asked for."""
    return _board(unit_named(db.session(), unit))


@bp.get("/b/<unit>/<code>")
@cached("on")
@public
def procedure(unit: str, code: str) -> ResponseReturnValue:
    """Show one procedure as it stands on a day."""
    on, today = asked_on(), clock.today()
    day = on.day
    told = _story(unit, code, day)
    found = sheets.on_day(told, day)
    last_day = told.unit.last_day
    row = reaching.office_heading(told, max(day, told.unit.first_day))
    here, five = (
        queries.spoken(told.unit, row),
        answers(found.content, found.fee_lines) if found else None,
    )
    page = render_template(
        "notices/notice.html",
        office=here,
        day=day,
        today=today,
        asked=on,
        ended=pages.ended(db.session(), told.unit) if last_day and last_day < today else None,
        notice=pages.notice(told, found, day, today),
        answers=five,
        marking=_marking(told, found, five, here) if found and five and day == today else None,
        form_links=link_views.form_links(told, found, day, today),
        successors=[] if found else pages.successors(db.session(), told, day),
        later=pages.changed_later(
            told, day, clock.begins(day + timedelta(days=1)), clock.day_of
        ),
        coming=validity.coming(told, found, today) if found and day == today else None,
        fee_links=link_views.fee_links(told, found, day, today),
    )
    return page, on.status


@bp.get("/b/<unit>/<code>.pdf")
@public
def procedure_pdf(unit: str, code: str) -> ResponseReturnValue:
    """Give the sheet of a day as paper."""
    return sheet_pdf(sheets.ProcedureCourse(_story(unit, code, asked_day())))


@bp.get("/b/<unit>/<code>/compare")
@cached("on", "all")
@public
def compare(unit: str, code: str) -> ResponseReturnValue:
    """Show what the text of a day changed against the one before it."""
    day = asked_day()
    told = _story(unit, code, day)
    found = comparing.with_last(told, day)
    if found is None:
        raise NotFoundError("Trước ngày này chưa có bản nào khác để so sánh.")
    only = request.args.get("all") != "1"
    return render_template(
        "notices/compare.html",
        office=office(told.unit, day),
        today=clock.today(),
        code=told.document.code,
        slug=told.document.slug,
        title=sheets.last_title(told),
        compared=found,
        decision=pages.decision(found.change, told.issuers),
        summary=found.change.revision.summary if found.change.revision else "",
        result=changed_only(found.result) if only else found.result,
        only=only,
    )


@bp.get("/k")
@public
def check_form() -> ResponseReturnValue:
    """Ask for the code under a printed QR."""
    typed = request.args.get("k", "").strip()
    if typed:
        return redirect(url_for("notices.check", code=typed[:LONGEST_CODE]), code=303)
    return render_template("notices/check_form.html")


@bp.get("/k/<code>")
@public
def check(code: str) -> ResponseReturnValue:
    """Say whether a paper still holds; when that can't be found out, say so and never yes."""
    now, whose = clock.now(), throttling.whose(request.remote_addr or "")
    try:
        wait = throttling.wait(db.session(), whose, now)
        if wait:
            return _no_answer(code, now, _WAIT, 429, wait)
        checked = checking.check(db.session(), code, clock.day_of(now), clock.day_of)
        page = _check_page(code, checked, now)
    except Exception:
        current_app.logger.exception("a paper could not be checked")
        return _no_answer(code, now, Verdict.CANNOT_CHECK, 503, 60)
    if checked.verdict is not Verdict.UNKNOWN:
        return page, 200, _NEVER_KEPT
    touch_if_possible(lambda session: throttling.count(session, whose, now))
    return page, 404, _NEVER_KEPT


def _no_answer(
    code: str, now: datetime, state: str, status: int, seconds: int
) -> ResponseReturnValue:
    page = render_template(
        "notices/check.html", code=_typed(code), checked_at=now, verdict={"state": state}
    )
    return page, status, {**_NEVER_KEPT, "Retry-After": str(seconds)}


def _check_page(code: str, checked: checking.Checked, now: datetime) -> str:
    course, today = checked.course, clock.day_of(now)
    given = {"office": office(course.unit, today)} if course else {}

    def link(kind: SheetKind, slug: str, on: date | None) -> str:
        return address(course.unit.slug if course else "", kind, slug, on)

    verdict = verdicts.verdict(db.session(), checked, today, link)
    known = checked.verdict is not Verdict.UNKNOWN
    shown = codes.spelt(code) if known else _typed(code)
    return render_template(
        "notices/check.html", code=shown, checked_at=now, verdict=verdict, **given
    )


def _typed(code: str) -> str:
    """Return a code as it is shown again, whatever was typed."""
    return nfc(code)[:LONGEST_CODE]


def _board(unit: "Unit") -> ResponseReturnValue:
    on = asked_on()
    return _board_of(unit, on), on.status


def _board_of(unit: "Unit", on: AskedDay) -> str:
    session = db.session()
    day, today = on.day, clock.today()
    seen = cover(session, unit.id, day)
    frame = {"office": office(unit, day), "day": day, "today": today, "asked": on}
    field, q = request.args.get("field"), nfc(request.args.get("q", "")[:LONGEST_QUERY]).strip()
    if seen is None:
        return render_template(
            "notices/board_ended.html", **frame, **pages.ended(session, unit)
        )
    if q or field is not None or "all" in request.args:
        return _list(unit, frame, seen, day, q, field)
    fields = sorted(topics(session, standing_for(seen, day)), key=lambda f: -f[1])
    lately = date.fromordinal(day.toordinal() - LATELY)
    soon = changes_between(session, seen, after=day, until=None, kinds=BOARD_KINDS, limit=SHOWN)
    on_asked = None if day == today else day
    return render_template(
        "notices/board.html",
        **frame,
        fields=[{"name": name, "count": count} for name, count in fields],
        total=sum(count for _name, count in fields),
        soon=pages.changes(soon),
        more=count_after(session, seen, day, BOARD_KINDS) - SHOWN if len(soon) == SHOWN else 0,
        recent=pages.changes(
            changes_between(
                session,
                seen,
                after=lately,
                until=day,
                kinds=BOARD_KINDS,
                newest_first=True,
                limit=SHOWN,
            )
        ),
        fee_links=[
            (_("Phí, lệ phí"), url_for("notices.fees.index", unit=unit.slug, on=on_asked)),
            (_("Biểu mẫu"), url_for("notices.forms.index", unit=unit.slug, on=on_asked)),
            *(
                (row.title, address(unit.slug, SheetKind.TEXT, row.slug, on_asked))
                for row in queries.texts_on_board(session, seen, day)
            ),
        ],
        note="",
    )


def _list_url(unit: "Unit", field: str, day: date) -> str:
    on = None if day == clock.today() else day
    return address(unit.slug, SheetKind.LIST, address_word(field), on)


def _list(
    unit: "Unit",
    frame: Mapping[str, object],
    seen: Cover,
    day: date,
    q: str,
    field: str | None,
) -> str:
    session = db.session()
    page = page_number()
    found: search.Found | None = None
    said = meaning.Meant()
    if q:
        shelves = search.board(seen, day, others="all" in request.args)
        wanted = asked(q)
        found = search.find(session, shelves, wanted, page=page, size=queries.PAGE)
        if page == 1 and not any(hit.named for hit in found.hits):
            said = meaning.meant(session, search.board(seen, day), q)
        places = search.excerpts(session, found.hits, found.asked)
        meant = {hit.document_id for hit in said.hits}
        entries = [
            pages.hit(hit, places.get(hit.revision_id, []))
            for hit in found.hits
            if hit.document_id not in meant
        ]
        total, others = found.total, found.others
    else:
        rows, total = queries.board_list(session, seen, day, topic=field, page=page)
        entries, others = [pages.entry(row) for row in rows], 0
        if not entries or request.args.get("all", "1") != "1":
            headers.not_kept()
    return render_template(
        "notices/board_search.html",
        **frame,
        q=q,
        field=field or "",
        entries=entries,
        said=said,
        meant=[pages.hit(hit, []) for hit in said.hits],
        found=found,
        page=page,
        size=queries.PAGE,
        total=total,
        others=others,
        fields=[],
        list_url="" if field is None or q else _list_url(unit, field, day),
    )


def _marking(
    told: Story, found: sheets.DaySheet, five: Answers, here: queries.Office
) -> dict[str, object]:
    """Return what the notice of today says to machines."""
    path = url_for(".procedure", unit=told.unit.slug, code=told.document.slug)
    title, code = found.sheet.title, told.document.code
    page = public_url(path)
    return marking.service(page, code, title, found.content, five, here)


def _story(unit: str, code: str, day: date) -> Story:
    session = db.session()
    return stories.on_board(session, unit_named(session, unit), code, day)
