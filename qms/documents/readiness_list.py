"""What a draft still lacks, said beside it while it is written."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from qms.documents import picking
from qms.documents.kinds.editors import EDITORS
from qms.documents.models import Change
from qms.documents.reading import Visit
from qms.documents.rules import RevisionText
from qms.documents.timeline import Action
from qms.errors import N_


class Gap(NamedTuple):
    """Something a text lacks: its state, a sentence for gettext, the part to jump to.

    ``state`` is ``late`` where it must be mended before signing, else ``review``.
    """

    state: str
    sentence: str
    part: str = ""
    values: Mapping[str, object] = {}


Ask = Callable[[Session, Change, RevisionText, date], Sequence[Gap | tuple[str, str, str]]]
"""A feature's question: what does this text of a line lack, as of today?"""


def gaps(
    session: Session, who: Visit, change: Change, text: RevisionText, today: date
) -> list[Gap]:
    """Return what this feature itself finds missing in a text."""
    found = [Gap(*each) for each in EDITORS[change.document.kind].missing(text.content)]
    if change.action is Action.AMEND and not text.summary.strip():
        found.append(Gap("review", N_("Chưa ghi sửa những gì."), "summary"))
    if change.decision.effective_on is None and change.own_day is None:
        found.append(Gap("review", N_("Quyết định chưa có ngày hiệu lực dự kiến.")))
    return [*found, *_unknown(session, who, text, today)]


def _unknown(session: Session, who: Visit, text: RevisionText, today: date) -> list[Gap]:
    links = {(each.kind, each.code): each.part for each in text.content.links()}
    kinds = sorted({kind for kind, _ in links})
    known = {
        (kind, code)
        for kind in kinds
        for code in picking.titles(
            session, who, kind, {code for each, code in links if each == kind}, today
        )
    }
    return [
        Gap("review", N_("Chưa có tài liệu nào mang mã %(code)s."), part, {"code": code})
        for (kind, code), part in links.items()
        if (kind, code) not in known
    ]
