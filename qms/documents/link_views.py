"""Pages of links: what names a document, and what a decision touches."""

from typing import TYPE_CHECKING, Final

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from qms import clock
from qms.accounts.rules import Permission
from qms.db import db
from qms.documents import decision_access, document_access, impact, links, reading
from qms.documents.decision_forms import KIND_WORDS
from qms.documents.impact import Matter, Told
from qms.documents.kinds.base import Relation
from qms.documents.kinds.registry import KINDS
from qms.vietnamese import parse_day
from qms.web.addresses import page_number
from qms.web.guards import requires, visitor

if TYPE_CHECKING:
    pass

bp = Blueprint("links", __name__)

NAMES: Final = {
    Relation.USES_FORM: _l("Biểu mẫu dùng kèm"),
    Relation.CHARGES: _l("Định mức thu cho thủ tục"),
    Relation.BASED_ON: _l("Căn cứ"),
    Relation.DESCRIBES: _l("Mô tả thủ tục"),
    Relation.RECORDS_ON: _l("Mẫu ghi hồ sơ"),
    Relation.AMENDS: _l("Sửa đổi, bổ sung"),
    Relation.REPLACED_BY: _l("Được thay bằng"),
}
"""What a text says of the documents it names."""
NAMED: Final = {
    Relation.USES_FORM: _l("Dùng biểu mẫu này"),
    Relation.CHARGES: _l("Biểu phí định mức thu"),
    Relation.BASED_ON: _l("Căn cứ văn bản này"),
    Relation.DESCRIBES: _l("Quy trình mô tả thủ tục này"),
    Relation.RECORDS_ON: _l("Ghi hồ sơ theo mẫu này"),
    Relation.AMENDS: _l("Được sửa đổi, bổ sung bởi"),
    Relation.REPLACED_BY: _l("Thay thế cho"),
}
"""What is said of the documents that name one."""
WHY: Final = {
    Relation.USES_FORM: _l("dùng biểu mẫu %(code)s"),
    Relation.CHARGES: _l("mức thu theo %(code)s"),
    Relation.BASED_ON: _l("căn cứ %(code)s"),
    Relation.DESCRIBES: _l("mô tả thủ tục %(code)s"),
    Relation.RECORDS_ON: _l("ghi hồ sơ theo mẫu %(code)s"),
    Relation.AMENDS: _l("bị %(code)s sửa đổi"),
}
"""Why a decision touches a document."""
FIRST: Final = 6
"""Documents of each kind that the page of a decision shows; the rest has its own page."""
PAGE_SIZE: Final = 50


@bp.get("/documents/<int:document_id>/links")
@requires(Permission.DOCUMENT_READ)
def naming(document_id: int) -> ResponseReturnValue:
    """List the documents whose texts of a day name this one."""
    session, today, page = db.session(), clock.today(), page_number()
    asked = request.args.get("on", "").strip()
    on = parse_day(asked) if asked else today
    seen = document_access.look(session, document_id, visitor().id, today, on=on)
    found, total = links.naming(session, seen.who, seen.document, on, page=page)
    return render_template(
        "documents/links.html",
        seen=seen,
        document=seen.document,
        found=found,
        total=total,
        page=page,
        size=links.PAGE,
        named=NAMED,
        kinds=KIND_WORDS,
        today=today,
    )


@bp.get("/decisions/<int:decision_id>/impact")
@requires(Permission.DECISION_READ)
def touched(decision_id: int) -> ResponseReturnValue:
    """List every document that a decision touches besides those it changes."""
    seen = decision_access.look(db.session(), decision_id, visitor().id, clock.today())
    page = page_number()
    changed = impact.changed_by(db.session(), decision_id)
    rows, others = _told(impact.matter(db.session(), seen.decision, changed, clock.today()))
    return render_template(
        "decisions/impact.html",
        seen=seen,
        decision=seen.decision,
        rows=rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        total=len(rows),
        others=others,
        page=page,
        size=PAGE_SIZE,
        kinds=KIND_WORDS,
        why=WHY,
    )


def impact_of(matter: Matter) -> dict[str, object]:
    """Return what the page of a decision says of the documents its changes touch."""
    rows, others = _told(matter)
    by_kind = {kind: [each for each in rows if each.kind == kind] for kind in KINDS}
    return {
        "kinds": {kind: found for kind, found in by_kind.items() if found},
        "others": others,
        "first": FIRST,
        "words": KIND_WORDS,
        "why": WHY,
        "drafts": impact.drafts_naming(db.session(), matter.changed, matter.decision.id),
    }


def _told(matter: Matter) -> tuple[list[Told], int]:
    if not matter.touched:
        return [], 0
    session = db.session()
    who = reading.visit(session, visitor().id, clock.today())
    return impact.told(session, who, matter.touched, matter.on)
