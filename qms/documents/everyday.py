"""What people call things at the counter, and what the procedures call them. Pure.

A search in the words of the law finds nothing for “giấy chứng tử”: the procedure is named
“đăng ký khai tử”. The names are put in place of the everyday words; codes never stand here.
"""

import re
from dataclasses import dataclass
from typing import Final

from qms.text import search_key

MOST: Final = 3
"""Names that one query is also looked for by."""

_BIRTH: Final = "đăng ký khai sinh"
_DEATH: Final = "đăng ký khai tử"
_EXTRACT: Final = "bản sao trích lục hộ tịch"
_CORRECTION: Final = "cải chính thông tin hộ tịch"
_SINGLE: Final = "xác nhận tình trạng hôn nhân"
_COPY: Final = "chứng thực bản sao từ bản chính"
_SIGNATURE: Final = "chứng thực chữ ký trong các giấy tờ"
_DEAL: Final = "chứng thực giao dịch"
_BUSINESS: Final = "đăng ký thành lập hộ kinh doanh"
_BUILDING: Final = "cấp giấy phép xây dựng mới"
_RESIDENCE: Final = "đăng ký thường trú"
_RESIDENT: Final = "xác nhận thông tin về cư trú"
_BURIAL: Final = "hỗ trợ chi phí mai táng"
_PENSION: Final = "trợ cấp hưu trí xã hội"
_DISABLED: Final = "xác định mức độ khuyết tật"
_LAND: Final = "cấp giấy chứng nhận quyền sử dụng đất"
_CHANGE: Final = "đăng ký biến động"

TABLE: Final = {
    "sinh con|khai sinh cho|giay khai sinh|lam khai sinh|khai sinh": (_BIRTH,),
    "mat giay khai sinh|cap lai khai sinh|cap lai giay khai sinh|lam lai giay khai sinh"
    "|lam lai khai sinh|khai sinh lai": ("đăng ký lại khai sinh", _EXTRACT),
    "mat giay ket hon|cap lai ket hon|cap lai giay ket hon|lam lai giay ket hon": (
        "đăng ký lại kết hôn",
        _EXTRACT,
    ),
    "mat giay chung tu|cap lai giay chung tu|lam lai giay chung tu|xin lai giay chung tu"
    "|mat giay khai tu|mat giay bao tu": ("đăng ký lại khai tử", _EXTRACT),
    "trich luc|ban sao khai sinh|ban sao giay khai sinh|trich luc khai sinh"
    "|lay lai giay khai sinh|trich luc khai tu|trich luc ket hon": (_EXTRACT,),
    "chung tu|giay chung tu|giay bao tu|bao tu|khai tu|co nguoi chet|nguoi mat": (_DEATH,),
    "doc than|giay doc than|xac nhan doc than|chung nhan doc than|tinh trang hon nhan"
    "|xac nhan hon nhan": (_SINGLE,),
    "ket hon|cuoi|dang ky cuoi|giay ket hon|hon thu|lay chong|lay vo|dang ky hon nhan": (
        "đăng ký kết hôn",
    ),
    "sua ten|doi ten|doi ho|sua ho ten|sai ten|sua nam sinh|sai nam sinh|sua ngay sinh"
    "|sua giay khai sinh|sai giay khai sinh|cai chinh|doi ho ten": (_CORRECTION,),
    "nhan cha|nhan me|nhan con|nhan cha con|nhan cha cho con|con ngoai gia thu": (
        "đăng ký nhận cha, mẹ, con",
    ),
    "con nuoi|nhan con nuoi|xin con nuoi|nuoi con nuoi": ("đăng ký việc nuôi con nuôi",),
    "giam ho|nguoi giam ho|do dau chau": ("đăng ký giám hộ",),
    "sao y|sao y ban chinh|cong chung|photo cong chung|ban sao cong chung|sao y cong chung"
    "|cong chung giay to|chung thuc ban sao|dong dau do|sao luc": (_COPY,),
    "xac nhan chu ky|chu ky|uy quyen|giay uy quyen|xac nhan ly lich|so yeu ly lich"
    "|ly lich|chung ly lich": (_SIGNATURE,),
    "chung thuc hop dong|hop dong|mua ban xe|giay ban xe|mua ban dat|cho tang dat|ban dat"
    "|hop dong mua ban|hop dong uy quyen": (_DEAL,),
    "di chuc|lam di chuc|lap di chuc": ("chứng thực di chúc",),
    "chia di san|chia thua ke|thua ke|phan chia thua ke": ("văn bản phân chia di sản",),
    "tu choi thua ke|tu choi di san|khong nhan thua ke": ("từ chối nhận di sản",),
    "mo cua hang|mo quan|mo quan an|mo tiem|ban hang|dang ky kinh doanh|giay phep kinh doanh"
    "|ho kinh doanh|mo hang quan": (_BUSINESS,),
    "dong cua hang|nghi kinh doanh|dep quan|ngung kinh doanh": (
        "chấm dứt hoạt động hộ kinh doanh",
    ),
    "xay nha|lam nha|xin xay nha|giay phep xay nha|phep xay dung|giay phep xay dung": (
        _BUILDING,
    ),
    "sua nha|cai tao nha|sua chua nha": ("giấy phép xây dựng sửa chữa, cải tạo",),
    "ho khau|nhap khau|nhap ho khau|nhap ho|thuong tru": (_RESIDENCE,),
    "tach khau|tach ho khau|tach ho": ("tách hộ",),
    "tam tru|o tro|o tam|dang ky o tro": ("đăng ký tạm trú", "gia hạn tạm trú"),
    "tam vang|di vang": ("khai báo tạm vắng",),
    "luu tru|khach o lai": ("thông báo lưu trú",),
    "mat so ho khau|mat ho khau|giay xac nhan cu tru|xac nhan cu tru|ct07|xac nhan noi o|xac nhan ho khau": (
        _RESIDENT,
    ),
    "cccd|can cuoc|can cuoc cong dan|chung minh thu|cmnd|the can cuoc|doi can cuoc": (
        "cấp thẻ căn cước",
        "cấp đổi thẻ căn cước",
    ),
    "mat cccd|mat can cuoc|mat chung minh|mat chung minh thu|mat cmnd|cap lai cccd"
    "|cap lai can cuoc|lam lai cccd|lam lai can cuoc": ("cấp lại thẻ căn cước",),
    "mai tang|tien mai tang|ma chay|tien ma chay|tien tuat": (_BURIAL,),
    "nguoi cao tuoi|tien tuoi gia|tien gia|tien nguoi gia|tro cap nguoi gia|tro cap nguoi cao tuoi|tien cao tuoi"
    "|luong nguoi gia|tro cap 75 tuoi": (_PENSION,),
    "khuyet tat|giay khuyet tat|nguoi tan tat|tan tat|xac nhan khuyet tat": (_DISABLED,),
    "tro cap xa hoi|tien bao tro|bao tro xa hoi|tro cap hang thang": (
        "trợ cấp xã hội hàng tháng",
    ),
    "ho ngheo|so ho ngheo|xet ho ngheo|can ngheo": ("công nhận hộ nghèo",),
    "the bao hiem cho be|the bhyt tre em|bao hiem y te cho con|bhyt cho con|the bao hiem tre em": (
        "thẻ bảo hiểm y tế cho trẻ em dưới 6 tuổi",
    ),
    "so do|lam so do|so hong|bia do|lam bia do|giay to dat": (_LAND,),
    "mat so do|mat bia do|cap lai so do|lam lai so do|mat so hong": (
        "cấp lại giấy chứng nhận quyền sử dụng đất",
    ),
    "sang ten so do|sang ten dat|chuyen nhuong dat": (_CHANGE,),
    "tach thua|tach so do|tach dat": ("tách thửa đất",),
    "chuyen muc dich dat|len tho cu|chuyen dat o|chuyen dat tho cu": (
        "chuyển mục đích sử dụng đất",
    ),
    "hoa giai dat|tranh chap dat|tranh chap dat dai": ("hòa giải tranh chấp đất đai",),
    "dang ky xe|bien so xe|lam bien so": ("đăng ký xe lần đầu",),
    "liet si|tho cung liet si|gia dinh liet si": ("thân nhân liệt sĩ",),
    "nguoi co cong|thuong binh": ("người có công",),
    "ly hon|bo vo|bo chong": ("việc ly hôn",),
    "khieu nai|don khieu nai": ("giải quyết khiếu nại",),
    "to cao|don to cao": ("giải quyết tố cáo",),
}
"""Everyday words without accents, and the names that procedures have for them."""

