"""Codes nobody knows, counted by who asked: in the database, so that all workers count together.

Only unknown codes count, so whoever scans what really hangs is never kept waiting, and a whole
office may sit behind one address. Rows live for a minute; nothing grows.
"""

from datetime import datetime
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from qms.notices.models import UnknownCode

ALLOWED: Final = 60
"""Unknown codes from one address in a minute; as many as a hall full of people may mistype."""

_SECONDS: Final = 60
_ONE_NETWORK: Final = 64  # the bits of an IPv6 address that one subscriber is given


def whose(address: str) -> str:
    """Return under what an address is counted: a network of IPv6 as one, for it is one's own."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ip_network((found, _ONE_NETWORK), strict=False).network_address)


def wait(session: Session, whose: str, at: datetime) -> int:
    """Return for how many seconds an address is told nothing; 0 where it may ask."""
    minute, into = divmod(int(at.timestamp()), _SECONDS)
    asked = session.scalar(
        sa.select(UnknownCode.asked).where(
            UnknownCode.whose == whose, UnknownCode.minute == minute
        )
    )
    return _SECONDS - into if (asked or 0) >= ALLOWED else 0


def count(session: Session, whose: str, at: datetime) -> None:
    """Count one unknown code; forget those of other minutes. A touch, no act."""
    minute = int(at.timestamp()) // _SECONDS
    mine = (UnknownCode.whose == whose, UnknownCode.minute == minute)
    more = sa.update(UnknownCode).where(*mine).values(asked=UnknownCode.asked + 1)
    known = session.scalar(more.returning(UnknownCode.asked))
    if known is None:
        session.execute(sa.delete(UnknownCode).where(UnknownCode.minute != minute))
        session.execute(sa.insert(UnknownCode).values(whose=whose, minute=minute, asked=1))
