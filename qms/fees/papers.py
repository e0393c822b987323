"""Prices put into the words and tables of paper, which is Vietnamese in every language."""

from collections.abc import Mapping, Sequence
from datetime import date

from qms.fees.queries import Shown
from qms.fees.rules import Row
from qms.vietnamese import day as day_words


def schedule_data(office: Mapping[str, str], found: Shown) -> dict[str, object]:
    """Return what ``fees.html`` needs for one schedule.

    Source of the parts: Luật Phí và lệ phí 97/2015/QH13, Điều 14 khoản 1.
    """
    text, decision = found.text, found.decision
    if text is None or found.since is None:
        raise ValueError(found.code)
    legal = "\n".join(
        f"{basis.name} (số {basis.number})" if basis.number else basis.name
        for basis in text.legal_basis
    )
    number = decision.number if decision else ""
    first = day_words(found.first_day) if found.first_day else ""
    return {
        "office": office,
        "title": found.title,
        "words": f"Mã {found.code}; có hiệu lực từ {first}, theo văn bản số {number}",
        "groups": _groups(found.here),
        "listed": [
            (label, words)
            for label, words in (
                ("Đơn vị thu", text.collector),
                ("Phương thức thu", text.collection),
                ("Đối tượng nộp", text.payers),
                ("Miễn, giảm", text.exemptions),
                ("Văn bản quy định", legal),
                ("Ghi chú", text.note),
            )
            if words
        ],
        "label": text.label,
        "foot": f"{found.code}. {_foot(found.since, found.until)}",
    }


def _foot(first: date, last: date | None) -> str:
    until = f" đến hết ngày {day_words(last)}" if last else ""
    return f"Mức thu áp dụng từ ngày {day_words(first)}{until}"


def _groups(found: Sequence[Row]) -> list[dict[str, object]]:
    """Return the rows of each field under its name; numbers run through."""
    groups: dict[str, list[dict[str, object]]] = {}
    for number, row in enumerate(found, 1):
        line = row.held.line
        groups.setdefault(row.held.source.topic, []).append(
            {
                "number": number,
                "procedure": row.procedure_title or line.procedure,
                "code": line.procedure,
                "name": line.name,
                "case": line.case,
                "channels": ", ".join(row.channels) or "Mọi hình thức",
                "rate": row.rate,
                "days": _days(row),
                "basis": line.legal_basis,
                "remarks": [
                    words
                    for words in (
                        f"Miễn, giảm: {'; '.join(line.exemptions)}" if line.exemptions else "",
                        line.transition,
                        line.note,
                    )
                    if words
                ],
            }
        )
    return [{"name": name, "rows": rows} for name, rows in groups.items()]


def _days(row: Row) -> str:
    first = f"từ {day_words(row.held.first_day)}"
    if not row.held.first_day_known:
        first += " (ngày biểu có hiệu lực)"
    last = row.held.last_day
    return f"{first} đến hết {day_words(last)}" if last else first
