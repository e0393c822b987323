"""What an office asks its people to read."""

from http import HTTPStatus
from typing import Final

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms.accounts.queries import names
from qms.accounts.rules import Permission
from qms.db import db, transaction
from qms.errors import NotAllowedError
from qms.reading import queries, service
from qms.reading.forms import RuleForm
from qms.reading.rules import KIND_WORDS
from qms.units.queries import entered_names, places, unit_by_id
from qms.units.rules import office_of
from qms.web.guards import act, requires, visitor

bp = Blueprint("rules", __name__)

ASKS: Final = requires(Permission.READING_ASK)


@bp.get("/rule")
@ASKS
def show() -> ResponseReturnValue:
    """Show what is asked, since when, and the form that asks something else."""
    rules = queries.rules_of(db.session(), [_office()]).get(_office(), [])
    form = RuleForm(formdata=None)
    if rules:
        form.days.data = rules[-1].days
        for kind in KIND_WORDS:
            form[f"of_{kind}"].data = kind in queries.kinds_of(rules[-1])
    return _page(form)


@bp.post("/rule")
@ASKS
def ask() -> ResponseReturnValue:
    """Ask something else from today on."""
    form = RuleForm()
    if not form.validate_on_submit():
        return _page(form), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction() as session:
        office = unit_by_id(session, _office())
        service.ask(session, act(), office, kinds=form.ticked, days=form.days.data)
    flash(_("Đã ghi. Yêu cầu áp dụng cho tài liệu có hiệu lực từ hôm nay trở đi."))
    return redirect(url_for(".show"), code=303)


def _office() -> int:
    """Return the office in which the visitor sets what is asked."""
    placed = places(db.session())
    offices = [office_of(placed, each) for each in visitor().units]
    mine = visitor().reach.get(Permission.READING_ASK, frozenset())
    found = next((each for each in offices if each in mine), None)
    if found is None:
        raise NotAllowedError("Yêu cầu đọc tài liệu do Thư ký ISO của cơ quan đặt.")
    return found


def _page(form: RuleForm) -> str:
    session, office = db.session(), _office()
    rules = queries.rules_of(session, [office]).get(office, [])
    return render_template(
        "reading/rule.html",
        form=form,
        rows=[(each, queries.kinds_of(each)) for each in reversed(rules)],
        kinds=KIND_WORDS,
        people=names(session, {each.set_by for each in rules}),
        office_name=entered_names(session).get(office, ""),
    )
