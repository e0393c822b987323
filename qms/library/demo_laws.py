"""The demonstration's register of legal texts, and one invented text that changes something."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from qms import paths
from qms.documents.kinds.legal import LegalText, LegalType
from qms.documents.kinds.parts import LegalReference
from qms.documents.registering import create_document
from qms.documents.rules import Audience, RevisionText
from qms.documents.service import Head, Line
from qms.documents.timeline import Action
from qms.library import demo, shelf
from qms.library.demo import AMENDED_ON, Staff
from qms.library.demo_changes import TEXT_GROUNDS
from qms.library.demo_units import CHANGE
from qms.library.rules import Source, revision_text
from qms.units.models import Unit

AMENDED: Final = "226/2016/TT-BTC"
"""What the invented text amends; the procedures of certification rest on it."""
SINCE: Final = timedelta(days=14)
"""How long before the installation it took effect."""


def legal_texts() -> list[Source]:
    """Read the legal texts of the starter library."""
    root = paths.PROCEDURES / "phap-luat"
    return shelf.read(root, shelf.paths(root))


def enter_laws(session: Session, staff: Staff, office: Unit, sources: Sequence[Source]) -> None:
    """Bring the records into force before the texts that cite them; those of 2026 with theirs."""
    documents = demo.documents_of(session, staff, office, sources)
    lines = [
        Line(
            documents[each.file.code],
            Action.ISSUE,
            revision_text(each),
            day=AMENDED_ON if "/2026/" in each.file.code else None,
        )
        for each in sources
    ]
    head = Head(
        "Lập danh mục văn bản pháp luật áp dụng tại xã Sông Lô",
        effective_on=CHANGE,
        grounds=TEXT_GROUNDS,
    )
    demo.decided(session, staff, office, head, lines, number="01/QĐ-UBND", day=CHANGE)


def enter_change(session: Session, staff: Staff, office: Unit) -> None:
    """Enter a circular that nobody issued, in force since two weeks, amending a real one."""
    begins = staff.drafter.today - SINCE
    number = f"00/{begins.year}/TT-BTC"
    content = LegalText(
        type=LegalType.CIRCULAR,
        number=number,
        issuer="Bộ Tài chính",
        dated=begins - timedelta(days=45),
        in_force_from=begins,
        amends=(LegalReference(name=_NAME, number=AMENDED, document=AMENDED),),
        note="Văn bản giả định, chỉ có trong bản trình diễn; không tra cứu được ở đâu.",
        label="văn bản giả định của bản trình diễn",
    )
    text = RevisionText(
        "Văn bản giả định: Thông tư sửa đổi, bổ sung một số điều của Thông tư 226/2016/TT-BTC",
        content,
        audience=Audience.INTERNAL,
    )
    document = create_document(session, staff.drafter, owner=office, kind="legal", code=number)
    day = begins - timedelta(days=6)
    head = Head(
        f"Cập nhật danh mục văn bản pháp luật: {number}",
        effective_on=day,
        grounds=TEXT_GROUNDS,
    )
    lines = [Line(document, Action.ISSUE, text)]
    demo.decided(session, staff, office, head, lines, number="39/QĐ-UBND", day=day)


_NAME: Final = "Thông tư quy định mức thu, chế độ thu, nộp, quản lý và sử dụng phí chứng thực"
