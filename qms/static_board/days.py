"""On which days the page of a notice may become another."""

from datetime import date

from qms.documents import timeline
from qms.notices import sheets
from qms.notices.sheets import DaySheet
from qms.notices.stories import Story


def of_notice(told: Story, found: DaySheet) -> set[date]:
    """Return the days on which the sheet, its history, or what it leads to may change."""
    days = {answer.first_day for answer in sheets.answers(told)}
    days |= {span.first_day for span in sheets.shown(told)}
    leads = {change.document_id for change in (*found.schedules, *found.blanks)}
    for each in (*told.schedules, *told.blanks):
        if each.document.id in leads:
            days |= {span.first_day for span in timeline.spans(each.entries)}
    return days
