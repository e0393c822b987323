"""Changes in plain words: what pages, feeds and letters say of one."""

from collections.abc import Iterator

from flask import url_for
from flask_babel import gettext as _

from qms.following.rules import Entry, Event, Side
from qms.vietnamese import day
from qms.web.addresses import public_url

MOST_SIDES = 8
"""Prices and limits of one change that a feed or letter names; the page of the day has all."""


def absolute(endpoint: str, **values: object) -> str:
    """Return an address of this site for readers elsewhere."""
    return public_url(url_for(endpoint, **values))  # type: ignore[arg-type]


def page_of(unit: str, event: Event) -> str:
    """Return the path of the page that shows what a change brings, or the last before it."""
    endpoint = {
        "procedure": "notices.procedure",
        "fee": "notices.fees.schedule",
        "form": "notices.forms.show",
    }[event.kind]
    on = None if event.action == "cancel" else event.day
    return url_for(endpoint, unit=unit, code=event.slug, on=on)


def headline(entry: Entry) -> str:
    """Return what happened to what, in one line."""
    event = entry.event
    words = {"title": event.title, "day": day(event.day)}
    if entry.coming and event.action != "cancel":
        coming: str = {
            "issue": _("Từ %(day)s, mới: %(title)s", **words),
            "amend": _("Từ %(day)s, thay đổi: %(title)s", **words),
            "withdraw": _("Từ %(day)s, bãi bỏ: %(title)s", **words),
        }[event.action]
        return coming
    said: str = {
        "issue": _("Mới: %(title)s", **words),
        "amend": _("Thay đổi: %(title)s", **words),
        "withdraw": _("Bãi bỏ: %(title)s", **words),
        "cancel": _("Không thay đổi nữa: %(title)s", **words),
        "prices": _("Đổi mức thu: %(title)s", **words),
    }[event.action]
    return said


def what(event: Event) -> str:
    """Say what happens, from when and by which decision."""
    on = day(event.day)
    said: str = {
        "issue": _("Áp dụng từ %(day)s.", day=on),
        "amend": _("Nội dung mới áp dụng từ %(day)s.", day=on),
        "withdraw": _("Không áp dụng nữa từ %(day)s.", day=on),
        "cancel": _("Thay đổi đã định cho %(day)s không còn; nội dung giữ như cũ.", day=on),
        "prices": _("Mức thu đổi từ %(day)s, theo ngày đã ghi sẵn trong biểu phí.", day=on),
    }[event.action]
    if event.moved:
        said += " " + _("Trước đó đã định cho %(day)s.", day=day(event.moved))
    if event.corrects:
        said += " " + _("Đính chính bản đã ký trước đó cho cùng ngày.")
    if event.dated:
        said += " " + _(
            "Theo Quyết định %(number)s ngày %(day)s của %(issuer)s.",
            number=event.number,
            day=day(event.dated),
            issuer=event.issuer,
        )
    return said


def side(each: Side) -> str:
    """Say one price or limit before and after."""
    if not each.old:
        return str(_("%(what)s: %(new)s (mới)", what=each.label, new=each.new))
    if not each.new:
        return str(_("%(what)s: %(old)s (không còn)", what=each.label, old=each.old))
    return f"{each.label}: {each.old} → {each.new}"


def lines(event: Event) -> Iterator[str]:
    """Give all that is said of a change, line by line."""
    yield what(event)
    if event.summary:
        yield event.summary
    yield from (side(each) for each in event.sides[:MOST_SIDES])
    if len(event.sides) > MOST_SIDES:
        yield _(
            "và %(count)s chỗ khác về tiền hoặc thời hạn.", count=len(event.sides) - MOST_SIDES
        )
    if event.parts:
        yield _("Phần đã đổi: %(parts)s.", parts=", ".join(event.parts))
