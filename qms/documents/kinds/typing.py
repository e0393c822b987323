"""What somebody types into the rows of an editor: gathered, moved about, read with faults. Pure.

A field has a path such as ``methods-0-fees-1-amount``; numbers in it are places in a list.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from qms import vietnamese
from qms.documents.legacy import suspected
from qms.errors import InvalidError
from qms.text import nfc, whole_number

Typed = dict[str, Any]
"""Strings by name; lists of the same for rows."""

_DO: Final = re.compile(
    r"(?P<path>[a-z_]+(?:-[0-9]{1,6}-[a-z_]+)*?)(?:-(?P<place>[0-9]{1,6}))?-(?P<verb>add|up|down|remove)"
)
_ROWS: Final = re.compile(r"([a-z_]+)-([0-9]{1,6})(?=-|$)")
_DEEPEST: Final = 8
_MOST_COUNTED: Final = 1_000_000


@dataclass
class Faults:
    """What is wrong, by the path of the field."""

    found: dict[str, InvalidError] = field(default_factory=dict)

    def whole(self, path: str, typed: object) -> int | None:
        """Read a number that may be left out."""
        words = str(typed or "").strip()
        if not words:
            return None
        number = whole_number(words)
        if number is not None and number < _MOST_COUNTED:
            return number
        self.found[path] = InvalidError("Hãy viết một số nguyên, ví dụ 12.")
        return None

    def money(self, path: str, typed: object) -> int | None:
        """Read an amount that may be left out."""
        amount: int | None = self._read(path, typed, vietnamese.parse_money)
        return amount

    def day(self, path: str, typed: object) -> Any:  # noqa: ANN401 - a date or None
        """Read a day that may be left out."""
        return self._read(path, typed, vietnamese.parse_day)

    def refuse(self, error: ValidationError) -> None:
        """Take up what the schema finds wrong, in our words."""
        for fault in error.errors():
            path = "-".join(str(part) for part in fault["loc"])
            most = fault.get("ctx", {}).get("max_length")
            self.found.setdefault(
                path,
                InvalidError("Nhiều nhất %(most)s chữ.", most=vietnamese.number(most))
                if most
                else InvalidError("Chỗ này chưa đúng; hãy xem lại."),
            )

    def _read(self, path: str, typed: object, read: Any) -> Any:  # noqa: ANN401
        words = str(typed or "").strip()
        if not words:
            return None
        try:
            return read(words)
        except vietnamese.UnreadableError as error:
            self.found[path] = error
            return None


def gather(form: Mapping[str, str]) -> Typed:
    """Return the fields of a form as rows within rows, in the order of their places.

    What was chosen among documents that were found stands for what was typed. What seems to be
    typed in an old font is left as it is: in it, what looks like waste is letters.
    """
    tree: Typed = {}
    for name, given in form.items():
        value = form.get(f"{name}-choice", given)
        parts = name.split("-")
        if len(parts) > _DEEPEST or not all(parts):
            continue
        at = tree
        for part in parts[:-1]:
            inner = at.setdefault(part, {})
            if not isinstance(inner, dict):
                break
            at = inner
        else:
            lines = value.replace("\r\n", "\n")
            at[parts[-1]] = lines if suspected(lines) else nfc(lines)
    return {name: _listed(value) for name, value in tree.items()}


def rows(typed: Typed, name: str) -> list[Typed]:
    """Return the rows of a list; nothing where there is none."""
    found = typed.get(name)
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def words(typed: Typed, name: str) -> str:
    """Return what was typed into a field."""
    found = typed.get(name, "")
    return found if isinstance(found, str) else ""


def lines(typed: Typed, name: str) -> tuple[str, ...]:
    """Return the lines of a field that hold something."""
    return tuple(line.strip() for line in words(typed, name).split("\n") if line.strip())


def strings(typed: object) -> Iterator[str]:
    """Return all that was typed, in whatever row it stands."""
    if isinstance(typed, str):
        yield typed
    elif isinstance(typed, dict | list):
        for each in typed.values() if isinstance(typed, dict) else typed:
            yield from strings(each)


def rows_of(path: str) -> list[tuple[str, int]]:
    """Return the rows a field stands in, outermost first: the list's name, counted from 1."""
    return [(name, int(at) + 1) for name, at in _ROWS.findall(path)]


def move(typed: Typed, do: str, empty: Mapping[str, Typed]) -> str:
    """Add, move or remove a row as a button says; return the path of the row to look at.

    ``empty`` holds a new row for each list, by the list's own name.
    """
    asked = _DO.fullmatch(do)
    if asked is None:
        return ""
    parts = asked["path"].split("-")
    at = typed
    for name, place in zip(parts[:-1:2], parts[1::2], strict=False):
        inner = rows(at, name)
        if int(place) >= len(inner):
            return ""
        at = inner[int(place)]
    name = parts[-1]
    if name not in empty:
        return ""
    found = rows(at, name)
    at[name] = found
    return _moved(found, asked, empty[name])


def _moved(found: list[Typed], asked: re.Match[str], empty: Typed) -> str:
    path, verb = asked["path"], asked["verb"]
    if verb == "add":
        found.append(dict(empty))
        return f"{path}-{len(found) - 1}"
    place = int(asked["place"] or 0)
    if place >= len(found):
        return path
    row = found.pop(place)
    if verb == "remove":
        return f"{path}-{min(place, len(found) - 1)}" if found else path
    place = max(place - 1, 0) if verb == "up" else place + 1
    found.insert(place, row)
    return f"{path}-{min(place, len(found) - 1)}"


def _listed(value: object) -> object:
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(each) for name, each in value.items()}
    if inner and all(whole_number(name) is not None for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
