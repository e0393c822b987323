"""A warm notice of three pages through the press ÷ a plain call that makes everything anew.

Both get the same HTML, style sheet and PDF options; the plain call makes its CSS and font
configuration each time. Rounds are interleaved; what counts is the processor time of all.
The target is at most 0.85.
"""

import time
from collections.abc import Callable
from datetime import date

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from qms import paths
from qms.documents.kinds.fees import Channel, FeeLine, Rate
from qms.documents.kinds.parts import LegalReference
from qms.documents.kinds.procedure import (
    DossierItem,
    LimitUnit,
    Method,
    Procedure,
    TimeLimit,
)
from qms.notices.codes import encode_sheet_code
from qms.notices.printing import Stamp, notice_data
from qms.notices.rules import SCHEMES, DecisionRef, Heading, Sheet, sheet_digests
from qms.web import pdf

ROUNDS = 15
TARGET = 0.85


def a_procedure() -> Procedure:
    """Return a procedure that fills three pages."""
    limit = TimeLimit(count=7, unit=LimitUnit.WORKING_DAY)
    fee = FeeLine(name="Lệ phí đăng ký", rate=Rate.AMOUNT, amount=20_000)
    step = "Cán bộ kiểm tra thành phần và nội dung hồ sơ, ghi sổ rồi hẹn ngày trả kết quả; "
    return Procedure(
        field="Cư trú",
        levels=("Cấp xã",),
        steps="\n".join(f"Bước {n}: {step * 3}" for n in range(1, 8)),
        methods=tuple(
            Method(channel=channel, limit=limit, fees=(fee,), note="Nộp tại nơi tiếp nhận.")
            for channel in Channel
        ),
        dossier=tuple(
            DossierItem(
                name=f"Giấy tờ thứ {n} theo quy định của pháp luật", originals=1, copies=0
            )
            for n in range(1, 19)
        ),
        sets=1,
        applicants="Công dân Việt Nam",
        handled_by="Công an cấp xã",
        result="Thông báo kết quả giải quyết",
        legal_basis=tuple(
            LegalReference(name=f"Văn bản quy phạm pháp luật thứ {n}", number=f"{n}/2025/NĐ-CP")
            for n in range(1, 9)
        ),
    )


def a_page(press: pdf.Press) -> str:
    content = a_procedure()
    sheet = Sheet(
        unit="song-lo",
        heading=Heading("Ủy ban nhân dân\nxã Sông Lô"),
        feedback="Điện thoại: 0210 000 000",
        code="1.000001",
        title="Đăng ký thường trú",
        text={"made": "for measuring"},
        decision=DecisionRef("45/QĐ-UBND", date(2026, 6, 20), "UBND xã Sông Lô", "Công bố"),
        first_day=date(2026, 7, 1),
    )
    digest = sheet_digests(sheet)[max(SCHEMES)]
    code = encode_sheet_code(3, 57, digest)
    stamp = Stamp(code, f"https://example.vn/k/{code}", "example.vn/k", digest, "01/07/2026")
    return press.html("notice.html", notice_data(sheet, content, stamp))


def plain(page: str, style: str) -> bytes:
    fonts = FontConfiguration()
    made: bytes = HTML(string=page).write_pdf(
        stylesheets=[CSS(string=style, font_config=fonts)],
        font_config=fonts,
        pdf_variant=pdf.VARIANT,
        pdf_tags=True,
    )
    return made


def taken(work: Callable[[], bytes]) -> float:
    before = time.process_time()
    work()
    return time.process_time() - before


def main() -> None:
    press = pdf.Press()
    page = a_page(press)
    style = (paths.STATIC / "print.css").read_text("utf-8")
    ways: list[Callable[[], bytes]] = [lambda: press.pdf(page), lambda: plain(page, style)]
    pages = len(HTML(string=page).render(stylesheets=[press.style]).pages)
    for work in ways:
        work()
    times: list[list[float]] = [[], []]
    for turn in range(ROUNDS):
        for way in (0, 1) if turn % 2 else (1, 0):
            times[way].append(taken(ways[way]))
    ours, theirs = map(sum, times)
    print(f"sheet: {pages} pages, press ÷ plain = {ours / theirs:.2f} (at most {TARGET})")


if __name__ == "__main__":
    main()
