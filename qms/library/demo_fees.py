"""The fee schedules of the demonstration: its province's, for all communes, dated back."""

from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from qms import paths
from qms.accounts import service as accounts
from qms.accounts.rules import Role
from qms.documents import signing
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.queries import decision as decision_by_id
from qms.documents.registering import draft_documents
from qms.documents.rules import PAST_REASON
from qms.documents.service import Head, Line, add_lines, open_decision
from qms.documents.timeline import Action
from qms.library import shelf
from qms.library.demo_units import CHANGE
from qms.library.rules import Source, revision_text
from qms.trail import Act
from qms.units.queries import unit

OWNER: Final = "tinh-phu-tho"
PEOPLE: Final = (
    ("phi-tinh-soan", "Vũ Thị Mai", "Chuyên viên Văn phòng UBND tỉnh", Role.SECRETARY),
    ("phi-tinh-duyet", "Đặng Quốc Việt", "Phó Chánh Văn phòng UBND tỉnh", Role.LEADER),
)
"""Who entered the schedules and who confirmed them; nobody signs in as them."""
ISSUER: Final = "Các cơ quan đã ban hành mức thu (dữ liệu mẫu)"
NUMBER: Final = "01/NQ-HĐND"


def schedules() -> list[Source]:
    """Read the fee schedules of the starter library."""
    root = paths.PROCEDURES / "phi"
    return shelf.read(root, shelf.paths(root))


def first_day(sources: list[Source]) -> date:
    """Return the earliest day on which a price of the schedules is known to hold."""
    return min(
        line.first_day
        for source in sources
        if isinstance(source.file.content, FeeSchedule)
        for line in source.file.content.lines
        if line.first_day
    )


def enter_fees(session: Session, system: Act) -> None:
    """Bring the schedules into force from the earliest day they know, by one outside paper."""
    owner = unit(session, OWNER)
    acts = []
    for account, name, title, role in PEOPLE:
        user = accounts.add(session, system, account=account, name=name, title=title)
        accounts.give_post(session, system, user, owner, role, first_day=CHANGE)
        acts.append(Act(user.id, system.at, system.today))
    drafter, second = acts
    sources = schedules()
    day = first_day(sources)
    head = Head("Nhập các biểu phí, lệ phí đã ban hành", effective_on=day, issuer_name=ISSUER)
    made = open_decision(session, drafter, owner, head)
    codes = [source.file.code for source in sources]
    documents = draft_documents(session, drafter, owner=owner, kind="fee", codes=codes)
    add_lines(
        session,
        drafter,
        made,
        [Line(documents[s.file.code], Action.ISSUE, revision_text(s)) for s in sources],
    )
    paper = signing.Paper(number=NUMBER, effective_on=day, dated=day, reason=PAST_REASON)
    signing.sign(session, second, decision_by_id(session, made.id), paper)
