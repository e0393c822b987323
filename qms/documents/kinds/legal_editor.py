"""Editing the record of a legal text: to fields, back from fields, what is missing. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import ValidationError

from qms.documents.kinds.legal import LegalText
from qms.documents.kinds.typing import Faults, Typed, rows, words
from qms.errors import N_, InvalidError
from qms.vietnamese import day

TEMPLATE: Final = "documents/edit_legal.html"
EMPTY: Final[Mapping[str, Typed]] = {"amends": {}, "replaced_by": {}}
SHORT: Final = ("number", "issuer", "address", "label")
PROSE: Final = ("governs", "applied_at", "note")
DAYS: Final = ("dated", "in_force_from", "last_day")
NAMED: Final = ("amends", "replaced_by")


def typed(content: LegalText) -> Typed:
    """Return a record as it is typed."""
    found: Typed = {name: getattr(content, name) for name in (*SHORT, *PROSE)}
    found["type"] = content.type.value
    for name in DAYS:
        value: date | None = getattr(content, name)
        found[name] = day(value) if value else ""
    for name in NAMED:
        found[name] = [
            {"number": each.number, "name": each.name, "document": each.document}
            for each in getattr(content, name)
        ]
    return found


def read(given: Typed, base: LegalText) -> tuple[LegalText | None, dict[str, InvalidError]]:
    """Return the record that was typed, or what is wrong by the path of the field."""
    faults = Faults()
    values: dict[str, Any] = {name: words(given, name).strip() for name in SHORT}
    values |= {name: words(given, name) for name in PROSE}
    values |= {name: faults.day(name, given.get(name)) for name in DAYS}
    values["type"] = words(given, "type")
    values["last_day"] = _last_day(faults, given, values["last_day"])
    for name in NAMED:
        values[name] = [
            {part: words(row, part).strip() for part in ("number", "name", "document")}
            for row in rows(given, name)
        ]
    _check(faults, values)
    kept = base.model_dump(mode="json", by_alias=True)
    try:
        content = None if faults.found else LegalText.model_validate(kept | values)
    except ValidationError as error:
        faults.refuse(error)
        content = None
    return content, faults.found


def missing(content: LegalText) -> list[tuple[str, str, str]]:
    """Return what the record lacks: state, sentence and the part it belongs to."""
    found = [
        ("late", sentence, name)
        for name, sentence in _NEEDED.items()
        if not getattr(content, name)
    ]
    if content.in_force_from is None:
        found.append(("review", N_("Chưa ghi ngày có hiệu lực."), "in_force_from"))
    if content.replaced_by and content.last_day is None:
        sentence = N_("Đã có văn bản thay thế nhưng chưa ghi ngày cuối cùng còn hiệu lực.")
        found.append(("review", sentence, "last_day"))
    if not content.address and content.file is None:
        found.append(("review", N_("Chưa có địa chỉ tra cứu hay tệp văn bản."), "address"))
    if content.label:
        found.append(
            ("review", N_("Còn nhãn cần đối chiếu; đối chiếu xong thì xóa nhãn."), "label")
        )
    return found


_NEEDED: Final = {
    "number": N_("Chưa ghi số, ký hiệu."),
    "issuer": N_("Chưa ghi cơ quan ban hành."),
    "dated": N_("Chưa ghi ngày ban hành."),
}


def _last_day(faults: Faults, given: Typed, last: date | None) -> date | None:
    """Return the last day in force, said as such or as the day after it; both must agree."""
    ended = faults.day("ended_on", given.get("ended_on"))
    if ended is None:
        return last
    before: date = ended - timedelta(days=1)
    if last is not None and last != before:
        faults.found["ended_on"] = InvalidError(
            "Hết hiệu lực từ ngày %(ended)s thì ngày cuối cùng còn hiệu lực là %(before)s, không"
            " phải %(last)s. Hãy sửa, hoặc để trống một trong hai ô.",
            ended=day(ended),
            before=day(before),
            last=day(last),
        )
    return before


def _check(faults: Faults, values: Mapping[str, Any]) -> None:
    first, last, dated = (values[name] for name in ("in_force_from", "last_day", "dated"))
    if first and last and last < first:
        faults.found["last_day"] = InvalidError("Ngày cuối đứng trước ngày đầu.")
    if dated and first and first < dated:
        faults.found["in_force_from"] = InvalidError(
            "Ngày có hiệu lực đứng trước ngày ban hành. Hãy xem lại hai ngày này."
        )
    parts = urlsplit(values["address"])
    if values["address"] and (parts.scheme != "https" or not parts.hostname):
        faults.found["address"] = InvalidError("Hãy viết địa chỉ bắt đầu bằng https://.")
