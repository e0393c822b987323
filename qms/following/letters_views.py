"""The letters: one that asks, and one a day that tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _
from flask_babel import ngettext

from qms.following import telling_views
from qms.following.rules import UNCONFIRMED_DAYS, Entry
from qms.following.telling_views import absolute
from qms.mail import Letter
from qms.web.addresses import public_url

MOST: Final = 30
"""Changes that one letter tells of one board; the page of changes has all."""


@dataclass(frozen=True)
class Told:
    """What is new to somebody on one board, or in one field of it."""

    unit: str
    name: str
    field: str
    topic: str
    news: Sequence[Entry]


def question(to: str, secret: str, name: str, topic: str) -> Letter:
    """Return the letter that asks whether its address wants more."""
    what = f"{name} – {topic}" if topic else name
    said = [
        _("Có người (có lẽ là ông, bà) xin nhận thư khi bảng niêm yết này thay đổi:"),
        f"    {what}",
        _("Nếu đúng, mời mở đường dẫn sau rồi bấm “Đồng ý nhận thư”:"),
        absolute("following.letters.confirm", secret=secret),
        _(
            "Nếu không, xin bỏ qua thư này: sau %(days)s ngày địa chỉ sẽ bị xóa và không có thư "
            "nào nữa.",
            days=UNCONFIRMED_DAYS,
        ),
    ]
    subject = _("Xác nhận nhận thư: %(name)s", name=_one_line(name))
    return Letter(to, subject, "\n\n".join(said) + "\n")


def news(to: str, out: str, told: Sequence[Told]) -> Letter:
    """Return the one letter of a day."""
    count = len({each.event.mark for part in told for each in part.news})
    subject = ngettext(
        "%(num)d thay đổi: %(name)s", "%(num)d thay đổi: %(name)s", count, name=told[0].name
    )
    said = [line for part in told for line in _part(part)]
    way_out = absolute("following.letters.out", secret=out)
    said += ["-- ", _("Thôi nhận thư này: %(address)s", address=way_out)]
    return Letter(
        to,
        _one_line(subject),
        "\n".join(said) + "\n",
        {
            "List-Unsubscribe": f"<{way_out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    )


def _part(part: Told) -> list[str]:
    title = f"{part.name} – {part.topic}" if part.topic else part.name
    said = [title.upper(), ""]
    for entry in part.news[:MOST]:
        said += [
            f"* {telling_views.headline(entry)}",
            *(f"  {line}" for line in telling_views.lines(entry.event)),
            f"  {public_url(telling_views.page_of(part.unit, entry.event))}",
            "",
        ]
    where = {"unit": part.unit} | ({"field": part.field} if part.field else {})
    page = absolute("following.field_changes" if part.field else "following.index", **where)
    left = len(part.news) - MOST
    if left > 0:
        said += [
            ngettext("và %(num)d thay đổi nữa:", "và %(num)d thay đổi nữa:", left) + f" {page}",
            "",
        ]
    else:
        said += [_("Xem tất cả: %(address)s", address=page), ""]
    return said


def _one_line(words: str) -> str:
    return " ".join(words.split())
