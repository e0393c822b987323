"""Who has read what: a list of texts, each with its people, and the list they sign."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from qms import clock
from qms.accounts.forms import choices
from qms.accounts.rules import Permission
from qms.db import db
from qms.documents.forms import ANY
from qms.reading import looking, papers, watching
from qms.reading.forms import UnitForm
from qms.reading.queries import PAGE
from qms.registers.sheets import TYPE
from qms.text import file_name, sort_key
from qms.units.queries import entered_names, heading, places
from qms.units.rules import holds, office_of
from qms.web import pdf
from qms.web.addresses import page_number
from qms.web.guards import requires, visitor

if TYPE_CHECKING:
    from qms.reading.looking import Looked
    from qms.reading.queries import Asked
    from qms.reading.watching import Reader

bp = Blueprint("watch", __name__)

WATCHES: Final = requires(Permission.READING_WATCH)


@bp.get("/people")
@WATCHES
def index() -> ResponseReturnValue:
    """List the texts that people are asked to read, with how many have."""
    units, page, today = _units(), page_number(), clock.today()
    found = watching.watched(db.session(), _chosen(units), today)
    return render_template(
        "reading/people.html",
        form=_form(units),
        rows=found[(page - 1) * PAGE : page * PAGE],
        late=sum(each.state(today) == "late" for each in found),
        total=len(found),
        page=page,
        size=PAGE,
        today=today,
        may_ask=visitor().may(Permission.READING_ASK),
    )


@bp.get("/<int:revision_id>/people")
@WATCHES
def show(revision_id: int) -> ResponseReturnValue:
    """Show who has read one text and who has not."""
    units = _units()
    looked, asked, readers = _people(revision_id, units)
    return render_template(
        "reading/readers.html",
        form=_form(units),
        looked=looked,
        asked=asked,
        readers=readers,
        unread=sum(each.day is None for each in readers),
        units=units,
        today=clock.today(),
    )


@bp.get("/<int:revision_id>/people.<any(xlsx, pdf):list_type>")
@WATCHES
def paper(revision_id: int, list_type: str) -> Response:
    """Give the list of those who have read one text, to be signed and kept."""
    session, units = db.session(), _units()
    looked, _asked, readers = _people(revision_id, units)
    office = office_of(places(session), visitor().units[0])
    made = papers.SignatureList(looked, readers, units, heading(session, office, clock.today()))
    if list_type == "xlsx":
        answer = Response(made.workbook(), mimetype=TYPE)
    else:
        answer = Response(pdf.render(papers.FORM, made.paper()), mimetype="application/pdf")
    title = file_name(f"{papers.TITLE} {looked.code}.{list_type}")
    answer.headers["Content-Disposition"] = f'attachment; filename="{title}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _people(
    revision_id: int, units: Mapping[int, str]
) -> "tuple[Looked, Asked | None, Sequence[Reader]]":
    session, today = db.session(), clock.today()
    looked = looking.open_text(session, revision_id, visitor(), today)
    return looked, *watching.people_of(session, _chosen(units), revision_id, today)


def _units() -> dict[int, str]:
    """Return the names of the units whose people the visitor watches over."""
    session, today = db.session(), clock.today()
    placed, names = places(session), entered_names(session)
    mine = [
        each
        for each in visitor().reach.get(Permission.READING_WATCH, frozenset())
        if holds(placed[each], today)
    ]
    named = {each: names.get(each, str(each)) for each in mine}
    return dict(sorted(named.items(), key=lambda pair: sort_key(pair[1])))


def _chosen(units: Mapping[int, str]) -> list[int]:
    asked = request.args.get("unit", "")
    return [each for each in units if str(each) == asked] or list(units)


def _form(units: Mapping[int, str]) -> UnitForm:
    form = UnitForm(request.args)
    form.unit.choices = choices((ANY, *((str(each), name) for each, name in units.items())))
    return form
