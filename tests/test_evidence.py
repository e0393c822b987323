"""Which files show a finding or a deed, and how they are handed out."""

import io
import zipfile

import pytest
from flask import Flask

from qms.actions import evidence
from qms.blanks.rules import DOCX, XLSX
from qms.errors import InvalidError
from tests.blanks import a_docx, an_xlsx
from tests.correcting import Correcting
from tests.factories import Office
from tests.people import As

HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"


@pytest.fixture
def correcting(app: Flask, office: Office, signed_in: As) -> Correcting:
    return Correcting(app, office, signed_in)


def a_zip(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(name, data)
    return out.getvalue()


def with_macro() -> bytes:
    """Return a Word file with a macro in it."""
    out = io.BytesIO(a_docx())
    with zipfile.ZipFile(out, "a") as packed:
        packed.writestr("word/vbaProject.bin", b"x")
    return out.getvalue()


@pytest.mark.parametrize(("made", "kind"), [(a_docx, DOCX), (an_xlsx, XLSX)])
def test_a_word_or_excel_file_is_taken_and_only_ever_saved(
    correcting: Correcting, made: object, kind: str
) -> None:
    data = made()  # type: ignore[operator]
    ending = ".docx" if kind == DOCX else ".xlsx"
    correcting.finding(files=(io.BytesIO(data), f"bien-ban{ending}"))  # type: ignore[arg-type]
    given = correcting.signed_in("chuyenvien").client.get("/actions/files/1")
    assert given.data == data
    assert given.mimetype == kind
    assert given.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in given.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (HEIC, "HEIC"),
        (with_macro(), ""),
        (a_zip("a.html", b"<script>"), ""),
        (b"<html><script>alert(1)</script>", "PDF, JPEG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", "PDF, JPEG"),
        (b"%PDF-1.7 /JavaScript (x)", "tự chạy"),
    ],
)
def test_what_could_act_or_cannot_be_shown_is_not_taken(
    app: Flask, data: bytes, words: str
) -> None:
    with app.app_context(), pytest.raises(InvalidError, match=words or None):
        evidence.keep(data, "tep.docx")


def test_evidence_of_a_deed_may_be_a_word_file(correcting: Correcting) -> None:
    correcting.finding()
    _finding, request = correcting.last()
    task = correcting.plan(request)
    correcting.post("lanhdao", "requests.approve", request)
    form = {f"work-{task}-files": (io.BytesIO(a_docx()), "so-hop.docx")}
    page = correcting.post("chuyenvien", "tasks.prove", request, form, task_id=task)
    assert "so-hop.docx" in page.text
    form = {f"work-{task}-files": (io.BytesIO(HEIC), "anh.heic")}
    page = correcting.post("chuyenvien", "tasks.prove", request, form, 422, task_id=task)
    assert "HEIC" in page.text
