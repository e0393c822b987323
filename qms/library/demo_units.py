"""The units of the demonstration: the district of Sông Lô and what followed it.

With them stand the provinces whose prices the starter library knows.

Source: Nghị quyết 202/2025/QH15 (provinces), Nghị quyết 1676/NQ-UBTVQH15 (communes of Phú
Thọ). Days that rest on no text read by us are marked in the unit's note.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from qms.units.rules import Level

CHANGE: Final = date(2025, 7, 1)
LAST_DAY: Final = date(2025, 6, 30)
UNVERIFIED: Final = "chưa kiểm chứng"
_EARLY: Final = date(2009, 4, 1)
_MERGED: Final = date(2024, 12, 31)
MERGED_ROOMS: Final = date(2025, 2, 28)
"""When departments of districts were merged. Source: Nghị định 45/2025/NĐ-CP."""


@dataclass(frozen=True)
class DemoUnit:
    """One unit: address word, what stands at its head, its days, and who follows it."""

    slug: str
    name: str
    level: Level
    parent: str = ""
    superior: str = ""
    place: str = ""
    office: bool = True
    first_day: date = _EARLY
    last_day: date | None = None
    followed_by: tuple[str, ...] = ()
    note: str = ""
    words: Mapping[str, str] = field(default_factory=dict)


def _commune_of_2018(slug: str, name: str, successor: str, *, merged: bool = False) -> DemoUnit:
    note = f"Ngày kết thúc {UNVERIFIED}." if merged else f"Ngày thành lập {UNVERIFIED}."
    return DemoUnit(
        slug,
        f"UBND {name}",
        Level.COMMUNE,
        parent="huyen-song-lo",
        superior="Huyện Sông Lô",
        place=name.split(" ", 1)[1].removeprefix("trấn "),
        last_day=_MERGED if merged else LAST_DAY,
        followed_by=(successor,),
        note=note,
    )


def _commune(slug: str, name: str) -> DemoUnit:
    return DemoUnit(
        slug,
        f"UBND xã {name}",
        Level.COMMUNE,
        parent="tinh-phu-tho",
        superior="Tỉnh Phú Thọ",
        place=name,
        first_day=CHANGE,
        words={
            "seat": f"Xã {name}, tỉnh Phú Thọ",
            "feedback": (
                "Cổng Dịch vụ công quốc gia (dichvucong.gov.vn), mục “Phản ánh, kiến nghị”."
            ),
        },
    )


def _inner(slug: str, name: str) -> DemoUnit:
    return DemoUnit(
        slug,
        name,
        Level.INNER,
        parent="song-lo",
        superior="UBND xã Sông Lô",
        place="Sông Lô",
        office=False,
        first_day=CHANGE,
    )


def _room(
    slug: str,
    name: str,
    *followed_by: str,
    first_day: date = _EARLY,
    last_day: date = LAST_DAY,
) -> DemoUnit:
    """Return a department of the district, with who took over its work."""
    return DemoUnit(
        f"huyen-song-lo-{slug}",
        name,
        Level.INNER,
        parent="huyen-song-lo",
        superior="UBND huyện Sông Lô",
        place="Sông Lô",
        office=False,
        first_day=first_day,
        last_day=last_day,
        followed_by=followed_by,
        note="" if first_day > _EARLY else f"Ngày thành lập {UNVERIFIED}.",
    )


def _province(
    slug: str, name: str, *, followed_by: str = "", first_day: date = _EARLY
) -> DemoUnit:
    return DemoUnit(
        slug,
        f"UBND {name}",
        Level.PROVINCE,
        place=name.removeprefix("tỉnh ").removeprefix("thành phố "),
        first_day=first_day,
        last_day=LAST_DAY if followed_by else None,
        followed_by=(followed_by,) if followed_by else (),
        note="" if first_day == CHANGE else f"Ngày thành lập {UNVERIFIED}.",
    )


UNITS: Final = (
    DemoUnit(
        "tinh-vinh-phuc",
        "UBND tỉnh Vĩnh Phúc",
        Level.PROVINCE,
        place="Vĩnh Phúc",
        first_day=date(1997, 1, 1),
        last_day=LAST_DAY,
        followed_by=("tinh-phu-tho",),
    ),
    DemoUnit(
        "tinh-phu-tho",
        "UBND tỉnh Phú Thọ",
        Level.PROVINCE,
        place="Phú Thọ",
        first_day=CHANGE,
    ),
    DemoUnit(
        "huyen-song-lo",
        "UBND huyện Sông Lô",
        Level.DISTRICT,
        parent="tinh-vinh-phuc",
        superior="Tỉnh Vĩnh Phúc",
        place="Sông Lô",
        last_day=LAST_DAY,
        followed_by=("tam-son", "song-lo", "hai-luu", "yen-lang", "son-dong"),
        note=f"Ngày thành lập {UNVERIFIED}.",
    ),
    _commune_of_2018("tt-tam-son", "thị trấn Tam Sơn", "tam-son"),
    _commune_of_2018("xa-bach-luu", "xã Bạch Lưu", "xa-hai-luu", merged=True),
    _commune_of_2018("xa-cao-phong", "xã Cao Phong", "son-dong"),
    _commune_of_2018("xa-don-nhan", "xã Đôn Nhân", "hai-luu"),
    _commune_of_2018("xa-dong-que", "xã Đồng Quế", "tam-son"),
    _commune_of_2018("xa-dong-thinh", "xã Đồng Thịnh", "song-lo"),
    _commune_of_2018("xa-duc-bac", "xã Đức Bác", "song-lo"),
    _commune_of_2018("xa-hai-luu", "xã Hải Lựu", "hai-luu"),
    _commune_of_2018("xa-lang-cong", "xã Lãng Công", "yen-lang"),
    _commune_of_2018("xa-nhan-dao", "xã Nhân Đạo", "hai-luu"),
    _commune_of_2018("xa-nhao-son", "xã Nhạo Sơn", "tt-tam-son", merged=True),
    _commune_of_2018("xa-nhu-thuy", "xã Như Thụy", "tt-tam-son", merged=True),
    _commune_of_2018("xa-phuong-khoan", "xã Phương Khoan", "hai-luu"),
    _commune_of_2018("xa-quang-yen", "xã Quang Yên", "yen-lang"),
    _commune_of_2018("xa-tan-lap", "xã Tân Lập", "tam-son"),
    _commune_of_2018("xa-tu-yen", "xã Tứ Yên", "song-lo"),
    _commune_of_2018("xa-yen-thach", "xã Yên Thạch", "song-lo"),
    _commune("song-lo", "Sông Lô"),
    _commune("tam-son", "Tam Sơn"),
    _commune("hai-luu", "Hải Lựu"),
    _commune("yen-lang", "Yên Lãng"),
    _commune("son-dong", "Sơn Đông"),
    _inner("song-lo-van-phong", "Văn phòng HĐND và UBND xã"),
    _inner("song-lo-kinh-te", "Phòng Kinh tế"),
    _inner("song-lo-van-hoa-xa-hoi", "Phòng Văn hóa – Xã hội"),
    _inner("song-lo-hanh-chinh-cong", "Trung tâm Phục vụ hành chính công xã"),
    _room("van-phong", "Văn phòng HĐND và UBND huyện", "song-lo-van-phong"),
    _room(
        "mot-cua",
        "Bộ phận Tiếp nhận và Trả kết quả huyện",
        "song-lo-hanh-chinh-cong",
    ),
    _room("tu-phap", "Phòng Tư pháp huyện", "song-lo-van-phong"),
    _room("noi-vu", "Phòng Nội vụ huyện", "song-lo-van-hoa-xa-hoi"),
    _room(
        "lao-dong",
        "Phòng Lao động – Thương binh và Xã hội huyện",
        "huyen-song-lo-noi-vu",
        last_day=MERGED_ROOMS,
    ),
    _room("kinh-te", "Phòng Kinh tế và Hạ tầng huyện", "song-lo-kinh-te"),
    _room(
        "tai-nguyen",
        "Phòng Tài nguyên và Môi trường huyện",
        "huyen-song-lo-nong-nghiep",
        last_day=MERGED_ROOMS,
    ),
    _room(
        "nong-nghiep",
        "Phòng Nông nghiệp và Môi trường huyện",
        "song-lo-kinh-te",
        first_day=MERGED_ROOMS + timedelta(days=1),
    ),
    _province("hai-phong-cu", "thành phố Hải Phòng", followed_by="hai-phong"),
    _province("tinh-hai-duong", "tỉnh Hải Dương", followed_by="hai-phong"),
    _province("hai-phong", "thành phố Hải Phòng", first_day=CHANGE),
    _province("tinh-gia-lai-cu", "tỉnh Gia Lai", followed_by="tinh-gia-lai"),
    _province("tinh-binh-dinh", "tỉnh Bình Định", followed_by="tinh-gia-lai"),
    _province("tinh-gia-lai", "tỉnh Gia Lai", first_day=CHANGE),
    _province("tinh-lam-dong-cu", "tỉnh Lâm Đồng", followed_by="tinh-lam-dong"),
    _province("tinh-binh-thuan", "tỉnh Bình Thuận", followed_by="tinh-lam-dong"),
    _province("tinh-dak-nong", "tỉnh Đắk Nông", followed_by="tinh-lam-dong"),
    _province("tinh-lam-dong", "tỉnh Lâm Đồng", first_day=CHANGE),
)
CARRIERS: Final = {"huyen-song-lo": "song-lo"}
"""Of several successors the one that signs for the ended unit; chosen for the demonstration."""
