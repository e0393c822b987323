"""The public board: pages for citizens, paper, and the check of a paper."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from qms import clock
from qms.accounts.rules import Permission
from qms.db import db
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
    comparing,
    copy_views,
    fee_views,
    form_views,
    pages,
    prints,
    queries,
    sheets,
    stories,
    validity,
    verdicts,
)
from qms.notices.answers import answers
from qms.notices.day_views import AskedDay, asked_day, asked_on, office
from qms.notices.rules import Verdict
from qms.notices.stories import Story
from qms.text import file_name, nfc, slug
from qms.units.queries import unit as unit_named
from qms.web import pdf
from qms.web.addresses import page_number
from qms.web.marks import public
from qms.web.menu import Group, Item

if TYPE_CHECKING:
    from qms.units.models import Unit

bp = Blueprint("notices", __name__)
bp.register_blueprint(copy_views.bp)
bp.register_blueprint(form_views.bp)
bp.register_blueprint(fee_views.bp)

MENU = (
    Item(Group.NOTICES, _l("Bản in để treo"), "notices.copies.index", (Permission.COPY_PRINT,)),
)

LATELY: Final = 45
"""Days back that the board counts as lately."""

KINDS: Final = ("procedure", "fee", "form")
"""What changes on the board: the procedures, and what their notices tell with them."""

SHOWN: Final = 5
"""Most changes of these days, and most to come, that the board lists."""


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """Show the board of the default unit."""
    session = db.session()
    found = queries.default_unit(session, current_app.config["DEFAULT_UNIT"])
    return _board(found)


@bp.get("/b/<unit>")
@public
def board(unit: str) -> ResponseReturnValue:
    """Show the board of a unit on a day: fields, or a list where one is asked for."""
    return _board(unit_named(db.session(), unit))


@bp.get("/b/<unit>/<code>")
@public
def procedure(unit: str, code: str) -> ResponseReturnValue:
    """Show one procedure as it stands on a day."""
    on, today = asked_on(), clock.today()
    day = on.day
    told = _story(unit, code, day)
    found = sheets.on_day(told, day)
    last_day = told.unit.last_day
    page = render_template(
        "notices/notice.html",
        office=office(told.unit, day),
        day=day,
        today=today,
        asked=on,
        ended=pages.ended(db.session(), told.unit) if last_day and last_day < today else None,
        notice=pages.notice(told, found, day, today),
        answers=answers(found.content, found.fee_lines) if found else None,
        form_links=_form_links(told, found, day, today),
        successors=pages.successors(db.session(), told, day),
        later=pages.changed_later(
            told, day, clock.begins(day + timedelta(days=1)), clock.day_of
        ),
        coming=validity.coming(told, found, today) if found and day == today else None,
        fee_links=_fee_links(told, found, day, today),
    )
    return page, on.status


@bp.get("/b/<unit>/<code>.pdf")
@public
def procedure_pdf(unit: str, code: str) -> ResponseReturnValue:
    """Give the sheet of a day as paper."""
    day = asked_day()
    told = _story(unit, code, day)
    found = sheets.on_day(told, day)
    if found is None:
        raise NotFoundError("Thủ tục không có hiệu lực ở đơn vị này vào ngày đã chọn.")
    base = current_app.config["PUBLIC_URL"]
    paper, remark = pages.paper(request.args), validity.remark(told, found, day, clock.today())
    data = prints.sheet(told, found, paper, base, pdf.render, remark)
    response = Response(data, mimetype="application/pdf")
    name = f"{file_name(told.document.code)}.pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    response.set_etag(prints.tag(found, paper, remark))
    return response.make_conditional(request)


@bp.get("/b/<unit>/<code>/compare")
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
        decision=pages.decision(found.change, told),
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
        return redirect(url_for("notices.check", code=typed[:40]), code=303)
    return render_template("notices/check_form.html")


@bp.get("/k/<code>")
@public
def check(code: str) -> ResponseReturnValue:
    """Say whether a paper still holds; when that can't be found out, say so and never yes."""
    try:
        checked = checking.check(db.session(), code, clock.today(), clock.day_of)
        page = _check_page(code, checked)
    except Exception:
        current_app.logger.exception("a paper could not be checked")
        verdict: Mapping[str, object] = {"state": Verdict.CANNOT_CHECK.value}
        page = render_template(
            "notices/check.html", code=code, checked_at=clock.now(), verdict=verdict
        )
        return page, 503, {"Retry-After": "60", "Cache-Control": "no-store"}
    status = 404 if checked.verdict is Verdict.UNKNOWN else 200
    return page, status, {"Cache-Control": "no-store"}


