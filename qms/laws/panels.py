"""What the law has to say beside a text: what a law makes due, and what is due of a document."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.orm import Session

from qms.accounts.queries import names
from qms.accounts.rules import Permission
from qms.documents.kinds.base import Relation
from qms.documents.kinds.legal import LegalText
from qms.documents.panels import Ask, Looked, Panel
from qms.errors import N_
from qms.laws import linking, queries, rules
from qms.laws.queries import Due, Wanted

SHOWN: Final = 10
"""Documents that the page of a law lists; the rest stand on the page of duties."""


def of_law(session: Session, looked: Looked) -> Sequence[Panel]:
    """Return where a legal text is found, what it makes due, and when its record was checked."""
    content, document = looked.content, looked.document
    if not isinstance(content, LegalText):
        return []
    found = []
    if content.address or content.file:
        values = {"content": content, "looked": looked}
        found.append(Panel(N_("Văn bản gốc"), "laws/_source.html", values, main=False))
    if looked.draft:
        return found
    wanted = Wanted(
        sorted(looked.who.reader.own),
        looked.on,
        reader=looked.who.reader,
        law_id=document.id,
    )
    rows, total = queries.dues(session, wanted)
    waivers = queries.waivers(session, law_id=document.id)
    if rows or waivers:
        values = {
            "rows": rows[:SHOWN],
            "total": total,
            "law": document,
            "looked": looked,
            "listed": looked.who.where(Permission.DECISION_READ),
        }
        found.append(Panel(N_("Phải cập nhật theo văn bản này"), "laws/_made_due.html", values))
    checks = queries.checks(session, document.id)
    last = queries.looked_at(session, [document.id]).get(document.id)
    values = {
        "checks": checks,
        "by": names(session, [each.by for each in checks]),
        "due": rules.check_due(last) if last else None,
        "looked": looked,
        "may": looked.who.may(Permission.DECISION_DRAFT, document.owner_id),
    }
    return [*found, Panel(N_("Rà soát hằng năm"), "laws/_checks.html", values, main=False)]


def of_document(session: Session, looked: Looked) -> Sequence[Panel]:
    """Return what the law makes due of a document, and what was said about it."""
    document = looked.document
    if looked.draft or isinstance(looked.content, LegalText):
        return []
    rows: Sequence[Due] = []
    if any(link.relation is Relation.BASED_ON for link in looked.content.links()):
        wanted = Wanted([document.owner_id], looked.on, document_id=document.id)
        rows, _total = queries.dues(session, wanted)
    waivers = queries.waivers(session, document_id=document.id)
    if not rows and not waivers:
        return []
    values = {
        "rows": rows,
        "waivers": waivers,
        "laws": queries.codes(session, [each.law_id for each in waivers]),
        "by": names(session, [each.by for each in waivers]),
        "looked": looked,
        "may": looked.who.may(Permission.DECISION_DRAFT, document.owner_id),
    }
    return [Panel(N_("Cập nhật theo pháp luật"), "laws/_due.html", values)]


def to_link(session: Session, looked: Looked) -> Sequence[Panel]:
    """Return how many references of a draft could name records by their numbers."""
    if not looked.draft:
        return []
    found = linking.of_draft(session, looked.revision, looked.content)
    if found is None or not found.offers:
        return []
    values = {"found": found}
    return [Panel(N_("Nối văn bản pháp luật"), "laws/_to_link.html", values, main=False)]


PANELS: Final[tuple[Ask, ...]] = (of_law, of_document, to_link)
