"""The audit trail: who did what to which thing, and when. Lines are only ever added.

Each line carries a keyed hash over itself and the line before. The key lies outside the
database, and heads are copied outside as well, so neither a rewritten nor a shortened trail
passes :func:`verify`.
"""

import hmac
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final

import sqlalchemy as sa
from flask import Flask, current_app
from sqlalchemy.orm import Mapped, Session, mapped_column

from qms.db import Base
from qms.digests import canonical
from qms.errors import RefusedError

FIRST: Final = "0" * 64
"""What stands before the first line."""

BACKWARD: Final = timedelta(minutes=5)
"""How far the clock may seem to run backward before acts are refused."""

_KEY: Final = "qms_trail_key"


class Via(StrEnum):
    """By which door somebody acted."""

    WEB = "web"
    COMMAND_LINE = "cli"
    SYSTEM = "system"


@dataclass(frozen=True)
class Act:
    """Who does something, when, on which civil day, and by which door.

    ``actor`` is the person's number; None is the system itself.
    """

    actor: int | None
    at: datetime
    today: date
    via: Via = Via.SYSTEM


class Entry(Base):
    """One line of the trail."""

    __tablename__ = "trail"
    __table_args__ = (sa.Index(None, "action", "seq"),)

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[int | None] = mapped_column(index=True, comment="person; empty: the system")
    via: Mapped[Via]
    action: Mapped[str] = mapped_column(sa.String(60), comment="what.done: decision.signed")
    subject: Mapped[str] = mapped_column(sa.String(120), index=True, comment="decision/12")
    detail: Mapped[str] = mapped_column(sa.Text, comment="canonical JSON")
    mac: Mapped[str] = mapped_column(sa.String(64), comment="keyed hash of this and the last")


@dataclass(frozen=True)
class Head:
    """The newest line: what an anchor outside the database remembers."""

    seq: int
    mac: str


def record(
    session: Session, act: Act, *, action: str, subject: str, detail: Mapping[str, object]
) -> None:
    """Add a line in the caller's transaction: deed and record stand or fall together.

    Raises:
        RefusedError: the clock ran backward, so no line may follow the last.

    """
    session.flush()
    last = session.execute(_LAST).first()
    if last and act.at < last.at - BACKWARD:
        raise RefusedError(
            "Đồng hồ máy chủ chạy lùi so với nhật ký. Hãy chỉnh lại đồng hồ rồi làm lại."
        )
    at = max(act.at, last.at) if last else act.at
    line = {
        "seq": last.seq + 1 if last else 1,
        "at": at.astimezone(UTC).isoformat(),
        "actor": act.actor,
        "via": act.via.value,
        "action": action,
        "subject": subject,
        "detail": canonical({each: _plain(value) for each, value in detail.items()}).decode(),
    }
    mac = _mac(last.mac if last else FIRST, line)
    session.add(Entry(**{**line, "at": at, "via": act.via, "mac": mac}))
    session.flush()


def head(session: Session) -> Head:
    """Return the newest line's number and hash; number 0 while the trail is empty."""
    last = session.scalar(sa.select(Entry).order_by(Entry.seq.desc()).limit(1))
    return Head(last.seq, last.mac) if last else Head(0, FIRST)


def verify(session: Session, anchors: Iterable[Head] = ()) -> Iterator[str]:
    """Give a sentence for each fault: a line changed, missing or added, an anchor not met."""
    remembered = {anchor.seq: anchor.mac for anchor in anchors}
    before, expected = FIRST, 1
    for line in session.execute(_STORED.execution_options(yield_per=1000)):
        if line.seq != expected:
            yield f"Thiếu dòng {expected} của nhật ký."
        if not _is_whole(line, before):
            yield f"Dòng {line.seq} của nhật ký không còn nguyên vẹn."
        if remembered.pop(line.seq, line.mac) != line.mac:
            yield f"Dòng {line.seq} của nhật ký khác với mốc đã lưu bên ngoài."
        before, expected = line.mac, line.seq + 1
    remembered.pop(0, None)
    for seq in sorted(remembered):
        yield f"Nhật ký thiếu dòng {seq} mà mốc đã lưu bên ngoài có."


def details(entry: Entry) -> dict[str, object]:
    """Return what a line holds beside who, when and what."""
    found: dict[str, object] = json.loads(entry.detail)
    return found


def key() -> bytes:
    """Return the key of the chain.

    Raises:
        RefusedError: the installation has none yet.

    """
    found: bytes | None = current_app.extensions.get(_KEY)
    if found is None:
        raise RefusedError("Chưa có khóa của nhật ký. Hãy chạy “qms init”.")
    return found


def init_app(app: Flask, secret: bytes) -> None:
    """Give the application the key of its chain."""
    app.extensions[_KEY] = secret


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value if value is None or isinstance(value, (bool, int)) else str(value)


_LAST: Final = sa.select(Entry.seq, Entry.mac, Entry.at).order_by(Entry.seq.desc()).limit(1)
"""The newest line. Every act asks for it, so the question is built once."""

_STORED: Final = sa.select(
    Entry.seq,
    sa.cast(Entry.at, sa.String).label("at"),
    Entry.actor,
    sa.type_coerce(Entry.via, sa.String).label("via"),
    Entry.action,
    Entry.subject,
    Entry.detail,
    Entry.mac,
).order_by(Entry.seq)
"""Lines as they are stored: what somebody put there need not be an instant or a door."""


def _is_whole(stored: sa.Row[*tuple[Any, ...]], before: str) -> bool:
    """Tell whether a stored line is the one that was written after ``before``."""
    line = stored._asdict()
    mac = line.pop("mac")
    try:
        line["at"] = datetime.fromisoformat(line["at"]).replace(tzinfo=UTC).isoformat()
        return bool(mac == _mac(before, line))
    except (TypeError, ValueError):
        return False


def _mac(before: str, line: Mapping[str, object]) -> str:
    return hmac.new(key(), canonical({**line, "before": before}), sha256).hexdigest()
