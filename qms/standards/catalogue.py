"""The standards an office works by: editions and their clauses, with titles in our own words.

The words of a standard belong to its publisher; a title here says in brief what a clause asks
for. A new edition, such as 9001:2026, is a new entry of :data:`EDITIONS`; nothing else changes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from qms.errors import InvalidError


@dataclass(frozen=True)
class Clause:
    """One clause: its number, and what it asks for in a few words."""

    number: str
    title: str
    title_en: str

    @property
    def depth(self) -> int:
        """How deep it stands: 0 for a chapter."""
        return self.number.count(".")


@dataclass(frozen=True)
class Edition:
    """An edition of the standard.

    ``amended`` names what was added to it later. ``impartial``: it asks auditors to be objective
    and impartial, so that a reasoned exception may open an audit of the own unit; the older one
    forbids the audit of own work without exception.
    """

    key: str
    name: str
    amended: str
    impartial: bool
    clauses: Mapping[str, Clause]

    @property
    def leaves(self) -> list[str]:
        """The numbers of the clauses that no other clause divides."""
        parents = {number.rpartition(".")[0] for number in self.clauses}
        return [number for number in self.clauses if number not in parents]


_2008: Final = """
4|Hệ thống quản lý chất lượng|The quality system
4.1|Yêu cầu chung đối với hệ thống|What holds for the whole system
4.2|Hệ thống tài liệu|The documents of the system
4.2.1|Tài liệu phải có|Documents there must be
4.2.2|Sổ tay chất lượng|The quality manual
4.2.3|Kiểm soát tài liệu|Keeping documents under control
4.2.4|Kiểm soát hồ sơ|Keeping records under control
5|Trách nhiệm của lãnh đạo|What leaders answer for
5.1|Cam kết của lãnh đạo|Leaders stand behind the system
5.2|Hướng vào người dân, tổ chức|Work turned to those served
5.3|Chính sách chất lượng|The quality policy
5.4|Hoạch định|Planning
5.4.1|Mục tiêu chất lượng|Quality objectives
5.4.2|Hoạch định hệ thống|Planning the system
5.5|Trách nhiệm, quyền hạn và trao đổi thông tin|Duties, powers and talking to each other
5.5.1|Trách nhiệm và quyền hạn|Duties and powers
5.5.2|Đại diện lãnh đạo|The leaders' representative
5.5.3|Trao đổi thông tin nội bộ|Talking within the office
5.6|Xem xét của lãnh đạo|Review by the leaders
5.6.1|Tổ chức xem xét|Holding the review
5.6.2|Thông tin đưa vào xem xét|What the review looks at
5.6.3|Kết luận của xem xét|What the review decides
6|Quản lý nguồn lực|Means
6.1|Cung cấp nguồn lực|Providing means
6.2|Nhân lực|People
6.2.1|Yêu cầu đối với nhân lực|What people must be fit for
6.2.2|Năng lực, đào tạo và nhận thức|Skill, training and awareness
6.3|Cơ sở hạ tầng|Buildings and equipment
6.4|Môi trường làm việc|Working surroundings
7|Thực hiện dịch vụ|Doing the work
7.1|Hoạch định việc giải quyết thủ tục|Planning how cases are handled
7.2|Quá trình liên quan đến người dân, tổ chức|Dealing with those served
7.2.1|Xác định yêu cầu của hồ sơ|Finding out what a case needs
7.2.2|Xem xét yêu cầu trước khi tiếp nhận|Looking before taking a case in
7.2.3|Trao đổi với người dân, tổ chức|Talking to those served
7.3|Thiết kế và phát triển|Designing services
7.3.1|Hoạch định thiết kế|Planning a design
7.3.2|Đầu vào của thiết kế|What a design starts from
7.3.3|Đầu ra của thiết kế|What a design yields
7.3.4|Xem xét thiết kế|Reviewing a design
7.3.5|Kiểm tra xác nhận thiết kế|Checking a design against its start
7.3.6|Xác nhận giá trị sử dụng|Proving a design in use
7.3.7|Kiểm soát thay đổi thiết kế|Changing a design
7.4|Mua sắm|Buying
7.4.1|Quá trình mua sắm|How buying is done
7.4.2|Thông tin mua sắm|What is told to suppliers
7.4.3|Kiểm tra hàng hóa, dịch vụ mua vào|Checking what was bought
7.5|Giải quyết thủ tục|Handling cases
7.5.1|Kiểm soát việc giải quyết|Handling under control
7.5.2|Xác nhận quá trình|Proving a process whose result can't be checked
7.5.3|Nhận biết và truy tìm hồ sơ|Knowing and tracing each case
7.5.4|Giấy tờ của người dân, tổ chức|Papers that belong to those served
7.5.5|Bảo quản hồ sơ, kết quả|Keeping files and results safe
7.6|Thiết bị theo dõi và đo lường|Instruments for measuring
8|Đo lường, phân tích và cải tiến|Measuring, looking into it, getting better
8.1|Hoạch định đo lường và cải tiến|Planning measurement and improvement
8.2|Theo dõi và đo lường|Watching and measuring
8.2.1|Sự hài lòng của người dân, tổ chức|How satisfied those served are
8.2.2|Đánh giá nội bộ|Internal audit
8.2.3|Theo dõi quá trình|Watching processes
8.2.4|Kiểm tra kết quả giải quyết|Checking results
8.3|Xử lý kết quả không phù hợp|Dealing with wrong results
8.4|Phân tích dữ liệu|Looking into data
8.5|Cải tiến|Getting better
8.5.1|Cải tiến thường xuyên|Getting better all the time
8.5.2|Hành động khắc phục|Corrective action
8.5.3|Hành động phòng ngừa|Preventive action
"""

_2015: Final = """
4|Bối cảnh của cơ quan|The office and what is around it
4.1|Cơ quan và bối cảnh, kể cả biến đổi khí hậu|What bears on the office, climate change included
4.2|Các bên quan tâm và điều họ cần|Who has an interest, and what they need
4.3|Phạm vi của hệ thống|How far the system reaches
4.4|Hệ thống và các quá trình|The system and its processes
4.4.1|Xác định và vận hành các quá trình|Setting up and running processes
4.4.2|Tài liệu, hồ sơ của các quá trình|Documents and records of processes
5|Sự lãnh đạo|Leadership
5.1|Sự lãnh đạo và cam kết|Leading and standing behind it
5.1.1|Lãnh đạo đối với hệ thống|Leading the system
5.1.2|Hướng vào người dân, tổ chức|Work turned to those served
5.2|Chính sách chất lượng|The quality policy
5.2.1|Lập chính sách|Setting the policy
5.2.2|Phổ biến chính sách|Making the policy known
5.3|Vai trò, trách nhiệm, quyền hạn|Roles, duties and powers
6|Hoạch định|Planning
6.1|Rủi ro và cơ hội|Risks and chances
6.1.1|Nhận ra rủi ro và cơ hội|Seeing risks and chances
6.1.2|Hành động với rủi ro và cơ hội|Acting on risks and chances
6.2|Mục tiêu chất lượng|Quality objectives
6.2.1|Đặt mục tiêu|Setting objectives
6.2.2|Kế hoạch đạt mục tiêu|Planning how to reach them
6.3|Hoạch định thay đổi|Planning changes
7|Hỗ trợ|Support
7.1|Nguồn lực|Means
7.1.1|Yêu cầu chung về nguồn lực|Means in general
7.1.2|Con người|People
7.1.3|Cơ sở hạ tầng|Buildings and equipment
7.1.4|Môi trường làm việc|Surroundings of the work
7.1.5|Nguồn lực theo dõi và đo lường|Means for watching and measuring
7.1.5.1|Yêu cầu chung khi đo lường|Measuring in general
7.1.5.2|Liên kết chuẩn đo lường|Measuring that can be traced
7.1.6|Tri thức của cơ quan|What the office knows
7.2|Năng lực|Skill
7.3|Nhận thức|Awareness
7.4|Trao đổi thông tin|Talking to each other
7.5|Thông tin dạng văn bản|Documents and records
7.5.1|Tài liệu, hồ sơ phải có|Documents and records there must be
7.5.2|Lập và cập nhật|Writing and updating
7.5.3|Kiểm soát tài liệu, hồ sơ|Keeping them under control
7.5.3.1|Sẵn có và được bảo vệ|At hand and protected
7.5.3.2|Phân phối, lưu giữ, thay đổi, hủy|Handing out, keeping, changing, disposing
8|Thực hiện|Doing the work
8.1|Hoạch định và kiểm soát việc thực hiện|Planning the work and keeping it under control
8.2|Yêu cầu đối với dịch vụ|What services must meet
8.2.1|Trao đổi với người dân, tổ chức|Talking to those served
8.2.2|Xác định yêu cầu|Finding out what is required
8.2.3|Xem xét yêu cầu|Looking at what is required
8.2.3.1|Xem xét trước khi tiếp nhận|Looking before taking a case in
8.2.3.2|Hồ sơ của việc xem xét|Records of having looked
8.2.4|Khi yêu cầu thay đổi|When requirements change
8.3|Thiết kế và phát triển dịch vụ|Designing services
8.3.1|Quá trình thiết kế|How designing is done
8.3.2|Hoạch định thiết kế|Planning a design
8.3.3|Đầu vào của thiết kế|What a design starts from
8.3.4|Kiểm soát thiết kế|Keeping a design under control
8.3.5|Đầu ra của thiết kế|What a design yields
8.3.6|Thay đổi thiết kế|Changing a design
8.4|Bên ngoài cung cấp|What others provide
8.4.1|Lựa chọn bên cung cấp|Choosing who provides
8.4.2|Mức độ kiểm soát|How closely they are watched
8.4.3|Thông tin cho bên cung cấp|What they are told
8.5|Cung cấp dịch vụ|Giving the service
8.5.1|Kiểm soát việc cung cấp|Giving it under control
8.5.2|Nhận biết và truy tìm hồ sơ|Knowing and tracing each case
8.5.3|Tài sản, giấy tờ của người khác|Papers and things that belong to others
8.5.4|Bảo quản|Keeping safe
8.5.5|Sau khi trả kết quả|After the result was given
8.5.6|Kiểm soát thay đổi|Changing how the service is given
8.6|Cho phép trả kết quả|Letting results go out
8.7|Kết quả không phù hợp|Wrong results
8.7.1|Nhận biết và xử lý|Seeing and dealing with them
8.7.2|Hồ sơ của việc xử lý|Records of having dealt with them
9|Đánh giá kết quả thực hiện|Seeing how well it works
9.1|Theo dõi, đo lường, phân tích|Watching, measuring, looking into it
9.1.1|Theo dõi và đo lường|Watching and measuring
9.1.2|Sự hài lòng của người dân, tổ chức|How satisfied those served are
9.1.3|Phân tích và đánh giá|Looking into data and judging
9.2|Đánh giá nội bộ|Internal audit
9.2.1|Mục đích, khoảng cách giữa các cuộc đánh giá|What audits are for, and how often
9.2.2|Chương trình, đánh giá viên, kết quả|Programme, auditors and results
9.3|Xem xét của lãnh đạo|Review by the leaders
9.3.1|Tổ chức xem xét|Holding the review
9.3.2|Thông tin đưa vào xem xét|What the review looks at
9.3.3|Kết luận của xem xét|What the review decides
10|Cải tiến|Getting better
10.1|Yêu cầu chung về cải tiến|Getting better in general
10.2|Sự không phù hợp và hành động khắc phục|Nonconformity and corrective action
10.2.1|Phản ứng, tìm nguyên nhân, khắc phục|Reacting, finding the cause, removing it
10.2.2|Hồ sơ của việc khắc phục|Records of what was done
10.3|Cải tiến liên tục|Getting better all the time
"""


def _read(rows: str) -> Iterator[tuple[str, Clause]]:
    for row in rows.strip().splitlines():
        number, title, title_en = row.split("|")
        yield number, Clause(number, title, title_en)


EDITIONS: Final[Mapping[str, Edition]] = {
    each.key: each
    for each in (
        Edition(
            "9001:2008", "TCVN ISO 9001:2008", "", impartial=False, clauses=dict(_read(_2008))
        ),
        Edition(
            "9001:2015",
            "TCVN ISO 9001:2015",
            "ISO 9001:2015/Amd 1:2024",
            impartial=True,
            clauses=dict(_read(_2015)),
        ),
    )
}
"""The editions there are, the oldest first."""

USUAL: Final = "9001:2015"
"""The edition of an office that has not chosen one."""


def edition(key: str) -> Edition:
    """Return an edition by its key.

    Raises:
        InvalidError: there is none.

    """
    if key not in EDITIONS:
        raise InvalidError("Không có ấn bản “%(edition)s” của tiêu chuẩn.", edition=key)
    return EDITIONS[key]


def clause(edition_key: str, number: str) -> Clause:
    """Return a clause of an edition.

    Raises:
        InvalidError: the edition has none of this number.

    """
    found = edition(edition_key).clauses.get(number.strip())
    if found is None:
        raise InvalidError(
            "Ấn bản %(edition)s không có điều khoản “%(clause)s”.",
            edition=edition_key,
            clause=number,
        )
    return found


def above(number: str) -> list[str]:
    """Return a clause and those it is part of, the nearest first: 7.5.3 → 7.5.3, 7.5, 7."""
    parts = number.split(".")
    return [".".join(parts[:end]) for end in range(len(parts), 0, -1)]
