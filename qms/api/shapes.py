"""What the interface answers: the shapes of version 1, which grow but never change."""

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from qms.documents.kinds.fees import Channel, FeeType, Rate
from qms.documents.kinds.procedure import LimitUnit
from qms.following.rules import Kind, What
from qms.notices.rules import Verdict


class Shape(BaseModel):
    """Base of all: every field is always there; what nobody said is empty or null."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Problem(Shape):
    """Why there is no answer (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


class UnitRef(Shape):
    """A unit with a board; `slug` is its name for ever."""

    slug: str
    name: str
    level: str = Field(description="bo, tinh, huyen, xa; empty where nobody said")
    first_day: date
    last_day: date | None
    url: str
    page: str


class Units(Shape):
    """All units that have a board, ended ones included."""

    units: list[UnitRef]


class FieldCount(Shape):
    """A field of work and how many procedures of it stand."""

    slug: str
    name: str
    procedures: int


class Decision(Shape):
    """The decision by which something holds."""

    number: str
    dated: date | None
    issuer: str


class ProcedureRef(Shape):
    """A procedure in a list; its code is its name for ever."""

    code: str
    title: str
    field: str
    first_day: date
    decision_number: str
    url: str
    page: str
    pdf: str


class Listed(Shape):
    """One page of a list; `next` is the address of the next one."""

    unit: str
    on: date
    total: int
    page: int
    pages: int
    next: str | None


class Board(Listed):
    """What stands on a board on a day."""

    fields: list[FieldCount]
    procedures: list[ProcedureRef]


class PriceStep(Shape):
    """From this unit on, each costs `amount` đồng."""

    from_unit: int
    amount: int


class Price(Shape):
    """What something costs, in whole đồng. A `rate` of unknown is never free.

    `schedule` is the code of the fee schedule; empty where the national catalogue speaks.
    """

    procedure: str
    procedure_title: str
    name: str
    type: FeeType
    case: str
    channels: list[Channel]
    territory: str
    rate: Rate
    amount: int | None
    steps: list[PriceStep]
    cap: int | None
    unit: str
    words: str
    first_day: date | None
    last_day: date | None
    exemptions: list[str]
    legal_basis: str
    transition: str
    note: str
    schedule: str
    page: str | None


class Prices(Listed):
    """The prices that hold at a unit on a day."""

    prices: list[Price]


class TimeLimit(Shape):
    """How long the office may take; `count` is null where only words say it."""

    count: int | None
    unit: LimitUnit
    words: str
    note: str


class Way(Shape):
    """One way to hand in one case."""

    channel: Channel
    case: str
    limit: TimeLimit | None
    note: str


class Paper(Shape):
    """One paper of the dossier; numbers are null where nobody said."""

    name: str
    case: str
    originals: int | None
    copies: int | None
    shown_only: bool
    optional: bool
    form: str
    note: str


class LegalBasis(Shape):
    """A legal text that is named."""

    number: str
    name: str


class FormFile(Shape):
    """The file of a form, handed out while the form is in force."""

    name: str
    media_type: str
    size: int
    sha256: str
    url: str


class Form(Shape):
    """A form in force on a day."""

    code: str
    title: str
    field: str
    first_day: date
    decision_number: str
    instructions: str
    file: FormFile | None
    url: str
    page: str


class Forms(Listed):
    """The forms of a unit on a day."""

    forms: list[Form]


class FormRef(Shape):
    """A form that a procedure uses and that is in force."""

    code: str
    title: str
    url: str
    page: str


class Procedure(Shape):
    """A procedure as it stands on a day, with all its parts."""

    unit: str
    on: date
    code: str
    title: str
    field: str
    first_day: date
    issue_no: int
    amendment_no: int
    decision: Decision
    levels: list[str]
    category: str
    announced_by: str
    steps: str
    ways: list[Way]
    prices: list[Price]
    dossier: list[Paper]
    sets: int | None
    applicants: str
    handled_by: str
    decided_by: str
    delegated_to: str
    coordinated_with: str
    address: str
    result: str
    conditions: str
    legal_basis: list[LegalBasis]
    description: str
    note: str
    forms: list[FormRef]
    url: str
    page: str
    pdf: str


class Whole(Shape):
    """A whole board on a day."""

    unit: UnitRef
    on: date
    procedures: list[Procedure]
    prices: list[Price]
    forms: list[Form]


class Beside(Shape):
    """One price or time limit, before and after."""

    label: str
    old: str
    new: str


class Change(Shape):
    """One change of a board, from a day on; `id` is its name for ever."""

    id: str
    day: date
    action: What
    kind: Kind
    code: str
    title: str
    field: str
    summary: str
    words: str
    decision: Decision | None
    signed_at: datetime | None
    moved_from: date | None
    corrects: bool
    changed_parts: list[str]
    beside: list[Beside]
    page: str
    compare: str | None


class Changes(Shape):
    """One page of the changes of some days, the newest first."""

    unit: str
    first: date
    last: date
    total: int
    page: int
    pages: int
    next: str | None
    changes: list[Change]


class Difference(Shape):
    """One part that the paper says otherwise than what holds."""

    label: str
    old: str
    new: str


class Check(Shape):
    """Whether a printed sheet still says what is in force."""

    code: str
    verdict: Verdict
    checked_at: datetime
    since: date | None
    last_day: date | None
    title: str
    procedure: str
    unit: str
    differences: list[Difference]
    page: str
    present: str | None
