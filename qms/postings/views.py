"""Pages of places: which there are, what hangs there, what must, and its papers."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Final, TypedDict

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field

from qms import clock, files
from qms.accounts.rules import Permission
from qms.db import db, transaction
from qms.errors import NotFoundError, QmsError
from qms.notices.rules import PlaceKind, SheetKind
from qms.postings import copy_views, paper_views, photos, queries, service, walk_views
from qms.postings.forms import PLACE_WORDS, NeedForm, PlaceForm
from qms.postings.place_views import offered, page, topics_of
from qms.postings.reach_views import reached, the_unit, unit_choices
from qms.postings.rules import Wanted
from qms.web.downloads import attachment
from qms.web.errors import sentence_of, status_of
from qms.web.guards import act, requires, visitor
from qms.web.menu import Group, Item

if TYPE_CHECKING:
    from qms.notices.models import Place

bp = Blueprint("postings", __name__, url_prefix="/postings")
bp.register_blueprint(copy_views.bp)
bp.register_blueprint(walk_views.bp)
bp.register_blueprint(paper_views.bp)

MENU = (
    Item(Group.NOTICES, _l("Đi thay giấy"), "postings.walk.index", (Permission.COPY_PRINT,)),
    Item(Group.NOTICES, _l("Nơi niêm yết"), "postings.index", (Permission.COPY_PRINT,)),
    Item(
        Group.NOTICES, _l("Bản in để treo"), "postings.copies.index", (Permission.COPY_PRINT,)
    ),
)


class Said(TypedDict):
    """What a form says of a place."""

    kind: PlaceKind
    name: str
    note: str


PRINTS: Final = requires(Permission.COPY_PRINT)
KEEPS: Final = requires(Permission.PLACE_KEEP)


@bp.get("/places")
@PRINTS
def index() -> ResponseReturnValue:
    """Show the places of a unit: what hangs at each, what is missing, what is too much."""
    unit, today = the_unit(), clock.today()
    session = db.session()
    found = queries.coverage(session, unit, today) if unit else None
    walk = queries.walk(session, unit, today, today) if unit else None
    spots = walk.spots if walk else ()
    left = {spot.place.id: spot.left for spot in spots}
    due = {
        spot.place.id: {each.sheet for each in spot.tasks if not each.done} for spot in spots
    }
    closed = [
        each
        for each in (queries.places_of(session, [unit.id]) if unit else [])
        if each.last_day is not None and each.last_day < today
    ]
    return render_template(
        "postings/index.html",
        unit=unit,
        units=unit_choices(),
        found=found,
        left=left,
        right={
            place.id: sum(each not in due.get(place.id, ()) for each in shown.complete)
            for place, _, shown in (found.spots if found else ())
        },
        closed=closed,
        kinds=PLACE_WORDS,
        may_keep=unit is not None
        and unit.id in visitor().reach.get(Permission.PLACE_KEEP, frozenset()),
    )


@bp.get("/places/new")
@KEEPS
def new() -> ResponseReturnValue:
    """Ask for a new place."""
    return _edit(PlaceForm(), None)


@bp.post("/places/new")
@KEEPS
def add() -> ResponseReturnValue:
    """Enter a new place."""
    form, unit = PlaceForm(), the_unit()
    if unit is None or not form.validate_on_submit():
        return _edit(form, None), HTTPStatus.UNPROCESSABLE_ENTITY
    wrong: Field = form.photo
    try:
        photo = photos.keep_sent(form.photo.data)
        wrong = form.name
        with transaction() as session:
            by = act()
            made = service.open_place(session, by, unit, **_said(form))
            if photo:
                service.set_photo(session, by, made, photo)
            place_id = made.id
    except QmsError as error:
        wrong.errors = [*wrong.errors, sentence_of(error)]
        return _edit(form, None), status_of(error)
    flash(_("Đã thêm nơi niêm yết. Hãy ghi nơi này phải treo những gì."))
    return redirect(url_for(".place", place_id=place_id), code=303)


@bp.get("/places/<int:place_id>")
@PRINTS
def place(place_id: int) -> ResponseReturnValue:
    """Show one place on a day: what hung there, what it must show, and what is wrong."""
    return page(queries.place(db.session(), place_id, reached()), NeedForm())


@bp.get("/places/<int:place_id>/edit")
@KEEPS
def edit(place_id: int) -> ResponseReturnValue:
    """Ask what is another about a place."""
    found = queries.place(db.session(), place_id, reached(Permission.PLACE_KEEP))
    return _edit(PlaceForm(obj=found), found)


@bp.post("/places/<int:place_id>/edit")
@KEEPS
def change(place_id: int) -> ResponseReturnValue:
    """Change a place."""
    form = PlaceForm()
    found = queries.place(db.session(), place_id, reached(Permission.PLACE_KEEP))
    if not form.validate_on_submit():
        return _edit(form, found), HTTPStatus.UNPROCESSABLE_ENTITY
    wrong: Field = form.photo
    try:
        photo = photos.keep_sent(form.photo.data)
        wrong = form.name
        with transaction() as session:
            by, kept = act(), queries.place(session, place_id, reached(Permission.PLACE_KEEP))
            service.change_place(session, by, kept, **_said(form))
            if photo:
                service.set_photo(session, by, kept, photo)
    except QmsError as error:
        wrong.errors = [*wrong.errors, sentence_of(error)]
        return _edit(form, found), status_of(error)
    flash(_("Đã lưu."))
    return redirect(url_for(".place", place_id=place_id), code=303)


@bp.post("/places/<int:place_id>/close")
@KEEPS
def close(place_id: int) -> ResponseReturnValue:
    """Close a place where nothing hangs any more."""
    with transaction() as session:
        found = queries.place(session, place_id, reached(Permission.PLACE_KEEP))
        service.close_place(session, act(), found)
        unit = found.unit.slug
    flash(_("Đã đóng nơi niêm yết. Lịch sử của nơi này vẫn còn."))
    return redirect(url_for(".index", unit=unit), code=303)


@bp.post("/places/<int:place_id>/needs")
@KEEPS
def ask_for(place_id: int) -> ResponseReturnValue:
    """Let a place have to show something more."""
    form = NeedForm()
    found = queries.place(db.session(), place_id, reached(Permission.PLACE_KEEP))
    topics = topics_of(found)
    form.topic.choices = offered(topics)
    if not form.validate_on_submit():
        return page(found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    wanted = Wanted(SheetKind(form.kind.data), form.topic.data or "")
    if wanted.topic and wanted.topic not in topics.get(wanted.kind, {}):
        wrong = _("Loại tờ này không có mục đã chọn. Hãy chọn lại hoặc để “Tất cả”.")
        form.topic.errors = [*form.topic.errors, wrong]
        return page(found, form), HTTPStatus.UNPROCESSABLE_ENTITY
    with transaction() as session:
        kept = queries.place(session, place_id, reached(Permission.PLACE_KEEP))
        service.ask_for(session, act(), kept, wanted)
    return redirect(url_for(".place", place_id=place_id, _anchor="needs"), code=303)


@bp.post("/places/<int:place_id>/needs/<int:need_id>/drop")
@KEEPS
def ask_no_more(place_id: int, need_id: int) -> ResponseReturnValue:
    """Let a place no longer have to show something."""
    with transaction() as session:
        kept = queries.place(session, place_id, reached(Permission.PLACE_KEEP))
        service.ask_no_more(session, act(), kept, need_id)
    return redirect(url_for(".place", place_id=place_id, _anchor="needs"), code=303)


@bp.get("/places/<int:place_id>/photo")
@PRINTS
def photo(place_id: int) -> Response:
    """Give the picture of a place."""
    found = queries.place(db.session(), place_id, reached())
    if found.photo is None:
        raise NotFoundError("Nơi này chưa có ảnh.")
    return attachment(
        files.get(found.photo),
        media_type=photos.MEDIA_TYPE,
        name=f"noi-niem-yet-{place_id}.jpg",
        tag=found.photo,
    )


def _edit(form: PlaceForm, found: "Place | None") -> str:
    return render_template(
        "postings/edit.html", form=form, place=found, unit=found.unit if found else the_unit()
    )


def _said(form: PlaceForm) -> Said:
    return Said(kind=PlaceKind(form.kind.data), name=form.name.data, note=form.note.data or "")
