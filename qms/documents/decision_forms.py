"""Forms about decisions."""

from typing import ClassVar, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from qms.documents import rules
from qms.documents.decision_lists import Phase
from qms.documents.replacing import Remedy
from qms.documents.rules import SignsFor
from qms.web.forms import DayField, Form

PHASE_WORDS: Final = {
    Phase.DRAFT: _l("Dự thảo"),
    Phase.IN_REVIEW: _l("Đang xem xét"),
    Phase.TO_SIGN: _l("Chờ ký"),
    Phase.COMING: _l("Đã ký, sắp có hiệu lực"),
    Phase.IN_FORCE: _l("Đang hiệu lực"),
    Phase.REVOKED: _l("Đã thu hồi"),
    Phase.ABANDONED: _l("Đã bỏ"),
}
KIND_WORDS: Final = {
    "procedure": _l("Thủ tục hành chính"),
    "process": _l("Quy trình nội bộ"),
    "fee": _l("Biểu phí, lệ phí"),
    "form": _l("Biểu mẫu"),
    "text": _l("Tài liệu của hệ thống (chính sách, quy chế, hướng dẫn…)"),
    "legal": _l("Văn bản pháp luật (bên ngoài)"),
}
SIGNS_FOR_WORDS: Final = {
    SignsFor.ON_BEHALF: _l("TM. – thay mặt tập thể"),
    SignsFor.OWN: _l("Ký với tư cách người đứng đầu"),
    SignsFor.FOR_THE_HEAD: _l("KT. – ký thay người đứng đầu"),
    SignsFor.BY_ORDER: _l("TL. – thừa lệnh"),
    SignsFor.BY_AUTHORITY: _l("TUQ. – thừa ủy quyền"),
}
REASON: Final = 2_000


class Chosen:
    """Marks a list from which one entry always is chosen; the field checks which."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, form: object, field: object) -> None:
        """Find nothing wrong."""


def choices(*pairs: tuple[str, object]) -> list[SelectChoice]:
    """Return values and their words as a field offers them."""
    return [SelectChoice(value=str(value), label=words) for value, words in pairs]


class FilterForm(Form):
    """What a list of decisions is asked for; read from the address."""

    class Meta(Form.Meta):
        """Nothing is changed by it."""

        csrf = False

    q = StringField(_l("Từ trong trích yếu hoặc số"))
    phase = SelectField(
        _l("Tình trạng"),
        choices=choices(("", _l("Tất cả")), *PHASE_WORDS.items()),
    )
    year = SelectField(_l("Năm ký"), choices=choices(("", _l("Tất cả"))))
    mine = BooleanField(_l("Chỉ quyết định qua tay tôi"))


class HeadForm(Form):
    """What a draft says above its lines."""

    version = HiddenField()
    owner = SelectField(_l("Đơn vị soạn và ký tại đây"), [Chosen()], choices=[])
    title = TextAreaField(
        _l("Trích yếu"),
        validators=[DataRequired(), Length(max=rules.TITLE_LENGTH)],
        description=_l("Ví dụ: Về việc sửa đổi 03 thủ tục hành chính lĩnh vực cư trú"),
    )
    issuer = RadioField(
        _l("Ai ban hành?"),
        choices=choices(
            ("own", _l("Cơ quan của đơn vị này")),
            ("outside", _l("Cơ quan khác; ở đây chỉ ghi lại và xác nhận")),
        ),
        default="own",
    )
    issuer_name = StringField(
        _l("Tên cơ quan khác"),
        validators=[Length(max=300)],
        description=_l("Ví dụ: Ủy ban nhân dân tỉnh Phú Thọ"),
    )
    grounds = TextAreaField(
        _l("Căn cứ"), validators=[Length(max=20_000)], description=_l("Mỗi căn cứ một dòng.")
    )
    effective_on = DayField(
        _l("Ngày có hiệu lực dự kiến"), description=_l("Người ký chốt ngày này khi ký.")
    )
    reason = TextAreaField(
        _l("Lý do, nếu ngày hiệu lực đã qua"), validators=[Length(max=REASON)]
    )

    def validate_issuer_name(self, field: StringField) -> None:
        """Ask for a name where another body issues."""
        if self.issuer.data == "outside" and not field.data:
            raise ValidationError(_("Hãy ghi tên cơ quan ban hành."))


class LineForm(Form):
    """The own day, the reason and the weight of a line."""

    day = DayField(
        _l("Ngày riêng của dòng này"),
        description=_l("Để trống thì theo ngày của quyết định."),
    )
    reason = TextAreaField(_l("Lý do, ghi chú"), validators=[Length(max=REASON)])
    material = BooleanField(_l("Thay đổi về nội dung (người dùng phải đọc lại)"))


class IssueForm(Form):
    """A new document in a decision."""

    kind = SelectField(_l("Loại"), [Chosen()], choices=choices(*KIND_WORDS.items()))
    code = StringField(
        _l("Mã"),
        validators=[DataRequired(), Length(max=60)],
        description=_l("Ví dụ: QT-16/VH"),
    )
    title = StringField(
        _l("Tên tài liệu"), validators=[DataRequired(), Length(max=rules.TITLE_LENGTH)]
    )


class ReasonForm(Form):
    """A reason that has to be given."""

    reason = TextAreaField(_l("Lý do"), validators=[DataRequired(), Length(max=REASON)])


class WordsForm(Form):
    """What a reviewer may say."""

    words = TextAreaField(_l("Ý kiến"), validators=[Length(max=REASON)])


class SignForm(Form):
    """What the signer settles."""

    number = StringField(
        _l("Số, ký hiệu"), validators=[DataRequired(), Length(max=rules.NUMBER_LENGTH)]
    )
    dated = DayField(_l("Ngày ký trên giấy"), validators=[InputRequired()])
    effective_on = DayField(_l("Có hiệu lực từ ngày"), validators=[InputRequired()])
    signs_for = SelectField(
        _l("Tư cách ký"), [Chosen()], choices=choices(*SIGNS_FOR_WORDS.items())
    )
    reason = TextAreaField(
        _l("Lý do, nếu ngày hiệu lực đã qua"), validators=[Length(max=REASON)]
    )
    supplement = BooleanField(
        _l("Ghi thêm cho cùng một văn bản đã có trong hệ thống (bổ sung, sửa bản ghi)")
    )
    password = PasswordField(_l("Mật khẩu của ông, bà"), validators=[DataRequired()])


class ReplaceForm(Form):
    """What is done to signed lines, and in which draft."""

    remedy = RadioField(
        _l("Việc cần làm"),
        choices=choices(
            (Remedy.MOVE.value, _l("Đổi ngày có hiệu lực")),
            (Remedy.CORRECT.value, _l("Đính chính nội dung, giữ nguyên ngày")),
            (Remedy.CANCEL.value, _l("Hủy trước ngày có hiệu lực")),
        ),
        validators=[InputRequired()],
    )
    day = DayField(_l("Ngày hiệu lực mới"), description=_l("Chỉ khi đổi ngày."))
    into = SelectField(
        _l("Ghi vào"), [Chosen()], choices=choices(("", _l("Một dự thảo quyết định mới")))
    )
    reason = TextAreaField(_l("Lý do"), validators=[DataRequired(), Length(max=REASON)])


class ScanForm(Form):
    """The scan of the signed paper."""

    scan = FileField(
        _l("Tệp bản chụp"),
        [Chosen()],
        description=_l("PDF, JPEG hoặc PNG, nhiều nhất 20 MB; chỉ một lần."),
    )
