"""What the printed process says: cover, amendments, sections, chart. Set by ``process.html``.

Words of the paper are Vietnamese whatever the language of the pages. Pure.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Final

from qms.documents.kinds.procedure import DossierItem
from qms.processes import chart, rules
from qms.processes.bound import Stand
from qms.processes.told import Procedural, Told
from qms.vietnamese import day

FORM: Final = "process.html"
"""The print template this data is for."""

LAYOUT: Final = 2
"""Raised whenever the same data would be laid out differently."""

LOST: Final = {
    Stand.WITHDRAWN: "Thủ tục {code} đã bãi bỏ từ {day}.",
    Stand.NOT_YET: "Thủ tục {code} chưa có hiệu lực; có hiệu lực từ {day}.",
    Stand.HIDDEN: "Thủ tục {code} chỉ dành cho người của đơn vị quản lý.",
    Stand.MISSING: "Ngày {on} không có thủ tục {code} ở đơn vị này.",
}


@dataclass(frozen=True)
class Signer:
    """Who wrote, reviewed or approved, and how it was signed; empty lines to sign by hand."""

    name: str = ""
    title: str = ""
    note: str = ""


@dataclass(frozen=True)
class Amendment:
    """A line of the table of amendments; ``numbers`` is "01/00", empty for a withdrawal."""

    numbers: str
    on: str
    what: str
    why: str
    decision: str


@dataclass(frozen=True)
class Cover:
    """What the cover and the head of each page say."""

    superior: str
    office: str
    code: str
    title: str
    issue_no: int
    amendment_no: int
    dated: date | None
    effective_on: date | None
    decision: str
    signers: Sequence[Signer]
    amendments: Sequence[Amendment]
    marked: str
    printed_on: date


def process_data(cover: Cover, told: Told) -> dict[str, object]:
    """Return what ``process.html`` needs."""
    process = told.process
    standing = [each for each in told.procedures if each.bound.content is not None]
    return {
        "office": {"above": cover.superior, "name": cover.office},
        "cover": {
            **asdict(cover),
            "dated": day(cover.dated) if cover.dated else "",
            "effective_on": day(cover.effective_on) if cover.effective_on else "",
            "printed_on": day(cover.printed_on),
        },
        "on": day(told.on),
        "purpose": process.purpose,
        "applies_to": process.applies_to,
        "references": [*(each.words for each in told.references), *_clauses(process.clauses)],
        "terms": [(each.term, each.meaning) for each in process.terms],
        "conditions": process.conditions,
        "several": len(told.procedures) > 1,
        "lost": [_lost(each, told.on) for each in told.procedures if each not in standing],
        "procedures": [_procedure(each) for each in standing],
        "strips": [_strip(row) for row in chart.draw(told.bands)],
        "phases": [
            {
                "name": phase.name,
                "steps": [asdict(step) for step in phase.steps],
                "total": phase.total.words,
            }
            for phase in told.phases
        ],
        "total": "" if told.by_case else told.total.words,
        "compared": [
            line for each in standing for line in _compared(each, several=len(standing) > 1)
        ],
        "forms": [(each.code, each.name) for each in told.forms],
        "records": [each.model_dump(mode="json") for each in told.records],
        "distribution": [line for line in process.distribution.split("\n") if line.strip()],
        "note": process.note,
        "label": process.label,
    }


def _clauses(clauses: Sequence[str]) -> list[str]:
    listed = ", ".join(clauses)
    return [f"Tiêu chuẩn TCVN ISO 9001, điều khoản {listed}"] if listed else []


def _lost(each: Procedural, on: date) -> str:
    bound = each.bound
    since = day(bound.day) if bound.day else ""
    return LOST[bound.stand].format(code=bound.code, day=since, on=day(on))


def _procedure(each: Procedural) -> dict[str, object]:
    return {
        "code": each.bound.code,
        "title": each.bound.title,
        "legal": [reference.words for reference in each.legal],
        "papers": [_item(item) for item in each.dossier],
        "sets": each.sets,
        "limits": list(each.limits),
        "place": each.places,
        "fees": list(each.fees),
    }


def _item(item: DossierItem) -> dict[str, object]:
    manner = [each for each in (item.case, item.form_code or item.form) if each]
    manner += ["xuất trình"] if item.shown_only else []
    manner += ["nếu có"] if item.optional else []
    return {
        "name": item.name,
        "manner": "; ".join(manner),
        "originals": _count(item.originals),
        "copied": _count(item.copies),
    }


def _count(value: int | None) -> str:
    return str(value) if value else "–"


def _strip(row: chart.Row) -> dict[str, object]:
    return {"svg": chart.strip(row), "with_next": row.band}


def _compared(each: Procedural, *, several: bool) -> list[str]:
    return [
        ": ".join(
            part
            for part in (
                ", ".join(x for x in (each.bound.code if several else "", found.about) if x),
                rules.said(found),
            )
            if part
        )
        for found in each.compared
    ]
