"""What the counter is asked, and what is typed of a notice about working days."""

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, NumberRange, ValidationError
from wtforms.validators import Optional as MayBeEmpty

from qms.counter.calendar import YEARS, DayKind
from qms.counter.models import BASIS_LENGTH
from qms.counter.serving import MOST
from qms.documents.kinds.fees import Channel
from qms.vietnamese import UnreadableError, parse_day
from qms.web.forms import DayField, Form

_CLOCK: Final = re.compile(r"([01]?\d|2[0-3])(?:\s*[:hg]\s*([0-5]\d)?)?")
_COUNT: Final = (MayBeEmpty(), NumberRange(1, MOST))
_BETWEEN_DAYS: Final = re.compile(r"[,;\n]+")
_MOST_DAYS: Final = 60

CHANNEL_LABELS: Final = {
    Channel.DIRECT: _l("Trực tiếp"),
    Channel.ONLINE: _l("Trực tuyến"),
    Channel.POSTAL: _l("Bưu chính công ích"),
}


def _in_years(_form: object, field: Any) -> None:  # noqa: ANN401 - WTForms has no types
    """Refuse a day whose lunar holidays nobody can compute."""
    if field.data is not None and field.data.year not in YEARS:
        raise ValidationError(
            gettext("Chỉ tính được lịch nghỉ từ năm %(first)s đến %(last)s.")
            % {"first": YEARS[0], "last": YEARS[-1]}
        )


class ServeForm(Form):
    """A procedure, and what tells one citizen's case from another's; read from the address."""

    class Meta(Form.Meta):
        """It asks and changes nothing."""

        csrf = False

    q = HiddenField()
    procedure = HiddenField()
    paper_case = SelectField(_l("Hồ sơ của trường hợp"), validate_choice=False)
    limit_case = SelectField(_l("Thời hạn của trường hợp"), validate_choice=False)
    fee_case = SelectField(_l("Mức thu của trường hợp"), validate_choice=False)
    channel = SelectField(_l("Hình thức nộp"), validate_choice=False)
    place = SelectField(_l("Địa bàn"), validate_choice=False)
    on = DayField(_l("Ngày nhận"), [MayBeEmpty(), _in_years])
    at = StringField(_l("Giờ nhận"), [MayBeEmpty()])
    pages = IntegerField(_l("Số trang"), validators=_COUNT)
    copies = IntegerField(_l("Số bản"), validators=_COUNT)

    def validate_at(self, field: Any) -> None:  # noqa: ANN401 - WTForms has no types
        """Refuse what is no time of a day."""
        if not _CLOCK.fullmatch(field.data):
            raise ValidationError(gettext("Hãy viết giờ và phút, ví dụ 14:30."))

    @property
    def clock(self) -> time | None:
        """The time that was typed; None where none was."""
        found = _CLOCK.fullmatch(self.at.data or "")
        return time(int(found[1]), int(found[2] or 0)) if found else None


class DaysField(TextAreaField):  # type: ignore[misc]  # WTForms has no types
    """Days, one a line or with commas between; ``data`` stays what was typed."""

    days: tuple[date, ...] = ()

    def pre_validate(self, _form: object) -> None:
        """Read the days; the sentence of a mistake names the one that is none."""
        typed = [part for part in _BETWEEN_DAYS.split(self.data or "") if part.strip()]
        if len(typed) > _MOST_DAYS:
            raise ValidationError(gettext("Nhiều nhất %(num)s ngày.") % {"num": _MOST_DAYS})
        found = []
        for part in typed:
            try:
                found.append(parse_day(part))
            except UnreadableError as error:
                sentence = str(gettext(error.sentence))
                why = sentence % error.values if error.values else sentence
                raise ValidationError(f"“{part.strip()[:40]}”: {why}") from None
        if any(each.year not in YEARS for each in found):
            raise ValidationError(
                gettext("Chỉ tính được lịch nghỉ từ năm %(first)s đến %(last)s.")
                % {"first": YEARS[0], "last": YEARS[-1]}
            )
        self.days = tuple(found)


class DaysNoticeForm(Form):
    """A paper about working days: its number, the days it turns, the year it settles."""

    basis = StringField(
        _l("Văn bản"),
        [DataRequired(), Length(max=BASIS_LENGTH)],
        description=_l("Số, ngày và cơ quan ban hành thông báo hoặc quyết định."),
    )
    year = IntegerField(
        _l("Chốt lịch nghỉ Tết, nghỉ lễ của năm"),
        [MayBeEmpty(), NumberRange(YEARS[0], YEARS[-1])],
        description=_l("Để trống nếu chỉ nói về vài ngày, ví dụ nghỉ vì bão."),
        render_kw={"inputmode": "numeric"},
    )
    off = DaysField(
        _l("Ngày được nghỉ"),
        description=_l(
            "Mỗi dòng một ngày, ví dụ 02/01/2026. Không cần ghi lại ngày lễ có sẵn."
        ),
        render_kw={"rows": 3},
    )
    working = DaysField(
        _l("Ngày đi làm, làm bù"),
        description=_l("Ngày nghỉ đổi thành ngày làm việc, ví dụ thứ Bảy làm bù."),
        render_kw={"rows": 3},
    )
    as_law = DaysField(
        _l("Ngày trở lại theo luật"),
        description=_l("Bỏ điều một thông báo trước đã ghi cho ngày đó."),
        render_kw={"rows": 2},
    )

    def days(self) -> Mapping[date, DayKind]:
        """Return what each day becomes."""
        found: dict[date, DayKind] = {}
        for field, kind in (
            (self.off, DayKind.OFF),
            (self.working, DayKind.WORKING),
            (self.as_law, DayKind.AS_LAW),
        ):
            found |= dict.fromkeys(field.days, kind)
        return found

    def validate_working(self, field: Any) -> None:  # noqa: ANN401 - WTForms has no types
        """Refuse a day that is both off and worked."""
        if set(field.days) & set(self.off.days):
            raise ValidationError(gettext("Một ngày không thể vừa nghỉ vừa đi làm."))

    def validate_as_law(self, field: Any) -> None:  # noqa: ANN401 - WTForms has no types
        """Refuse a day that is turned and turned back at once."""
        if set(field.days) & {*self.off.days, *self.working.days}:
            raise ValidationError(gettext("Ngày này đã ghi ở ô trên."))
