"""What the page of a request accepts: its plan as one form, and the work on each action."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectChoice, SelectField
from wtforms.validators import Optional

from qms.accounts.forms import choices
from qms.actions.forms import NONE_YET, long_text
from qms.actions.plan_service import Plan, Planned
from qms.text import whole_number
from qms.web.forms import DayField, Form

if TYPE_CHECKING:
    from qms.actions.models import Request

SPARE: Final = 2
"""Empty lines for actions that a plan offers beside those it has."""


class Awaited:
    """What may be saved empty although the next step asks for it: the label says no “optional”."""

    field_flags: Final = {"required": True}

    def __call__(self, _form: object, _field: object) -> None:
        """Accept anything."""


class TaskLine(Form):
    """An action of a plan, one line among others; an empty one is none."""

    class Meta(Form.Meta):
        """The plan it stands in has the token."""

        csrf = False

    id = HiddenField()
    words = long_text(_l("Hành động"), 2, needed=Awaited())
    owner = SelectField(_l("Người chịu trách nhiệm"), [Awaited()], validate_choice=False)
    due = DayField(_l("Hạn"), [Awaited()], description=_l("Để trống là hạn của phiếu."))
    drop = BooleanField(_l("Bỏ hành động này"))

    @property
    def task_id(self) -> int | None:
        """The action that the line is about; none for a new one."""
        return whole_number(self.id.data)

    @property
    def is_empty(self) -> bool:
        """Whether nobody wrote anything into it."""
        return not (self.id.data or self.words.data or self.owner.data or self.due.data)

    def validate(self, extra_validators: Mapping[str, Sequence[Any]] | None = None) -> bool:
        """Ask for what an action must have, unless the line is empty or taken out."""
        if self.drop.data or self.is_empty:
            return True
        good: bool = super().validate(extra_validators)
        if not self.words.data:
            self.words.errors = [*self.words.errors, _("Hãy ghi hành động phải làm.")]
        if self.owner.data not in {each.value for each in self.owner.choices[1:]}:
            self.owner.errors = [*self.owner.errors, _("Hãy chọn người chịu trách nhiệm.")]
        return good and not self.words.errors and not self.owner.errors


class PlanForm(Form):
    """What was put right at once, how far it goes, why it happened, and what is planned."""

    version = HiddenField()
    correction = long_text(
        _l("Khắc phục ngay"),
        3,
        _l("Đã sửa ngay những gì. Nếu không có gì phải sửa ngay: “Không cần, vì …”."),
        Awaited(),
    )
    corrected_on = DayField(_l("Ngày khắc phục"), [Awaited()])
    extent = long_text(
        _l("Việc tương tự ở nơi khác"),
        3,
        _l("Đã xem ở đâu, bao nhiêu hồ sơ; có hay không."),
        Awaited(),
    )
    cause = long_text(
        _l("Nguyên nhân"),
        6,
        _l(
            "Mỗi lần hỏi “vì sao?”, viết câu trả lời ở dòng dưới: thêm một gạch, lùi vào, hoặc"
            " đánh số 1, 2, 3. Lưu rồi xem cây nguyên nhân ở dưới đã đúng ý chưa."
        ),
        Awaited(),
    )
    tasks = FieldList(FormField(TaskLine))

    def offer(self, owners: Iterable[SelectChoice], spare: int = SPARE) -> None:
        """Offer people to choose among, and empty lines until there are some."""
        lines = sum(each.form.is_empty for each in self.tasks)
        for _each in range(lines, spare):
            self.tasks.append_entry()
        offered = choices([NONE_YET, *((each.value, each.label) for each in owners)])
        for each in self.tasks:
            each.form.owner.choices = offered

    def catch_up(self, found: "Request") -> None:
        """Go on from what somebody else saved meanwhile; what was typed stays."""
        living = {each.id for each in found.tasks if each.dropped_on is None}
        self.version.data = str(found.version)
        for each in self.tasks:
            if each.form.task_id not in living:
                each.form.id.data = ""

    def plan(self) -> Plan:
        """Return what was typed."""
        lines = [each.form for each in self.tasks if not each.form.is_empty]
        return Plan(
            version=whole_number(self.version.data) or 0,
            correction=self.correction.data or "",
            corrected_on=self.corrected_on.data,
            extent=self.extent.data or "",
            cause=self.cause.data or "",
            tasks=[
                Planned(each.words.data, int(each.owner.data), each.due.data, each.task_id)
                for each in lines
                if not each.drop.data
            ],
            dropped=[each.task_id for each in lines if each.drop.data and each.task_id],
        )


class WorkForm(Form):
    """What was done of an action, with the files that show it."""

    files = MultipleFileField(
        _l("Bằng chứng"),
        [Awaited()],
        render_kw={"accept": ".pdf,.docx,.xlsx,image/*", "multiple": True},
    )
    result = long_text(_l("Kết quả"), 2, needed=Optional())


def plan_values(found: "Request") -> dict[str, Any]:
    """Return what is on record, as the form of the plan begins."""
    return {
        "version": str(found.version),
        "correction": found.correction,
        "corrected_on": found.corrected_on,
        "extent": found.extent,
        "cause": found.cause,
        "tasks": [
            {
                "id": str(each.id),
                "words": each.words,
                "owner": str(each.owner_id),
                "due": each.due,
            }
            for each in found.tasks
            if each.dropped_on is None
        ],
    }
