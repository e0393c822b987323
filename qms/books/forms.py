"""What the page of books accepts."""

from typing import Final

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from qms.accounts.forms import choices
from qms.books.rules import MOST_COPIES
from qms.notices.forms import PAPER_WORDS
from qms.web.forms import DayField, Form

ALL: Final = ("", _l("Tất cả lĩnh vực"))
BOUND: Final = "bound"
SHEETS: Final = "sheets"
SHAPE_WORDS: Final = {
    BOUND: _l("Sổ đóng quyển: bìa, mục lục, số trang, biểu mẫu, bảng phí"),
    SHEETS: _l("Chỉ các tờ niêm yết, nối tiếp nhau"),
}


class BookForm(Form):
    """Which book: what stands in it, of which day, on which paper, for whom."""

    field = SelectField(_l("Lĩnh vực"))
    on = DayField(_l("Nội dung của ngày"), [InputRequired()])
    paper = SelectField(
        _l("Khổ giấy"),
        choices=choices((each.value, words) for each, words in PAPER_WORDS.items()),
    )
    shape = RadioField(_l("Hình thức"), choices=choices(SHAPE_WORDS.items()), default=BOUND)
    number = IntegerField(
        _l("Bản kiểm soát số"),
        [Optional(), NumberRange(1, MOST_COPIES)],
        description=_l("Để trống thì mỗi trang có dấu “Bản in không kiểm soát”."),
    )
