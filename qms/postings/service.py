"""Acts at places: opening and closing them, hanging copies and taking them down."""

from collections.abc import Mapping
from datetime import date, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms import trail
from qms.accounts.queries import require
from qms.accounts.rules import Permission
from qms.errors import InvalidError, RefusedError
from qms.notices import service as notices
from qms.notices.course import Course
from qms.notices.models import Copy, Place
from qms.notices.rules import PlaceKind
from qms.postings import queries, rules
from qms.postings.models import Need, Posting, Presence
from qms.postings.rules import SILENT, Deed, Wanted
from qms.trail import Act
from qms.units.models import Unit


def open_place(
    session: Session,
    act: Act,
    unit: Unit,
    *,
    kind: PlaceKind,
    name: str,
    note: str = "",
    first_day: date | None = None,
) -> Place:
    """Enter a place where sheets of a unit hang or lie, from today on unless it was there before.

    Raises:
        InvalidError: the unit has one of this name.

    """
    require(session, act.actor, Permission.PLACE_KEEP, unit.id, act.today)
    _new_name(session, unit.id, name)
    made = Place(
        unit_id=unit.id,
        kind=kind,
        name=name,
        note=note,
        first_day=min(first_day or act.today, act.today),
    )
    session.add(made)
    session.flush()
    _record(session, act, "place.opened", made, {"unit": unit.id, "kind": kind})
    return made


def change_place(
    session: Session, act: Act, place: Place, *, kind: PlaceKind, name: str, note: str
) -> None:
    """Give a place another name, kind or way to find it; copies keep the name printed on them."""
    _keeps(session, act, place)
    if name != place.name:
        _new_name(session, place.unit_id, name)
    place.kind, place.name, place.note = kind, name, note
    _record(session, act, "place.changed", place, {"kind": kind})


def set_photo(session: Session, act: Act, place: Place, photo: str | None) -> None:
    """Show a place by a picture, or by none."""
    _keeps(session, act, place)
    place.photo = photo
    _record(session, act, "place.pictured", place, {"file": photo})


def close_place(session: Session, act: Act, place: Place) -> None:
    """Close a place from today on; nothing may hang there any more.

    Raises:
        RefusedError: something hangs there.

    """
    _keeps(session, act, place)
    left = len(queries.hanging(session, [place.id], act.today))
    if left:
        raise RefusedError(
            "Nơi này còn treo %(count)s tờ. Hãy ghi gỡ hết rồi mới đóng.", count=left
        )
    place.last_day = act.today - timedelta(days=1)
    _record(session, act, "place.closed", place, {"last_day": place.last_day})


def ask_for(session: Session, act: Act, place: Place, wanted: Wanted) -> None:
    """Let a place have to show sheets of a kind, of one field or of all; twice changes nothing."""
    _keeps(session, act, place)
    for each in queries.needs(session, [place.id], act.today)[place.id]:
        if (each.kind, each.topic) == (wanted.kind, wanted.topic):
            return
    session.add(
        Need(
            place_id=place.id,
            kind=wanted.kind,
            topic=wanted.topic,
            first_day=act.today,
        )
    )
    _record(session, act, "place.need_set", place, {"kind": wanted.kind, "field": wanted.topic})


def ask_no_more(session: Session, act: Act, place: Place, need_id: int) -> None:
    """Let a place no longer have to show something, from today on."""
    _keeps(session, act, place)
    for each in queries.needs(session, [place.id], act.today)[place.id]:
        if each.id == need_id:
            each.last_day = act.today - timedelta(days=1)
            detail = {"kind": each.kind, "field": each.topic}
            _record(session, act, "place.need_dropped", place, detail)


