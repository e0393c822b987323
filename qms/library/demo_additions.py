"""What a later feature adds to the demonstration office."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from qms.library.demo import Staff
from qms.units.models import Unit

Addition = tuple[str, Callable[[Session, Staff, Unit], None]]
"""What is added, as the command says it, and what adds it to the office."""
