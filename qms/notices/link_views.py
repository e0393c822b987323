"""Where the notice of a day leads: to the files of its forms, to the schedules it rests on."""

from datetime import date

from flask import url_for
from flask_babel import gettext as _

from qms.notices import sheets
from qms.notices.stories import Story
from qms.text import slug


def form_links(
    told: Story, found: sheets.DaySheet | None, day: date, today: date
) -> dict[str, str]:
    """Return by code the files of the forms in force; of another day their pages of that day.

    A file is handed out only while it is in force.
    """
    here, forms = told.unit.slug, found.sheet.forms if found else ()
    return {
        each["code"]: url_for("notices.forms.file", unit=here, code=slug(each["code"]))
        if day == today
        else url_for("notices.forms.show", unit=here, code=slug(each["code"]), on=day)
        for each in forms
    }


def fee_links(
    told: Story, found: sheets.DaySheet | None, day: date, today: date
) -> list[tuple[str, str]]:
    """Return the fee schedules that the notice of a day rests on."""
    on = None if day == today else day
    return [
        (
            _("Biểu phí: %(title)s", title=each.revision.title),
            url_for("notices.fees.schedule", unit=told.unit.slug, code=code, on=on),
        )
        for each in (found.schedules if found else ())
        for code in [sheets.slug_of(told, each)]
        if each.revision is not None
    ]
