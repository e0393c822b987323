"""What a text that somebody writes lacks towards the law, as far as the records tell."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from qms.documents import readiness_list
from qms.documents.kinds.legal import LegalText
from qms.documents.models import Change
from qms.documents.readiness_list import Gap
from qms.documents.rules import RevisionText
from qms.errors import N_
from qms.laws import linking, rules
from qms.vietnamese import day as day_words


def record_late(
    session: Session, change: Change, text: RevisionText, today: date
) -> Sequence[Gap]:
    """Tell that a law is in force before its record: what it makes due would show late."""
    del session
    on = change.own_day or change.decision.effective_on or today
    content = text.content
    if not isinstance(content, LegalText) or content.in_force_from is None:
        return []
    if not today <= content.in_force_from < on:
        return []
    sentence = N_(
        "Văn bản có hiệu lực từ %(begins)s nhưng dòng này có hiệu lực từ %(day)s, nên việc phải"
        " cập nhật hiện ra muộn. Hãy đặt ngày riêng của dòng là %(begins)s."
    )
    values = {"begins": day_words(content.in_force_from), "day": day_words(on)}
    return [Gap("review", sentence, "in_force_from", values)]


def unlinked(
    session: Session, change: Change, text: RevisionText, today: date
) -> Sequence[Gap]:
    """Name the references whose number is that of a record, yet name none."""
    named = [each for found in rules.references(text.content).values() for each in found]
    if not any(each.number and not each.document for each in named):
        return []
    known = linking.numbered(session, change.decision, today)
    sentence = N_("%(number)s có trong danh mục văn bản nhưng chưa nối; hãy chọn văn bản đó.")
    return [
        Gap("review", sentence, each.path, {"number": each.reference.number})
        for each in rules.offers(text.content, known)
    ]


READINESS: Final[tuple[readiness_list.Ask, ...]] = (record_late, unlinked)
