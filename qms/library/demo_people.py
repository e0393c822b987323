"""The people of the demonstration: six who sign in, and those whose work the records tell of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy.orm import Session

from qms.accounts import service as accounts
from qms.accounts.models import User
from qms.accounts.rules import Role
from qms.library.demo_units import CHANGE, LAST_DAY, MERGED_ROOMS
from qms.trail import Act
from qms.units.models import Unit
from qms.units.queries import unit as unit_named

OFFICE: Final = "song-lo"
PEOPLE: Final = (
    ("quantri", "Hoàng Văn Quản", "Công chức Văn phòng", Role.ADMINISTRATOR),
    ("thuky", "Nguyễn Thị Lan", "Thư ký ISO", Role.SECRETARY),
    ("truongphong", "Trần Văn Hòa", "Chánh Văn phòng", Role.HEAD),
    ("lanhdao", "Lê Quang Minh", "Chủ tịch", Role.LEADER),
    ("chuyenvien", "Phạm Thu Hà", "Chuyên viên", Role.STAFF),
    ("danhgia", "Đỗ Đức Anh", "Đánh giá viên nội bộ", Role.AUDITOR),
)
"""Who signs in, with the post that each holds in the commune."""
COLLEAGUES: Final = (
    ("duong.thanh", "Dương Văn Thành", "Giám đốc Trung tâm Phục vụ hành chính công"),
    ("luong.hai", "Lương Quốc Hải", "Trưởng phòng Kinh tế"),
    ("bui.hanh", "Bùi Thị Hạnh", "Trưởng phòng Văn hóa – Xã hội"),
    ("phung.manh", "Phùng Văn Mạnh", "Công chức Văn phòng"),
    ("ta.quyen", "Tạ Thị Quyên", "Công chức Tư pháp – Hộ tịch"),
    ("tran.nam", "Trần Hoài Nam", "Chuyên viên Phòng Kinh tế"),
    ("le.trung", "Lê Thành Trung", "Chuyên viên Phòng Kinh tế"),
    ("vu.ngoc", "Vũ Thị Ngọc", "Chuyên viên Phòng Văn hóa – Xã hội"),
    ("hoang.yen", "Hoàng Hải Yến", "Chuyên viên Phòng Văn hóa – Xã hội"),
    ("nguyen.truong", "Nguyễn Xuân Trường", "Phó Chủ tịch UBND huyện"),
    ("ha.duc", "Hà Minh Đức", "Trưởng phòng Nội vụ huyện"),
    ("khong.oanh", "Khổng Thị Oanh", "Trưởng phòng Tư pháp huyện"),
    ("trieu.son", "Triệu Văn Sơn", "Trưởng phòng Nông nghiệp và Môi trường huyện"),
)
"""Who only stands in the records; their accounts wait for a first password."""


@dataclass(frozen=True)
class Served:
    """A post that somebody holds or held."""

    account: str
    unit: str
    role: Role
    first_day: date = CHANGE
    last_day: date | None = None


_JOINED: Final = date(2023, 1, 3)
_JOINED_LATER: Final = date(2024, 9, 1)


def _district(
    account: str,
    room: str,
    role: Role,
    *,
    first_day: date = _JOINED,
    last_day: date = LAST_DAY,
) -> Served:
    slug = f"huyen-song-lo-{room}" if room else "huyen-song-lo"
    return Served(account, slug, role, first_day, last_day)


def _commune(account: str, room: str, role: Role) -> Served:
    return Served(account, f"song-lo-{room}" if room else OFFICE, role)


_AFTER: Final = date(2025, 3, 1)
POSTS: Final = (
    *(Served(account, OFFICE, role) for account, _name, _title, role in PEOPLE),
    _commune("duong.thanh", "hanh-chinh-cong", Role.HEAD),
    _commune("luong.hai", "kinh-te", Role.HEAD),
    _commune("bui.hanh", "van-hoa-xa-hoi", Role.HEAD),
    _commune("phung.manh", "van-phong", Role.STAFF),
    _commune("ta.quyen", "van-phong", Role.STAFF),
    _commune("tran.nam", "kinh-te", Role.STAFF),
    _commune("tran.nam", "", Role.AUDITOR),
    _commune("le.trung", "kinh-te", Role.STAFF),
    _commune("le.trung", "", Role.AUDITOR),
    _commune("vu.ngoc", "van-hoa-xa-hoi", Role.STAFF),
    _commune("hoang.yen", "van-hoa-xa-hoi", Role.STAFF),
    _commune("hoang.yen", "", Role.AUDITOR),
    _district("nguyen.truong", "", Role.LEADER),
    _district("thuky", "", Role.SECRETARY),
    _district("truongphong", "van-phong", Role.HEAD),
    _district("phung.manh", "van-phong", Role.STAFF),
    _district("duong.thanh", "mot-cua", Role.HEAD),
    _district("chuyenvien", "mot-cua", Role.STAFF),
    _district("khong.oanh", "tu-phap", Role.HEAD),
    _district("ta.quyen", "tu-phap", Role.STAFF),
    _district("danhgia", "tu-phap", Role.STAFF),
    _district("danhgia", "", Role.AUDITOR),
    _district("ha.duc", "noi-vu", Role.HEAD),
    _district("hoang.yen", "noi-vu", Role.STAFF),
    _district("hoang.yen", "", Role.AUDITOR),
    _district("bui.hanh", "lao-dong", Role.HEAD, last_day=MERGED_ROOMS),
    _district("bui.hanh", "noi-vu", Role.STAFF, first_day=_AFTER),
    _district("vu.ngoc", "lao-dong", Role.STAFF, last_day=MERGED_ROOMS),
    _district("vu.ngoc", "noi-vu", Role.STAFF, first_day=_AFTER),
    _district("trieu.son", "tai-nguyen", Role.HEAD, last_day=MERGED_ROOMS),
    _district("trieu.son", "nong-nghiep", Role.HEAD, first_day=_AFTER),
    _district("tran.nam", "tai-nguyen", Role.STAFF, last_day=MERGED_ROOMS),
    _district("tran.nam", "nong-nghiep", Role.STAFF, first_day=_AFTER),
    _district("tran.nam", "", Role.AUDITOR, first_day=_JOINED_LATER),
    _district("luong.hai", "kinh-te", Role.HEAD),
    _district("le.trung", "kinh-te", Role.STAFF),
    _district("le.trung", "", Role.AUDITOR),
)


def set_up_people(session: Session, act: Act, password: str) -> dict[str, User]:
    """Open the accounts, each with its posts; six of them with a password."""
    found = dict(_opened(session, act))
    units: dict[str, Unit] = {}
    for each in POSTS:
        where = units.setdefault(each.unit, unit_named(session, each.unit))
        accounts.give_post(
            session,
            act,
            found[each.account],
            where,
            each.role,
            first_day=each.first_day,
            last_day=each.last_day,
        )
    for account, *_rest in PEOPLE:
        accounts.set_password(session, act, found[account], password)
    return found


def _opened(session: Session, act: Act) -> Iterator[tuple[str, User]]:
    known = [(account, name, title) for account, name, title, _role in PEOPLE]
    for account, name, title in (*known, *COLLEAGUES):
        yield account, accounts.add(session, act, account=account, name=name, title=title)
