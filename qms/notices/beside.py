"""What other documents say on the sheet of a procedure: the prices of the day, the forms in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from qms.documents.kinds.fees import FeeLine
from qms.documents.kinds.procedure import Procedure
from qms.documents.models import Change
from qms.documents.price_rules import lies_in
from qms.documents.pricing import priced
from qms.documents.timeline import Span
from qms.notices.rules import Sheet, fee_told, holds_on, lines_change
from qms.notices.stories import Story, Told

Reaches = Mapping[int, Span]
"""By document, the stretch of days that stands for the unit on the day asked."""


@dataclass(frozen=True)
class Beside:
    """Fee lines and forms as the sheet tells them, and the changes behind them."""

    fees: tuple[Mapping[str, object], ...] = ()
    forms: tuple[Mapping[str, str], ...] = ()
    schedules: tuple[Change, ...] = ()
    blanks: tuple[Change, ...] = ()


def beside(told: Story, text: Mapping[str, Any], on: date, standing: Reaches) -> Beside:
    """Return what schedules and forms say of a procedure with this text on a day."""
    fees, schedules = [], []
    for each in told.schedules:
        span = standing.get(each.document.id)
        lines = _lines(each, span, told) if span else ()
        held = [fee_told(line) for line in lines if holds_on(line, on)]
        if held and span:
            fees += held
            schedules.append(each.changes[span.entry.id])
    forms, blanks = [], []
    for code in _codes(text):
        for each in told.blanks:
            span = standing.get(each.document.id)
            if each.document.code == code and span:
                change = each.changes[span.entry.id]
                forms.append(_form(each, change))
                blanks.append(change)
    return Beside(tuple(fees), tuple(forms), tuple(schedules), tuple(blanks))


def days(told: Story) -> set[date]:
    """Return the days on which schedules, their lines or forms may say something else."""
    found = {span.first_day for each in (*told.schedules, *told.blanks) for span in each.spans}
    for each in told.schedules:
        for span in each.spans:
            found |= {
                day
                for day in lines_change(_lines(each, span, told))
                if span.first_day <= day <= (span.last_day or date.max)
            }
    return found


def lines(sheet: Sheet) -> list[FeeLine]:
    """Return the lines of fee schedules that a sheet tells."""
    return [FeeLine.model_validate(line) for line in sheet.fees]


def shown(content: Procedure, sheet: Sheet) -> Procedure:
    """Return a procedure with the forms and prices its sheet tells in their places."""
    forms = {each["code"] for each in sheet.forms}
    dossier = tuple(
        item.model_copy(update={"form": item.form_code}) if item.form_code in forms else item
        for item in content.dossier
    )
    return priced(content.model_copy(update={"dossier": dossier}), lines(sheet))


def _lines(each: Told, span: Span, told: Story) -> list[dict[str, Any]]:
    """Return the lines of a schedule that price the procedure where the unit lies."""
    if span.entry.revision is None:
        return []
    return [
        line
        for line in each.text(span.entry.id)["lines"]
        if line["procedure"] == told.document.code and lies_in(told.within, line["units"])
    ]


def _codes(text: Mapping[str, Any]) -> list[str]:
    found = (item.get("form_code", "") for item in text.get("dossier", ()))
    return [code for code in dict.fromkeys(found) if code]


def _form(each: Told, change: Change) -> dict[str, str]:
    file = each.text(change.id).get("file") or {}
    title = change.revision.title if change.revision else ""
    return {
        "code": each.document.code,
        "title": title,
        "file": file.get("sha256", ""),
    }
