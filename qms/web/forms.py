"""Forms: a base that speaks the language of the page, and a field for days."""

from typing import Any, Final

from flask_babel import gettext, lazy_gettext
from flask_wtf import FlaskForm
from wtforms import Field, widgets

from qms import text, vietnamese

WORDS: Final = {
    "This field is required.": lazy_gettext("Chưa điền ô này."),
    "Not a valid choice.": lazy_gettext("Hãy chọn một mục trong danh sách."),
    "Invalid Choice: could not coerce.": lazy_gettext("Hãy chọn một mục trong danh sách."),
    "Not a valid integer value.": lazy_gettext("Hãy viết một số nguyên, ví dụ 12."),
    "Not a valid decimal value.": lazy_gettext("Hãy viết một số, ví dụ 12,5."),
    "Invalid email address.": lazy_gettext("Hãy viết địa chỉ thư dạng ten@donvi.vn."),
    "Invalid URL.": lazy_gettext("Hãy viết địa chỉ bắt đầu bằng https://."),
    "Number must be at least %(min)s.": lazy_gettext("Số nhỏ nhất là %(min)s."),
    "Number must be at most %(max)s.": lazy_gettext("Số lớn nhất là %(max)s."),
    "Number must be between %(min)s and %(max)s.": lazy_gettext(
        "Số phải từ %(min)s đến %(max)s."
    ),
    "Field must be at least %(min)d characters long.": lazy_gettext(
        "Phải có ít nhất %(min)d chữ."
    ),
    "Field cannot be longer than %(max)d characters.": lazy_gettext("Nhiều nhất %(max)d chữ."),
    "Field must be between %(min)d and %(max)d characters long.": lazy_gettext(
        "Phải có từ %(min)d đến %(max)d chữ."
    ),
    "Field must be equal to %(other_name)s.": lazy_gettext("Hai ô này phải giống nhau."),
}
"""What WTForms says of its own accord, and how we say it."""


class _Words:
    """Turns the sentences of WTForms into ours."""

    def gettext(self, sentence: str) -> str:
        return str(WORDS.get(sentence, sentence))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        del singular, number
        return self.gettext(plural)


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Base of all forms."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF has no types
        """Text comes in as NFC without invisible characters; sentences are ours."""

        def get_translations(self, _form: object) -> _Words:
            """Return the words for mistakes that WTForms finds itself."""
            return _Words()

        def bind_field(self, form: object, field: Any, options: Any) -> Any:  # noqa: ANN401
            """Clean what is typed into text fields; passwords stay as typed."""
            if field.field_class.__name__ in {"StringField", "TextAreaField", "SearchField"}:
                options["filters"] = [*options.get("filters", ()), _clean]
            return super().bind_field(form, field, options)


def _clean(value: object) -> object:
    return text.nfc(value).strip() if isinstance(value, str) else value


class DayField(Field):  # type: ignore[misc]  # WTForms has no types
    """A day, typed as 05/03/2018; what was typed stays in it when it is none.

    ``data`` is a date or None.
    """

    widget = widgets.TextInput()
    data: Any

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.typed: str | None = None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; the sentence of a mistake stands beside the field."""
        if not valuelist:
            return
        self.typed = valuelist[0].strip()
        self.data = None
        if self.typed:
            try:
                self.data = vietnamese.parse_day(self.typed)
            except vietnamese.UnreadableError as error:
                sentence = str(gettext(error.sentence))
                raise ValueError(
                    sentence % error.values if error.values else sentence
                ) from None

    def _value(self) -> str:
        if self.typed is not None:
            return self.typed
        return "" if self.data is None else vietnamese.day(self.data)
