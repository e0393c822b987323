"""What the pages of places and of the walk accept."""

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from qms.accounts.forms import choices
from qms.notices.models import NOTE_LENGTH, PLACE_LENGTH
from qms.notices.rules import PlaceKind, SheetKind
from qms.postings.models import REMARK_LENGTH
from qms.postings.rules import Deed
from qms.web.forms import DayField, Form

PLACE_WORDS: Final = {
    PlaceKind.BOARD: _l("Bảng niêm yết"),
    PlaceKind.COUNTER: _l("Quầy"),
    PlaceKind.HALL: _l("Sảnh, nhà văn hóa"),
    PlaceKind.FOLDER: _l("Cặp tài liệu"),
}
SHEET_WORDS: Final = {
    SheetKind.PROCEDURE: _l("Thủ tục, đủ nội dung"),
    SheetKind.LIST: _l("Danh mục thủ tục của lĩnh vực"),
    SheetKind.FEES: _l("Mức thu phí, lệ phí"),
    SheetKind.FEEDBACK: _l("Nơi tiếp nhận phản ánh, kiến nghị"),
    SheetKind.TEXT: _l("Thông báo, bản công bố"),
}
DEED_WORDS: Final = {
    Deed.POSTED: _l("Treo"),
    Deed.TAKEN_DOWN: _l("Gỡ để thay"),
    Deed.LOST: _l("Không thấy tờ này"),
    Deed.REMOVED: _l("Gỡ, không treo nữa"),
}
ALL_TOPICS: Final = ("", _l("Tất cả"))


class CopyForm(Form):
    """Where a sheet is to hang, and from which day it is read there."""

    place = SelectField(_l("Nơi treo"), [InputRequired()])
    on = DayField(
        _l("Treo từ ngày"),
        [InputRequired()],
        description=_l("In nội dung có hiệu lực ngày này; có thể in trước khi đến ngày."),
    )


class ListForm(Form):
    """What the list of copies is asked for; read from the address."""

    class Meta(Form.Meta):
        """Nothing is changed by it."""

        csrf = False

    q = StringField(_l("Tên, mã số, nơi treo hoặc mã kiểm tra"))
    unit = SelectField(_l("Đơn vị"), choices=choices([("", _l("Tất cả"))]))


class PlaceForm(Form):
    """A place, as one enters or changes it."""

    name = StringField(
        _l("Tên nơi niêm yết"),
        [DataRequired(), Length(max=PLACE_LENGTH)],
        description=_l("Ví dụ: Bảng tin nhà văn hóa thôn Đồng Thịnh."),
    )
    kind = SelectField(_l("Loại"), choices=choices(PLACE_WORDS.items()))
    note = TextAreaField(
        _l("Cách tìm"),
        [Length(max=NOTE_LENGTH)],
        description=_l("Ví dụ: tường bên phải cửa chính, chìa khóa ở phòng văn thư."),
        render_kw={"rows": 2},
    )
    photo = FileField(_l("Ảnh"), description=_l("Ảnh JPEG, PNG hoặc WebP của nơi này."))


class NeedForm(Form):
    """What a place has to show."""

    kind = SelectField(_l("Phải treo"), choices=choices(SHEET_WORDS.items()))
    topic = SelectField(_l("Lĩnh vực hoặc văn bản"), validators=[Optional()])


class ScanForm(Form):
    """A code, scanned, typed, or on a picture that the server reads."""

    code = StringField(_l("Mã kiểm tra"), [DataRequired(), Length(max=400)])
    seen = FileField(_l("Chụp mã bằng máy ảnh"))
    photo = FileField(_l("Ảnh chụp lúc làm"))


class DeedForm(Form):
    """What was done with one copy."""

    deed = SelectField(_l("Việc đã làm"), choices=choices(DEED_WORDS.items()))
    day = DayField(_l("Ngày làm"), [Optional()], description=_l("Để trống là hôm nay."))
    remark = StringField(_l("Ghi chú"), [Length(max=REMARK_LENGTH)])
    photo = FileField(_l("Ảnh chụp lúc làm"))


class CertificateForm(Form):
    """The days a certificate is about; read from the address."""

    class Meta(Form.Meta):
        """Nothing is changed by it."""

        csrf = False

    first = DayField(_l("Từ ngày"), [InputRequired()])
    last = DayField(_l("Đến ngày"), [InputRequired()])