FOREIGN: Final = "có yếu tố nước ngoài"
"""What the names of procedures add for marriages, births and deaths beyond the border."""

_NAMES: Final = {
    search_key(words): names for key, names in TABLE.items() for words in key.split("|")
}
_BY_LENGTH: Final = sorted(map(re.escape, _NAMES), key=len, reverse=True)
_ANY: Final = re.compile(rf"(?<!\w)(?:{'|'.join(_BY_LENGTH)})(?!\w)")
_FOREIGN: Final = re.compile(r"(?<!\w)(?:nuoc ngoai|viet kieu|nguoi tay)(?!\w)")
_FILLERS: Final = frozenset(
    {
        *("cac", "can", "cap", "cho", "chau", "con", "cua", "cung", "dang"),
        *("de", "di", "em", "giay", "ho", "khai", "ki", "lai", "lam"),
        *("lay", "mot", "muon", "nha", "nhu", "phai", "so", "thi", "thu"),
        *("to", "toi", "tuc", "ve", "voi", "xin"),
    }
)
"""Words that people say around a thing; alone they mean nothing else."""


@dataclass(frozen=True)
class Everyday:
    """What procedures call the things a person named, the likeliest first.

    ``whole``: the person said nothing besides, so that these names come before all others.
    """

    names: tuple[str, ...] = ()
    whole: bool = False


def read(typed: str) -> Everyday:
    """Return the names behind everyday words; none where a code was typed."""
    key = search_key(typed)
    if any(letter.isdigit() for letter in key) and not _ANY.search(key):
        return Everyday()
    said = dict.fromkeys(name for words in _ANY.findall(key) for name in _NAMES[words])
    foreign = [f"{name} {FOREIGN}" for name in said] if _FOREIGN.search(key) else []
    rest = set(_FOREIGN.sub(" ", _ANY.sub(" ", key)).split()) - _FILLERS
    return Everyday((*foreign, *said)[:MOST], whole=bool(said) and not rest)