def _check_page(code: str, checked: checking.Checked) -> str:
    told = checked.story
    given = {"office": office(told.unit, clock.today())} if told else {}

    def link(slug: str, on: date | None) -> str:
        unit = told.unit.slug if told else ""
        return url_for("notices.procedure", unit=unit, code=slug, on=on)

    verdict = verdicts.verdict(db.session(), checked, clock.today(), link)
    return render_template(
        "notices/check.html", code=code, checked_at=clock.now(), verdict=verdict, **given
    )


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
        return _list(frame, seen, day, q, field)
    fields = sorted(topics(session, standing_for(seen, day)), key=lambda f: -f[1])
    lately = date.fromordinal(day.toordinal() - LATELY)
    soon = changes_between(session, seen, after=day, until=None, kinds=KINDS, limit=SHOWN)
    on_asked = None if day == today else day
    return render_template(
        "notices/board.html",
        **frame,
        fields=[{"name": name, "count": count} for name, count in fields],
        total=sum(count for _name, count in fields),
        soon=pages.changes(soon),
        more=count_after(session, seen, day, KINDS) - SHOWN if len(soon) == SHOWN else 0,
        recent=pages.changes(
            changes_between(
                session,
                seen,
                after=lately,
                until=day,
                kinds=KINDS,
                newest_first=True,
                limit=SHOWN,
            )
        ),
        fee_links=[
            (_("Phí, lệ phí"), url_for("notices.fees.index", unit=unit.slug, on=on_asked)),
            (_("Biểu mẫu"), url_for("notices.forms.index", unit=unit.slug, on=on_asked)),
        ],
        note="",
    )


def _list(
    frame: Mapping[str, object], seen: Cover, day: date, q: str, field: str | None
) -> str:
    session = db.session()
    page = page_number()
    found: search.Found | None = None
    if q:
        shelves = search.board(seen, day, others="all" in request.args)
        wanted = asked(q)
        found = search.find(session, shelves, wanted, page=page, size=queries.PAGE)
        places = search.excerpts(session, found.hits, found.asked)
        entries = [pages.hit(hit, places.get(hit.revision_id, [])) for hit in found.hits]
        total, others = found.total, found.others
    else:
        rows, total = queries.board_list(session, seen, day, topic=field, page=page)
        entries, others = [pages.entry(row) for row in rows], 0
    return render_template(
        "notices/board_search.html",
        **frame,
        q=q,
        field=field or "",
        entries=entries,
        found=found,
        page=page,
        size=queries.PAGE,
        total=total,
        others=others,
        fields=[],
    )


def _form_links(
    told: Story, found: sheets.DaySheet | None, day: date, today: date
) -> dict[str, str]:
    """Return by code the files of the forms in force; of another day their pages of that day.

    A file is handed out only while it is in force.
    """
    here, forms = told.unit.slug, found.sheet.forms if found else ()
    return {
        each["code"]: url_for("notices.forms.file", unit=here, code=slug(each["code"]))
        if day == today
        else url_for("notices.forms.show", unit=here, code=slug(each["code"]), on=day)
        for each in forms
    }


def _fee_links(
    told: Story, found: sheets.DaySheet | None, day: date, today: date
) -> list[tuple[str, str]]:
    """Return the fee schedules that the notice of a day rests on."""
    on = None if day == today else day
    return [
        (
            _("Biểu phí: %(title)s", title=each.revision.title),
            url_for("notices.fees.schedule", unit=told.unit.slug, code=code, on=on),
        )
        for each in (found.schedules if found else ())
        for code in [sheets.slug_of(told, each)]
        if each.revision is not None
    ]


def _story(unit: str, code: str, day: date) -> Story:
    session = db.session()
    return stories.on_board(session, unit_named(session, unit), code, day)
