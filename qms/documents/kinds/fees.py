"""Fee lines: the schema that fee schedules and procedures of the catalogue share."""

from datetime import date
from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator

from qms.documents.kinds.base import Code, Line, Part, Text
from qms.documents.kinds.parts import Mark


class FeeType(StrEnum):
    """Source: Luật Phí và lệ phí 97/2015/QH13, Điều 3."""

    FEE = "phi"
    CHARGE = "le_phi"
    UNSAID = "khong_ro"


class Rate(StrEnum):
    """How a line answers "how much"; unknown is never nought and never exempt."""

    AMOUNT = "amount"
    STEPS = "steps"
    NONE = "none"
    EXEMPT = "exempt"
    UNKNOWN = "unknown"


class Channel(StrEnum):
    """The ways a dossier is handed in."""

    DIRECT = "direct"
    ONLINE = "online"
    POSTAL = "postal"


class Picks(StrEnum):
    """Which day picks the amount where it changed while a dossier was under way."""

    DECISION = "decision"
    SUBMISSION = "submission"


class Step(Part):
    """From the unit with this number on, each costs ``amount`` đồng."""

    from_unit: int = Field(ge=1)
    amount: int = Field(ge=0)


class FeeLine(Part):
    """One price: what for, how much, where, from the first day to the last one inclusive.

    It holds in the units with the address words ``units``, in those below them and in those
    that followed them; everywhere where there are none. ``territory`` says so in words.
    ``transition`` says in words what ``picked_by`` decides.
    """

    name: Line
    type: FeeType = FeeType.UNSAID
    procedure: Code = ""
    case: Text = ""
    channels: tuple[Channel, ...] = ()
    territory: Line = ""
    units: tuple[Line, ...] = ()
    rate: Rate
    amount: int | None = Field(default=None, ge=0)
    steps: tuple[Step, ...] = ()
    cap: int | None = Field(default=None, ge=0)
    unit: Line = ""
    first_day: date | None = None
    last_day: date | None = None
    exemptions: tuple[Text, ...] = ()
    legal_basis: Text = ""
    transition: Line = ""
    picked_by: Picks = Picks.DECISION
    note: Text = ""
    mark: Mark | None = None
    source: Line = ""

    @model_validator(mode="after")
    def _rate_and_amount_agree(self) -> Self:
        if (self.rate is Rate.AMOUNT) != (self.amount is not None):
            raise ValueError("an amount, and only an amount, has đồng")
        if (self.rate is Rate.STEPS) != bool(self.steps):
            raise ValueError("steps, and only steps, have steps")
        if self.first_day and self.last_day and self.last_day < self.first_day:
            raise ValueError("the last day is before the first")
        return self

    def holds(self, on: date) -> bool:
        """Tell whether the line's own days include ``on``."""
        return (self.first_day or date.min) <= on <= (self.last_day or date.max)
