"""What changed between the text we have and what an export says; what is new and what is gone.

Pure. White space, bullets, Unicode form, letter case and the order of lists do not count.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from qms.documents.kinds.parts import LegalReference
from qms.documents.kinds.procedure import (
    DossierItem,
    LimitUnit,
    Method,
    Procedure,
)
from qms.national import losses, prices, words
from qms.national.doubts import Doubt, DoubtKind, doubt
from qms.national.rows import FIELDS, Row
from qms.text import fold

Part = TypeVar("Part", Method, DossierItem, LegalReference)

LISTS: Final = frozenset(
    {"applicants", "handled_by", "decided_by", "delegated_to", "coordinated_with", "keywords"}
)
"""Parts that are lists by comma."""


class Kind(StrEnum):
    """How a row stands to the text we have."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Known:
    """The text we have of one code: its title and content.

    ``said`` holds the keys that earlier exports had for it; None where it came from no export.
    ``stands`` is what is written there meanwhile, where open doubts took something from it.
    """

    name: str
    content: Procedure
    said: frozenset[str] | None = None
    stands: Procedure | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a row means for the text we have.

    ``merged`` is what we have wherever the export says nothing or nothing else; it is what we
    have, byte for byte, where nothing changed. ``changed_fields`` names the parts of a procedure
    that changed, and "name"; ``filled_fields`` those that no earlier export had words for:
    ``merged`` has them, yet they alone change nothing. ``doubts`` are the row's and those that
    only the comparison shows.
    """

    kind: Kind
    name: str
    merged: Procedure
    changed_fields: tuple[str, ...] = ()
    filled_fields: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Filters:
    """Which procedures an import is about; empty means all."""

    level: str = ""
    field: str = ""

    def admits(self, content: Procedure) -> bool:
        """Tell whether a procedure is one of them."""
        return (not self.level or words.level(self.level) in content.levels) and (
            not self.field or fold(self.field) == fold(content.field)
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """The counts of an import; ``doubtful`` are those of new, changed, unchanged with doubts."""

    new: int = 0
    changed: int = 0
    gone: int = 0
    unchanged: int = 0
    doubtful: int = 0
    refused: int = 0


def compare(before: Known | None, row: Row) -> Comparison:
    """Compare a row with the text we have of its code, if any."""
    if before is None:
        return Comparison(Kind.NEW, row.name, row.content, doubts=row.doubts)
    have, says = before.content, row.content
    changes, filled = dict[str, object](), list[str]()
    found = list(row.doubts)
    for key, part in FIELDS.items():
        if key not in row.present or getattr(have, part) == getattr(says, part):
            continue
        if part == "levels" and set(says.levels) < set(have.levels):
            found.append(_shorter(have, says))
        elif _was_unsaid(before, key):
            filled.append(part)
            changes[part] = getattr(says, part)
        elif (merged := _merge(part, have, says)) is not None:
            standing, lost = _keep(part, have, says, merged)
            found += lost
            if standing is not None:
                changes[part] = standing
    renamed = row.has_name and words.meaning(row.name) != words.meaning(before.name)
    stood, merged_text = before.stands or have, have.model_copy(update=changes)
    changed = ("name",) * renamed + tuple(
        part
        for part in FIELDS.values()
        if part not in filled and getattr(stood, part) != getattr(merged_text, part)
    )
    return Comparison(
        Kind.CHANGED if changed else Kind.UNCHANGED,
        row.name if renamed else before.name,
        merged_text if changes else have,
        changed,
        tuple(filled),
        _once(found),
    )


def renumbered(gone: Mapping[str, str], new: Mapping[str, str]) -> dict[str, str]:
    """Return which code that is gone lives on under which new one, by their equal names.

    Both map codes to names. Where several on a side bear one name nobody can tell: no pair.
    """
    left, right = _by_name(gone), _by_name(new)
    return {
        codes[0]: right[name][0]
        for name, codes in left.items()
        if len(codes) == 1 and len(right.get(name, ())) == 1
    }


def tally(kinds: Iterable[tuple[Kind, bool]], *, gone: int, refused: int) -> Tally:
    """Count rows by kind; the flag tells whether the row has an open doubt."""
    rows = list(kinds)
    count = Counter(kind for kind, _ in rows)
    doubtful = sum(open_ for _, open_ in rows)
    return Tally(
        count[Kind.NEW], count[Kind.CHANGED], gone, count[Kind.UNCHANGED], doubtful, refused
    )


def _by_name(names: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for code, name in names.items():
        found.setdefault(words.meaning(name), []).append(code)
    return found


def _shorter(have: Procedure, says: Procedure) -> Doubt:
    said = f"{', '.join(have.levels)} → {', '.join(says.levels) or words.NOTHING}"
    return doubt(DoubtKind.LEVELS_SHORTER, "levels", said, ", ".join(says.levels))


def _keep(
    part: str, have: Procedure, says: Procedure, merged: object
) -> tuple[object | None, list[Doubt]]:
    """Return the part as it is to stand, None where it stays, and what would be lost."""
    if part not in _LOSSES:
        return merged, []
    standing, lost = _LOSSES[part](have, says.model_copy(update={part: merged}))
    asked = [
        doubt(DoubtKind.LOST, where, losses.question(what, told), told[:_TOLD], loss=loss)
        for where, what, told, loss in lost
    ]
    if lost:
        standing = _merge(part, have, says.model_copy(update={part: standing}))
    return standing, asked


def _once(found: list[Doubt]) -> tuple[Doubt, ...]:
    """Return the doubts, without those about places that the catalogue would empty."""
    lost = tuple(each.where for each in found if each.loss is not None)
    return tuple(
        each for each in found if each.loss is not None or not each.where.startswith(lost)
    )


def _was_unsaid(before: Known, key: str) -> bool:
    """Tell whether a part is empty only because no export before had words for it.

    That is so for keys that no export had, and for the kind of a procedure: where one export
    leaves it blank the next one has a label that the first did not know.
    """
    if getattr(before.content, FIELDS[key]):
        return False
    return before.said is not None and (key not in before.said or key == "loai_thu_tuc")


def _merge(part: str, have: Procedure, says: Procedure) -> object | None:
    """Return the part as it is now, free of noise; None where it still means the same."""
    if part in _PARTS:
        return _PARTS[part](have, says)
    old, new = getattr(have, part), getattr(says, part)
    if not isinstance(old, str) or not isinstance(new, str):
        return new if old != new else None
    if part in LISTS and words.pieces(old) == words.pieces(new):
        return None
    return None if words.meaning(old) == words.meaning(new) else _quiet(old, new)


def _quiet(have: str, says: str) -> str:
    """Return what is said now, with every line that means the same as it stood before."""
    stood = {words.meaning(line): line for line in have.split("\n")}
    return "\n".join(stood.get(words.meaning(line), line) for line in says.split("\n"))


def _merged(
    have: tuple[Part, ...], says: tuple[Part, ...], key: Callable[[Part], object]
) -> tuple[Part, ...] | None:
    """Return the items said now, each as it stood before if it did; None where none changed."""
    stood: dict[object, list[Part]] = {}
    for item in have:
        stood.setdefault(key(item), []).append(item)
    found: list[Part] = []
    strange = False
    for item in says:
        twins = stood.get(key(item))
        strange = strange or not twins
        found.append(twins.pop(0) if twins else item)
    if not strange and not any(stood.values()):
        return None
    return tuple(found)


def _linked(
    have: tuple[Part, ...],
    says: tuple[Part, ...] | None,
    name: Callable[[Part], str],
    link: str,
) -> tuple[Part, ...] | None:
    """Return the items said now with the links that people gave them under the same name.

    The catalogue knows nothing of our documents, so it takes no link away.
    """
    if says is None:
        return None
    known: dict[str, set[str]] = {}
    for item in have:
        if code := getattr(item, link):
            known.setdefault(words.meaning(name(item)), set()).add(code)

    def linked(item: Part) -> Part:
        codes = known.get(words.meaning(name(item)), set())
        if getattr(item, link) or len(codes) != 1:
            return item
        return item.model_copy(update={link: next(iter(codes))})

    return tuple(linked(item) for item in says)


def _methods(have: Procedure, says: Procedure) -> tuple[Method, ...] | None:
    return _merged(have.methods, says.methods, _method_key)


def _dossier(have: Procedure, says: Procedure) -> tuple[DossierItem, ...] | None:
    merged = _merged(have.dossier, says.dossier, _dossier_key)
    return _linked(have.dossier, merged, lambda item: item.name, "form_code")


def _legal(have: Procedure, says: Procedure) -> tuple[LegalReference, ...] | None:
    merged = _merged(have.legal_basis, says.legal_basis, _legal_key)
    return _linked(have.legal_basis, merged, lambda basis: basis.number, "document")


def _method_key(method: Method) -> object:
    limit = method.limit
    said: object = limit
    if limit is not None and limit.unit is LimitUnit.OTHER:
        said = words.meaning(limit.note)
    elif limit is not None:
        said = (limit.count, limit.unit)
    fees = Counter(prices.key(line) for line in method.fees)
    return (
        method.channel,
        words.meaning(method.case),
        said,
        frozenset(fees.items()),
        words.meaning(method.note),
    )


def _dossier_key(item: DossierItem) -> object:
    return (words.meaning(item.case), words.meaning(item.name), item.originals, item.copies)


def _legal_key(basis: LegalReference) -> object:
    return (words.meaning(basis.number), words.meaning(basis.name))


_PARTS: Final[Mapping[str, Callable[[Procedure, Procedure], object | None]]] = {
    "methods": _methods,
    "dossier": _dossier,
    "legal_basis": _legal,
}

_LOSSES: Final[
    Mapping[str, Callable[[Procedure, Procedure], tuple[object, list[losses.Lost]]]]
] = {
    "methods": lambda have, says: losses.of_methods(have.methods, says.methods),
    "dossier": lambda have, says: losses.of_dossier(have.dossier, says.dossier),
    "legal_basis": lambda have, says: losses.of_legal_basis(have.legal_basis, says.legal_basis),
}
_TOLD: Final = 1_000
