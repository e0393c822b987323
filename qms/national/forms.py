"""Forms about the national catalogue."""

from typing import Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from qms.errors import N_
from qms.national.answers import VALUE_LENGTH, Answer, Found
from qms.national.doubts import DoubtKind
from qms.units.rules import LEVEL_WORDS, Level
from qms.web.forms import Form

DOUBTFUL: Final = "doubtful"
FOUND_WORDS: Final = {
    Found.NEW.value: _l("Mới"),
    Found.CHANGED.value: _l("Thay đổi"),
    Found.GONE.value: _l("Không còn"),
    Found.UNCHANGED.value: _l("Không đổi"),
    DOUBTFUL: _l("Nghi vấn"),
    Found.REFUSED.value: _l("Từ chối"),
}
"""What an import counts, in the order of the tabs."""

KIND_WORDS: Final = {
    DoubtKind.FEE_ZERO: _l("Mức 0 đồng đáng ngờ"),
    DoubtKind.FEE_AMOUNT: _l("Số tiền đáng ngờ"),
    DoubtKind.TIME_UNIT: _l("Thời hạn không rõ đơn vị"),
    DoubtKind.CHANNELS: _l("Thời hạn khác nhau theo hình thức nộp"),
    DoubtKind.DECISION: _l("Số quyết định lạ"),
    DoubtKind.NAME_LONG: _l("Tên quá dài"),
    DoubtKind.CODE: _l("Mã lạ"),
    DoubtKind.DOSSIER_TWICE: _l("Giấy tờ ghi hai lần"),
    DoubtKind.LEGAL_NUMBER: _l("Căn cứ thiếu số, ký hiệu"),
    DoubtKind.LEVELS_SHORTER: _l("Danh sách cấp bị bớt"),
    DoubtKind.CODE_TWICE: _l("Mã đứng nhiều dòng"),
    DoubtKind.LOST: _l("Mất thông tin"),
}
ANSWER_WORDS: Final = {
    Answer.UNKNOWN: _l("Để “chưa xác định”"),
    Answer.AS_SAID: _l("Giữ như danh mục ghi"),
    Answer.SUGGESTED: _l("Làm theo đề nghị"),
    Answer.OWN: _l("Ghi giá trị này"),
}
"""The answers to doubts, in the order of the buttons; the safe one first."""

LOST_WORDS: Final = {
    Answer.SUGGESTED: _l("Giữ như văn bản đang có"),
    Answer.AS_SAID: _l("Theo danh mục"),
}
"""The answers where the catalogue would take something away."""

MEANINGS: Final = {
    (Answer.AS_SAID, DoubtKind.FEE_ZERO): N_("%(count)s mức thu sẽ công khai là 0 đồng."),
    (Answer.AS_SAID, DoubtKind.FEE_AMOUNT): N_(
        "%(count)s mức thu sẽ công khai đúng số danh mục ghi, dù ghi chú nói khác."
    ),
    (Answer.AS_SAID, DoubtKind.LOST): N_(
        "%(count)s chỗ đang có thông tin sẽ theo danh mục, tức là không còn thông tin đó."
    ),
    (Answer.AS_SAID, DoubtKind.LEVELS_SHORTER): N_(
        "%(count)s danh sách cấp thực hiện sẽ bớt đi như danh mục ghi."
    ),
    (Answer.SUGGESTED, DoubtKind.LOST): N_("%(count)s chỗ giữ thông tin văn bản đang có."),
    (Answer.UNKNOWN, DoubtKind.FEE_ZERO): N_(
        "%(count)s mức thu danh mục ghi 0 đồng vẫn công khai là “chưa xác định”."
    ),
    (Answer.UNKNOWN, DoubtKind.FEE_AMOUNT): N_(
        "%(count)s số tiền đáng ngờ vẫn công khai là “chưa xác định”."
    ),
    (Answer.UNKNOWN, DoubtKind.DECISION): N_(
        "%(count)s thủ tục sẽ để trống số quyết định công bố."
    ),
}
"""What an answer to many doubts of a kind means for those who read the texts."""

_LEVELS: Final = (Level.MINISTRY, Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)


class ImportForm(Form):
    """Which file to read, for whom, and which of its rows."""

    file = FileField(
        _l("Tệp danh mục"),
        [FileRequired(_l("Hãy chọn tệp .jsonl hoặc .jsonl.gz."))],
        description=_l(
            "Tệp JSON Lines xuất từ Cơ sở dữ liệu quốc gia (.jsonl hoặc .jsonl.gz)."
        ),
    )
    owner = SelectField(_l("Đơn vị quản lý tài liệu"))
    for_level = SelectField(
        _l("Áp dụng cho"),
        description=_l("Thủ tục sẽ đứng trên bảng niêm yết của những đơn vị này."),
    )
    level = SelectField(_l("Chỉ lấy thủ tục"))
    field = StringField(
        _l("Chỉ lấy lĩnh vực"),
        [Length(max=300)],
        description=_l("Ghi đúng tên lĩnh vực; bỏ trống để lấy mọi lĩnh vực."),
    )

    def offer(self, owners: list[tuple[str, str]]) -> None:
        """Offer the units a person may import for, and the levels."""
        self.owner.choices = [SelectChoice(value=slug, label=name) for slug, name in owners]
        self.for_level.choices = [
            SelectChoice(value="", label=_("Riêng đơn vị quản lý")),
            *(
                SelectChoice(
                    value=level.value,
                    label=_("Mọi đơn vị %(level)s trực thuộc", level=_(words)),
                )
                for level, words in LEVEL_WORDS.items()
                if level in _LEVELS[1:]
            ),
        ]
        self.level.choices = [
            SelectChoice(value="", label=_("Mọi cấp")),
            *(
                SelectChoice(value=level.value, label=_(LEVEL_WORDS[level]).capitalize())
                for level in _LEVELS
            ),
        ]


class FilterForm(Form):
    """What a list is filtered by."""

    class Meta(Form.Meta):
        """A filter changes nothing, so it needs no token."""

        csrf = False

    q = StringField(_l("Tìm tên, mã"), [Length(max=200)])
    field = SelectField(_l("Lĩnh vực"), validate_choice=False)
    kind = SelectField(_l("Loại nghi vấn"), validate_choice=False)


class AnswerForm(Form):
    """One answer to many doubts."""

    value = StringField(_l("Giá trị đúng"), [Length(max=VALUE_LENGTH)])
