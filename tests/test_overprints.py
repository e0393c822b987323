"""Stamps on what is handed out: legible on each page, and the copy is still an archive file."""

import unicodedata
from collections.abc import Callable, Iterator
from io import BytesIO

import page as validator
import pikepdf
import pypdfium2
import pytest
from flask import Flask
from pikepdf import Dictionary, Name

from qms import overprints
from qms.notices.printing import Paper
from qms.overprints import Overprint
from qms.web import pdf
from tests.engines import sqlite_only
from tests.test_pdf import FALSE_ALARM, a_notice, fonts_of

pytestmark = pytest.mark.pdf

ENDED = "Có hiệu lực từ 01/07/2026 đến hết 04/08/2026. Bản này không còn áp dụng."
STAMPS = {
    "controlled": overprints.controlled(3),
    "uncontrolled": overprints.uncontrolled(),
    "draft": overprints.not_in_force("DỰ THẢO – chưa ký, chưa có hiệu lực"),
    "out of force": overprints.not_in_force(ENDED),
}


@pytest.fixture(scope="module", autouse=True)
def no_process_left() -> Iterator[None]:
    yield
    pdf.close()


@pytest.fixture(scope="module")
def kept() -> bytes:
    return a_sheet(Paper.A4)


def a_sheet(paper: Paper) -> bytes:
    return pdf.render_long("notice.html", a_notice(paper=paper, steps="Một câu.\n" * 90))


def findings(data: bytes) -> list[str]:
    report = validator.validate_pdf_bytes(data, profile="pdfa3u")
    return [f.rule_id for f in report.failures if FALSE_ALARM not in f.rule_id]


def words_by_page(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as document:
        read = [each.get_textpage().get_text_range() for each in document]
    return [" ".join(words.split()) for words in read]


@sqlite_only
@pytest.mark.parametrize("over", STAMPS.values(), ids=STAMPS)
def test_a_stamp_stands_on_every_page_of_what_stays_an_archive_file(
    app: Flask, kept: bytes, over: Overprint
) -> None:
    with app.app_context():
        stamped = overprints.stamped(kept, over, pdf.render_long)
        assert overprints.stamped(kept, over, pdf.render_long) == stamped
    assert findings(stamped) == []
    assert all(fonts_of(stamped).values())
    before, after = words_by_page(kept), words_by_page(stamped)
    assert len(after) == len(before) > 1
    for one, other in zip(before, after, strict=True):
        assert unicodedata.is_normalized("NFC", other)
        for said in filter(None, (over.across, over.remark, *over.corner.split("\n"))):
            assert said in other
            assert said not in one
        assert one.split("1. Trình tự")[0][:40] in other


@sqlite_only
@pytest.mark.parametrize("paper", [Paper.A3, Paper.LARGE, Paper.FOLDER])
def test_other_papers_are_stamped_as_well(app: Flask, paper: Paper) -> None:
    with app.app_context():
        stamped = overprints.stamped(a_sheet(paper), STAMPS["out of force"], pdf.render_long)
    assert findings(stamped) == []
    assert all(ENDED in words for words in words_by_page(stamped))


@sqlite_only
def test_whoever_listens_hears_the_stamp_first(app: Flask, kept: bytes) -> None:
    with app.app_context():
        stamped = overprints.stamped(kept, STAMPS["out of force"], pdf.render_long)
    with pikepdf.open(BytesIO(stamped)) as document:
        first = document.Root.StructTreeRoot.K[0].K[0]
        assert str(first.ActualText) == f"HẾT HIỆU LỰC. {ENDED}"


def test_what_needs_no_stamp_is_handed_out_as_it_is_kept(kept: bytes) -> None:
    assert overprints.stamped(kept, Overprint(), pdf.render) is kept


# ---------- whether the validator would see it ----------


def no_intent(document: pikepdf.Pdf) -> None:
    del document.Root.OutputIntents


def no_metadata(document: pikepdf.Pdf) -> None:
    del document.Root.Metadata


def no_font_file(document: pikepdf.Pdf) -> None:
    for each in document.objects:
        if isinstance(each, Dictionary) and "/FontFile2" in each:
            del each["/FontFile2"]


def no_unicode(document: pikepdf.Pdf) -> None:
    for each in document.objects:
        if isinstance(each, Dictionary) and "/ToUnicode" in each:
            del each["/ToUnicode"]


def a_script(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS="app.alert(1)")


@pytest.mark.parametrize("spoil", [no_intent, no_metadata, no_font_file, no_unicode, a_script])
def test_the_validator_finds_what_an_archive_file_may_not_be(
    kept: bytes, spoil: Callable[[pikepdf.Pdf], None]
) -> None:
    assert findings(kept) == []
    out = BytesIO()
    with pikepdf.open(BytesIO(kept)) as document:
        spoil(document)
        document.save(out)
    assert findings(out.getvalue()) != []


def test_the_validator_refuses_a_locked_file(kept: bytes) -> None:
    out = BytesIO()
    with pikepdf.open(BytesIO(kept)) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="a", user=""))
    assert findings(out.getvalue()) != []
