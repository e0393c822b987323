"""All that anybody can ask the server: what must not tell of drafts. A new answer is added here."""

from collections.abc import Mapping
from typing import Final

from flask import Flask

from qms.notices.codes import encode_sheet_code
from tests.posting import JULY, LATER

CODES: Final = ("1.001193", "2.000815", "9.000001", "BM-01", "BM-09", "PHI-01", "PHI-09")
"""In force, and (those with a 9) in drafts alone."""

_OF_CODE: Final = (
    "/{code}",
    "/{code}?lang=en",
    "/{code}.pdf",
    "/{code}/compare",
    "/phi/{code}",
    "/phi/{code}.pdf",
    "/bm/{code}",
    "/bm/{code}/xem",
    "/bm/{code}/xem.png",
)
_OF_UNIT: Final = (
    "",
    "?lang=en",
    "?all=1",
    "?field=Hộ tịch",
    "?q=khai sinh",
    "?q=mật",
    "?q=9.000001&all=1",
    "/phi",
    "/phi.pdf",
    "/bm",
    "/bm?q=mật",
    "/linh-vuc/ho-tich",
    "/linh-vuc/ho-tich.pdf",
    "/linh-vuc/linh-vuc-mat",
    "/phan-anh",
    "/thong-bao/1",
    "/thay-doi?month=8/2026",
    "/thay-doi?month=9/2026&lang=en",
    "/linh-vuc/ho-tich/thay-doi?month=8/2026",
    "/feed.atom",
    "/linh-vuc/ho-tich/feed.atom",
    "/linh-vuc/linh-vuc-mat/feed.atom",
    "/theo-doi",
    "/board.json",
    "/board.csv",
    "/sitemap.xml",
)
_KIOSK: Final = ("", "/content", "/state", "/notices/0", "/notices/1")
_API: Final = (
    "",
    "?field=linh-vuc-mat",
    "?page=2",
    "/changes",
    "/fees",
    "/forms",
    *(f"/procedures/{code}" for code in CODES),
    *(f"/forms/{code}" for code in CODES),
)
_ALONE: Final = (
    "/",
    "/k",
    "/k/AAAAAAAA",
    "/readyz",
    "/nowhere",
    "/feed.atom",
    "/sitemap.xml",
    "/robots.txt",
    "/api",
    "/api/v1/units",
    "/api/v1/openapi.json",
    "/api/v1/checks/AAAA-AAAA",
    "/audits/calendar/AAAAAAAA.ics",
    f"/f/{'0' * 64}/mau.docx",
)
_DATED: Final = ("/b/song-lo/board.json", "/api/v1/boards/song-lo")
HEADERS: Final[tuple[dict[str, str], ...]] = ({}, {"Accept-Encoding": "gzip"})


def addresses(digests: tuple[str, ...] = ()) -> list[str]:
    """Return all addresses to ask, with the files and sheets named by some digests."""
    asked = [*_ALONE, *(f"/f/{each}/mau.docx" for each in digests)]
    for unit in ("/b/song-lo", "/b/tan-lap"):
        asked += [unit + each for each in _OF_UNIT]
    for slug in ("song-lo", "tan-lap"):
        asked += [f"/kiosk/{slug}{each}" for each in _KIOSK]
        asked += [f"/api/v1/boards/{slug}{each}" for each in _API]
    board = "/b/song-lo"
    of_codes = [board + each.format(code=code) for code in CODES for each in _OF_CODE]
    asked += of_codes
    for day in (JULY, LATER):
        asked += [f"{each}?on={day}" for each in (board, *of_codes, *_DATED) if "?" not in each]
    codes = (encode_sheet_code(2, number, "ab" * 32) for number in range(1, 8))
    return [*asked, *(f"/k/{code}" for code in codes)]


def answers(app: Flask, digests: tuple[str, ...] = ()) -> Mapping[str, object]:
    """Ask everything; return status, headers and bytes by address."""
    client = app.test_client()
    found: dict[str, object] = {}
    for address in addresses(digests):
        for headers in HEADERS if "." not in address and "?" not in address else HEADERS[:1]:
            got = client.get(address, headers=headers)
            # The hour of the answer is that of the machine, not of anything told.
            said = sorted((name, value) for name, value in got.headers if name != "Date")
            found[f"{address} {headers}"] = (got.status, said, got.data)
    return found
