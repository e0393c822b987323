"""Looking into a PDF: whether it is whole, and whether anything in it acts. Pure over a path."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pikepdf

from qms.errors import N_, InvalidError

ACTING_KEYS: Final = frozenset(
    {"/JS", "/JavaScript", "/XFA", "/EF", "/EmbeddedFiles", "/RichMediaContent", "/Rendition"}
)
ACTIONS: Final = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/GoToE", "/GoToR", "/Rendition"}
    | {"/Movie", "/Sound", "/RichMediaExecute", "/SetOCGState", "/Trans"}
)
EMBEDDED: Final = frozenset(
    {"/EmbeddedFile", "/RichMedia", "/FileAttachment", "/Screen", "/Movie", "/3D", "/Sound"}
)
DEEPEST: Final = 60

ACTIVE: Final = N_(
    "Tệp PDF này có phần tự chạy hoặc tệp nhúng (%(part)s). Hãy in ra một tệp PDF mới: mở tệp,"
    " chọn In, chọn máy in “Microsoft Print to PDF”."
)
LOCKED: Final = N_(
    "Tệp PDF này có mật khẩu hoặc bị khóa. Hãy bỏ mật khẩu, hoặc xuất lại PDF từ văn bản gốc."
)
DAMAGED: Final = N_("Tệp PDF này bị hỏng. Hãy xuất lại PDF từ văn bản gốc.")


def check(path: Path) -> None:
    """Refuse the PDF at ``path`` unless it is whole and plain.

    Raises:
        InvalidError: it is encrypted, damaged, or has something in it that acts.

    """
    try:
        with (
            path.open("rb") as stream,
            pikepdf.open(stream, attempt_recovery=False, suppress_warnings=True) as opened,
        ):
            if opened.is_encrypted:
                raise InvalidError(LOCKED)
            if not opened.pages:
                raise InvalidError(DAMAGED)
            for each in opened.objects:
                _check(each)
    except pikepdf.PasswordError as error:
        raise InvalidError(LOCKED) from error
    except (pikepdf.PdfError, ValueError, RuntimeError) as error:
        raise InvalidError(DAMAGED) from error


def _check(found: pikepdf.Object, depth: int = 0) -> None:
    """Look at an object and at those that stand inside it, not at those it points to."""
    if depth > DEEPEST:
        raise InvalidError(DAMAGED)
    if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        _check_entries(found)
    for each in _inside(found):
        if isinstance(each, pikepdf.Object) and not each.is_indirect:
            _check(each, depth + 1)


def _inside(found: pikepdf.Object) -> Iterator[object]:
    if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
        yield from (value for _, value in found.items())
    elif isinstance(found, pikepdf.Array):
        yield from found


def _check_entries(found: pikepdf.Object) -> None:
    keys = set(found.keys())
    acting = keys & ACTING_KEYS
    named = {str(found.get(key)) for key in ("/S", "/Type", "/Subtype") if key in keys}
    acting |= named & (ACTIONS if "/S" in keys else EMBEDDED)
    if "/OpenAction" in keys and not _only_opens(found["/OpenAction"]):
        acting.add("/OpenAction")
    if acting:
        raise InvalidError(ACTIVE, part=", ".join(sorted(acting)))


def _only_opens(action: pikepdf.Object) -> bool:
    """Tell whether what happens on opening is only to show a page."""
    return isinstance(action, pikepdf.Array | pikepdf.Name | pikepdf.String) or (
        isinstance(action, pikepdf.Dictionary) and str(action.get("/S")) == "/GoTo"
    )
