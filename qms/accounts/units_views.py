"""Pages of units: the tree, what stands at the head of their paper, and who follows whom."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from qms import clock
from qms.accounts import queries as people
from qms.accounts import units_service
from qms.accounts.forms import ActForm, by_name, choices
from qms.accounts.rules import Permission
from qms.accounts.units_forms import LEVEL_LABELS, EndUnitForm, HeadingForm, UnitForm
from qms.db import db, transaction
from qms.errors import QmsError
from qms.text import sort_key
from qms.units import queries
from qms.units.rules import Level, office_of, tree
from qms.web import afterwards
from qms.web.errors import sentence_of, status_of
from qms.web.guards import act, requires, visitor

bp = Blueprint("units", __name__, url_prefix="/admin/units")

ANY: Final = (
    Permission.UNIT_MANAGE,
    Permission.HEADING_ENTER,
    Permission.HEADING_CONFIRM,
)
"""Whoever may change something about units may look at them."""

_WORDS: Final = (
    "name",
    "superior",
    "place",
    "seat",
    "phone",
    "email",
    "website",
    "feedback",
)


@bp.get("")
@requires(*ANY)
def index() -> ResponseReturnValue:
    """Show the tree of units."""
    session = db.session()
    names = queries.entered_names(session)
    units = {unit.id: unit for unit in queries.units(session)}
    order = tree(
        queries.places(session), lambda each: sort_key(names.get(each, units[each].slug))
    )
    return render_template(
        "units/index.html",
        rows=[(depth, units[each], names.get(each, units[each].slug)) for depth, each in order],
        waiting=queries.waiting_headings(session),
        may_found=visitor().may(Permission.UNIT_MANAGE),
        on=clock.today(),
    )


@bp.get("/new")
@requires(Permission.UNIT_MANAGE)
def new() -> ResponseReturnValue:
    """Ask for a new unit."""
    form = UnitForm(first_day=clock.today(), level=Level.INNER.value, parent=own_office())
    form.parent.choices = _choices(_reached(Permission.UNIT_MANAGE))
    return render_template("units/new.html", form=form)


@bp.post("/new")
@requires(Permission.UNIT_MANAGE)
def add() -> ResponseReturnValue:
    """Set up a unit below another."""
    form = UnitForm()
    form.parent.choices = _choices(_reached(Permission.UNIT_MANAGE))
    if not form.validate_on_submit():
        return render_template("units/new.html", form=form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            unit = units_service.found(
                session,
                act(),
                parent=queries.unit(session, form.parent.data),
                slug=form.slug.data,
                first_day=form.first_day.data,
                office=form.office.data,
                level=Level(form.level.data),
                name=form.name.data,
            )
            slug = unit.slug
    except QmsError as error:
        form.form_errors.append(sentence_of(error))
        return render_template("units/new.html", form=form), status_of(error)
    flash(_("Đã lập đơn vị. Tên đơn vị chờ người thứ hai xác nhận."))
    return redirect(url_for(".unit", slug=slug), code=303)


@bp.get("/<slug>")
@requires(*ANY)
def unit(slug: str) -> ResponseReturnValue:
    """Show one unit, its headings, and who followed whom."""
    return _unit(slug)


@bp.get("/<slug>/headings/new")
@requires(Permission.HEADING_ENTER)
def new_heading(slug: str) -> ResponseReturnValue:
    """Ask what stands at the head of paper, beginning with what stands there now."""
    session = db.session()
    found = queries.unit(session, slug)
    now = queries.heading(session, found.id, clock.today())
    words = {word: getattr(now, word) for word in _WORDS} if now else {}
    level = now.level if now else Level.INNER
    form = HeadingForm(from_day=clock.today(), level=level.value, **words)
    return _heading(slug, form)


@bp.post("/<slug>/headings/new")
@requires(Permission.HEADING_ENTER)
def enter_heading(slug: str) -> ResponseReturnValue:
    """Enter a heading; a second person confirms it."""
    form = HeadingForm()
    if not form.validate_on_submit():
        return _heading(slug, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            units_service.enter_heading(
                session,
                act(),
                queries.unit(session, slug),
                from_day=form.from_day.data,
                level=Level(form.level.data),
                words={word: form[word].data or "" for word in _WORDS},
            )
    except QmsError as error:
        form.form_errors.append(sentence_of(error))
        return _heading(slug, form), status_of(error)
    flash(_("Đã ghi. Phần đầu giấy tờ này chờ người thứ hai xác nhận."))
    return redirect(url_for(".unit", slug=slug), code=303)


@bp.post("/<slug>/headings/<int:heading_id>/confirm")
@requires(Permission.HEADING_CONFIRM)
def confirm_heading(slug: str, heading_id: int) -> ResponseReturnValue:
    """Confirm a heading that somebody else entered."""
    with transaction() as session:
        by = act()
        units_service.confirm_heading(session, by, heading_id)
        afterwards.begin(session, by)
    flash(_("Đã xác nhận phần đầu giấy tờ."))
    return redirect(url_for(".unit", slug=slug), code=303)


@bp.get("/<slug>/end")
@requires(Permission.UNIT_MANAGE)
def end(slug: str) -> ResponseReturnValue:
    """Ask for the last day of a unit and who takes over."""
    return _end(slug, EndUnitForm())


@bp.post("/<slug>/end")
@requires(Permission.UNIT_MANAGE)
def set_last_day(slug: str) -> ResponseReturnValue:
    """End a unit."""
    form = EndUnitForm()
    _offer_successors(slug, form)
    if not form.validate_on_submit():
        return _end(slug, form), HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        with transaction() as session:
            chosen = {each: queries.unit(session, each) for each in form.successors.data}
            units_service.end(
                session,
                act(),
                queries.unit(session, slug),
                last_day=form.last_day.data,
                successors=list(chosen.values()),
                carrier=chosen.get(form.carrier.data),
                note=form.note.data or "",
            )
    except QmsError as error:
        form.form_errors.append(sentence_of(error))
        return _end(slug, form), status_of(error)
    flash(_("Đã ghi ngày hoạt động cuối cùng."))
    return redirect(url_for(".unit", slug=slug), code=303)


@bp.post("/<slug>/review-rule")
@requires(Permission.UNIT_MANAGE)
def switch_review_rule(slug: str) -> ResponseReturnValue:
    """Set whether the office lets its signer review."""
    with transaction() as session:
        found = queries.unit(session, slug)
        allowed = not found.signer_may_review
        units_service.let_signer_review(session, act(), found, allowed=allowed)
    flash(_("Đã đổi quy định về người xem xét."))
    return redirect(url_for(".unit", slug=slug), code=303)


def _reached(permission: Permission) -> frozenset[int]:
    return visitor().reach.get(permission, frozenset())


def _choices(unit_ids: frozenset[int] | None = None, *, but: str = "") -> list[SelectChoice]:
    session = db.session()
    names = queries.entered_names(session)
    found = [
        (each.slug, names.get(each.id, each.slug))
        for each in queries.units(session)
        if (unit_ids is None or each.id in unit_ids) and each.slug != but
    ]
    return by_name(found)


def own_office() -> str:
    """Return the address word of the office somebody works in, which lists begin with."""
    session, mine = db.session(), visitor().units
    if not mine:
        return ""
    return queries.unit_by_id(session, office_of(queries.places(session), mine[0])).slug


def _unit(slug: str) -> str:
    session, today = db.session(), clock.today()
    found = queries.unit(session, slug)
    rows = queries.heading_rows(session, found.id)
    people_ids = [row.entered_by for row in rows] + [row.confirmed_by for row in rows]
    names = queries.entered_names(session)
    after = [
        (names.get(each.successor_id, ""), each.carries)
        for each in queries.successors(session, found.id)
    ]
    before = [
        names.get(each.predecessor_id, "") for each in queries.predecessors(session, found.id)
    ]
    return render_template(
        "units/unit.html",
        unit=found,
        name=names.get(found.id, found.slug),
        above=names.get(found.parent_id, "") if found.parent_id else "",
        heading=queries.heading(session, found.id, today),
        rows=rows,
        people=people.names(session, people_ids),
        levels=LEVEL_LABELS,
        after=after,
        before=before,
        act_form=ActForm(),
        me=visitor().id,
        manages=found.id in _reached(Permission.UNIT_MANAGE),
        enters=found.id in _reached(Permission.HEADING_ENTER),
        confirms=found.id in _reached(Permission.HEADING_CONFIRM),
        on=today,
    )


def _heading(slug: str, form: HeadingForm) -> str:
    session = db.session()
    found = queries.unit(session, slug)
    name = queries.entered_names(session).get(found.id, slug)
    return render_template("units/heading.html", form=form, unit=found, name=name)


def _offer_successors(slug: str, form: EndUnitForm) -> None:
    form.successors.choices = _choices(but=slug)
    nobody = choices([("", _("(chỉ một đơn vị tiếp nhận)"))])
    form.carrier.choices = [*nobody, *form.successors.choices]


def _end(slug: str, form: EndUnitForm) -> str:
    session = db.session()
    found = queries.unit(session, slug)
    _offer_successors(slug, form)
    name = queries.entered_names(session).get(found.id, slug)
    return render_template("units/end.html", form=form, unit=found, name=name)