def do(
    session: Session,
    act: Act,
    copy: Copy,
    deed: Deed,
    *,
    holds: bool,
    day: date | None = None,
    photo: str | None = None,
    remark: str = "",
) -> Posting:
    """Record that a copy was hung up, taken down, removed for good, or found gone.

    ``holds`` tells whether it says what is in force today. ``day`` is today unless it was done
    before and is entered now.

    Raises:
        RefusedError: it can't follow what was done before, or an outdated sheet would hang.
        InvalidError: the day is to come, or before the print or the last deed.

    """
    require(session, act.actor, Permission.COPY_PRINT, copy.unit_id, act.today)
    last = queries.last_deed(session, copy.code)
    rules.may_follow(last.deed if last else None, deed)
    day, place = day or act.today, session.get_one(Place, copy.place_id)
    _check_day(act, copy, last, day)
    if deed is Deed.POSTED:
        _check_hanging(act, copy, place, day, holds=holds)
    made = Posting(
        code=copy.code,
        deed=deed,
        day=day,
        done_at=act.at,
        done_by=act.actor,
        photo=photo,
        remark=remark,
    )
    session.add(made)
    trail.record(
        session,
        act,
        action=f"copy.{deed.value}",
        subject=f"copy/{copy.code}",
        detail={"day": day, "file": photo, "place": place.id},
    )
    return made


def _keeps(session: Session, act: Act, place: Place) -> None:
    """Refuse who may not keep places here, and every change of a place that is closed."""
    require(session, act.actor, Permission.PLACE_KEEP, place.unit_id, act.today)
    if place.last_day is not None and place.last_day < act.today:
        raise RefusedError("Nơi niêm yết này đã đóng, không sửa được nữa.")


def _check_day(act: Act, copy: Copy, last: Posting | None, day: date) -> None:
    """Refuse a day to come, and one before the paper or before what was recorded last."""
    if day > act.today:
        raise InvalidError("Chỉ ghi việc đã làm: hãy chọn hôm nay hoặc một ngày đã qua.")
    earliest = last.day if last else min(copy.day, act.today)
    if day < earliest:
        raise InvalidError(
            "Ngày này trước ngày %(day)s, là ngày của tờ giấy hoặc lần ghi trước.",
            day=f"{earliest:%d/%m/%Y}",
        )


def _check_hanging(act: Act, copy: Copy, place: Place, day: date, *, holds: bool) -> None:
    """Refuse to hang what is to come or no longer holds, or where nothing hangs any more."""
    if copy.day > act.today:
        raise RefusedError(
            "Tờ này áp dụng từ %(day)s. Đến ngày ấy mới treo, để trên tường luôn đúng.",
            day=f"{copy.day:%d/%m/%Y}",
        )
    if not holds:
        raise RefusedError(
            "Nội dung tờ này không còn đúng hôm nay, không được treo. Hãy in tờ mới."
        )
    if place.last_day is not None and place.last_day < day:
        raise RefusedError("Nơi niêm yết này đã đóng. Hãy in tờ cho nơi khác.")


def print_copy(
    session: Session, act: Act, course: Course, *, place: Place, on: date, random: bytes
) -> Copy:
    """Enter a print of a sheet for a place; see :func:`qms.notices.service.make_copy`."""
    return notices.make_copy(session, act, course, place=place, on=on, random=random)


def was_there(session: Session, act: Act) -> None:
    """Note that the web board answered now: its last stretch goes on, or a new one begins."""
    last = session.scalar(sa.select(Presence).order_by(Presence.last_at.desc()).limit(1))
    if last is not None and timedelta(0) <= act.at - last.last_at <= SILENT:
        last.last_at = act.at
    elif last is None or act.at > last.last_at:
        session.add(Presence(first_at=act.at, last_at=act.at))


def _new_name(session: Session, unit_id: int, name: str) -> None:
    query = sa.select(Place.id).where(Place.unit_id == unit_id, Place.name == name)
    if session.scalar(query) is not None:
        raise InvalidError("Đơn vị đã có nơi niêm yết mang tên này. Hãy đặt tên khác.")


def _record(
    session: Session, act: Act, action: str, place: Place, detail: Mapping[str, object]
) -> None:
    trail.record(session, act, action=action, subject=f"place/{place.id}", detail=detail)
