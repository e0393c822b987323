"""What an editor offers in words, and the way between a text and its form."""

from dataclasses import replace
from typing import Any, Final

from qms.documents.forms import TextForm
from qms.documents.kinds.fees import Channel, FeeType, Rate
from qms.documents.kinds.legal import TYPE_WORDS
from qms.documents.kinds.procedure import CHANNEL_WORDS, LIMIT_WORDS, RATE_WORDS
from qms.documents.kinds.process import UNIT_WORDS
from qms.documents.kinds.text import Genre
from qms.documents.rules import Audience, RevisionText, Scope
from qms.units.rules import Level

WORDS: Final = {
    "channels": {each.value: CHANNEL_WORDS[each] for each in Channel},
    "limits": {
        "": "Chưa ghi",
        **{unit.value: words for unit, words in LIMIT_WORDS.items()},
        "same_day": "ngay trong ngày",
        "other": "khác (ghi bằng lời)",
    },
    "types": {
        FeeType.FEE.value: "Phí",
        FeeType.CHARGE.value: "Lệ phí",
        FeeType.UNSAID.value: "Không rõ",
    },
    "rates": {
        Rate.AMOUNT.value: "Số tiền",
        Rate.STEPS.value: "Theo bậc",
        **{rate.value: words for rate, words in RATE_WORDS.items()},
    },
    "step_units": {unit.value: words for unit, words in UNIT_WORDS.items()},
    "genres": {
        Genre.POLICY.value: "Chính sách",
        Genre.OBJECTIVES.value: "Mục tiêu",
        Genre.MANUAL.value: "Sổ tay",
        Genre.PROCEDURE.value: "Quy trình",
        Genre.REGULATION.value: "Quy chế, quy định",
        Genre.INSTRUCTION.value: "Hướng dẫn",
        Genre.DECLARATION.value: "Công bố",
        Genre.NOTICE.value: "Thông báo niêm yết",
    },
    "law_types": {each.value: words for each, words in TYPE_WORDS.items()},
}


def form_of(text: RevisionText, version: int) -> TextForm:
    """Return the form of a text as it is saved."""
    return TextForm(
        None,
        **{name: getattr(text, name) for name in _SIMPLE},
        version=str(version),
        audience=text.audience.value,
        scope=text.scope.value,
        scope_level=text.scope_level.value if text.scope_level else "",
        scope_units=list(text.scope_units),
    )


_SIMPLE: Final = (
    *("title", "issue_no", "amendment_no", "review_months", "retention", "summary", "why"),
)


def text_of(form: TextForm, content: Any) -> RevisionText:  # noqa: ANN401 - any kind of content
    """Return the text that a form and a content make together."""
    scope = Scope(form.scope.data)
    made = RevisionText(form.title.data, content)
    return replace(
        made,
        issue_no=form.issue_no.data,
        amendment_no=form.amendment_no.data,
        scope=scope,
        scope_level=(
            Level(form.scope_level.data)
            if scope is Scope.LEVEL and form.scope_level.data
            else None
        ),
        scope_units=tuple(form.scope_units.data or ()) if scope is Scope.UNITS else (),
        audience=Audience(form.audience.data),
        review_months=form.review_months.data,
        retention=form.retention.data or "",
        summary=form.summary.data or "",
        why=form.why.data or "",
    )
