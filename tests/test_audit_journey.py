"""One audit from the programme to the effect that was seen, each step at somebody's own desk."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import FilePayload, Locator, Page, ViewportSize, expect

from qms.accounts.rules import Role
from qms.db import transaction
from qms.documents.kinds.process import Phase, Process, ProcessStep, StepUnit
from qms.documents.rules import RevisionText
from qms.documents.timeline import Action
from qms.units.queries import unit
from qms.vietnamese import day as written
from tests import factories
from tests.auditing import FIRST, PIXEL, more_people
from tests.correcting import PDF
from tests.deciding import Deciding
from tests.engines import sqlite_only
from tests.factories import PASSWORD, Office
from tests.posting import directly, procedure
from tests.servers import DESK, TABLET, accessible
from tests.when import MONDAY, Clock

pytestmark = [pytest.mark.browser, sqlite_only]

EFFECT = FIRST + timedelta(days=35)
LATE_DOSSIER = {
    "Số hồ sơ": "HT-17",
    "Ngày nhận": "03/08/2026",
    "Ngày hẹn trả": "05/08/2026",
    "Ngày trả": "07/08/2026",
}
WHYS = """Hồ sơ HT-17 trả sau ngày hẹn
- vì không ai nhắc khi sắp đến hạn
-- vì sổ theo dõi không có cột ngày hẹn
--- vì mẫu sổ chép từ năm trước
---- vì chưa ai được giao rà soát mẫu sổ"""


@dataclass
class People:
    """Everybody has a window of their own and walks from their desk, by links alone."""

    app: Flask
    chromium: Chromium
    address: str
    clock: Clock
    windows: dict[str, Page] = field(default_factory=dict)

    def desk(self, account: str, size: ViewportSize = DESK) -> Page:
        """Return somebody's window with their work in it."""
        if account not in self.windows:
            context = self.chromium.new_context(
                base_url=self.address, viewport=size, locale="vi-VN"
            )
            context.set_default_timeout(15_000)
            page = self.windows[account] = context.new_page()
            page.on("pageerror", lambda error: pytest.fail(f"error in the page: {error}"))
        page = self.windows[account]
        page.goto("/desk")
        password = page.get_by_label("Mật khẩu")
        if password.count():
            page.get_by_label("Tên đăng nhập").fill(account)
            password.fill(PASSWORD)
            page.get_by_role("button", name="Đăng nhập").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Việc của tôi")
        return page

    def take_up(self, account: str, duty: str, size: ViewportSize = DESK) -> Page:
        """Let somebody open what waits for them."""
        page = self.desk(account, size)
        page.get_by_role("row", name=duty).get_by_role("link").first.click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Việc của tôi")
        return page

    def later(self, days: int = 1) -> None:
        """Let days go by."""
        today = (self.clock.at + timedelta(hours=7)).date()
        self.clock.go(today + timedelta(days=days))


@pytest.fixture
def people(
    app: Flask, office: Office, chromium: Chromium, live: str, clock: Clock
) -> Iterator[People]:
    """Make an office with a department, its head and its clerk, and what they work by."""
    with app.app_context():
        staffed = more_people(office)
        with transaction() as session:
            room = unit(session, "tu-phap")
            factories.user(session, "truong-tp", room, Role.HEAD, name="Vũ Thị Lan")
            factories.user(session, "nhanvien-tp", room, Role.STAFF, name="Hoàng Văn Nam")
        step = ProcessStep(
            what="Tiếp nhận", who="Một cửa", quarters=4, unit=StepUnit.WORKING_DAY
        )
        process = Process(procedures=("1.001193",), phases=(Phase(steps=(step,)),))
        deciding = Deciding(app, staffed, clock)
        birth = procedure("Đăng ký khai sinh", methods=directly(days=1))
        deciding.decide(Action.ISSUE, birth, code="1.001193")
        deciding.decide(
            Action.ISSUE, RevisionText("Quy trình khai sinh", process), code="QT-11/TP"
        )
    met = People(app, chromium, live, clock)
    yield met
    for page in met.windows.values():
        page.context.close()


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).click()


def follow(page: Page, link: str) -> None:
    page.get_by_role("main").get_by_role("link", name=link).first.click()


def fill(page: Page | Locator, **values: str) -> None:
    """Fill the boxes whose names end so."""
    for name, words in values.items():
        page.locator(f"[name$='{name}']").first.fill(words)


def says(page: Page, *sentences: str) -> None:
    for each in sentences:
        expect(page.get_by_role("main")).to_contain_text(each)


def status(page: Page, sentence: str) -> None:
    expect(page.locator("[data-checklist]")).to_contain_text(sentence)


def line(page: Page, question: str) -> Locator:
    return page.locator("article", has_text=question)


def answer(page: Page, question: str, result: str, note: str = "") -> None:
    asked = line(page, question)
    asked.get_by_label("Bằng chứng, ghi chú").fill(note)
    asked.get_by_label(result, exact=True).check()


def test_an_audit_goes_from_the_programme_to_an_effect_that_was_seen(people: People) -> None:
    approve_a_year(people)
    plan_an_audit(people)
    choose_questions(people)
    people.clock.go(FIRST)
    hold_it(people)
    people.later()
    plan_what_mends(people)
    people.later()
    do_the_work(people)
    people.later()
    look_whether_done(people)
    people.clock.go(EFFECT)
    see_the_effect(people)


def approve_a_year(people: People) -> None:
    """Draft a programme, and approve it once it leaves nobody out."""
    secretary = people.desk("thuky")
    secretary.get_by_role("link", name="Chương trình đánh giá").first.click()
    secretary.get_by_label("Tư pháp, tháng 8").check()
    press(secretary, "Lưu chương trình")
    says(secretary, "Đã lưu chương trình.")

    press(secretary, "Trình phê duyệt")
    says(secretary, "Còn thiếu:", "Văn phòng")

    secretary.get_by_label("Văn phòng, tháng 11").check()
    press(secretary, "Lưu chương trình")
    accessible(secretary)
    press(secretary, "Trình phê duyệt")
    says(secretary, "Chờ phê duyệt")
    leader = people.take_up("lanhdao", "Phê duyệt chương trình đánh giá")
    fill(leader, number="01/QĐ-UBND", dated=written(MONDAY))
    press(leader, "Phê duyệt chương trình")
    says(leader, "Quyết định số 01/QĐ-UBND")


def plan_an_audit(people: People) -> None:
    """Plan an audit, choose its team, decide on it, give it hours, and tell the unit."""
    secretary = people.desk("thuky")
    secretary.get_by_role("link", name="Đánh giá viên", exact=True).first.click()
    secretary.get_by_label("Người", exact=True).select_option(label="Bùi Ngọc Ánh")
    fill(secretary, name="Đánh giá viên nội bộ ISO 9001:2015", first_day="01/01/2026")
    press(secretary, "Lưu")

    secretary = people.take_up("thuky", "Lập cuộc đánh giá theo chương trình")
    expect(secretary.get_by_label("Tư pháp")).to_be_checked()
    fill(secretary, title="Đánh giá nội bộ đợt 1", scope="Giải quyết hồ sơ hộ tịch.")
    fill(secretary, criteria="TCVN ISO 9001:2015.", period_first="01/01/2026")
    for name in ("first_day", "last_day", "period_last"):
        fill(secretary, **{name: written(FIRST)})
    press(secretary, "Lưu")

    secretary = people.take_up("thuky", "Chọn đoàn đánh giá")
    secretary.get_by_label("Người", exact=True).select_option(label="Bùi Ngọc Ánh")
    secretary.get_by_label("Vai trò").select_option(label="Trưởng đoàn")
    press(secretary, "Đưa vào đoàn")
    accessible(secretary)
    follow(secretary, "Đánh giá nội bộ đợt 1")
    press(secretary, "Thông báo cho đơn vị")
    says(
        secretary,
        "Chưa thông báo được:",
        "Chưa có quyết định thành lập đoàn.",
        "Còn 1 đơn vị chưa xếp giờ trong kế hoạch.",
    )

    leader = people.take_up("lanhdao", "Quyết định thành lập đoàn đánh giá")
    fill(leader, number="15/QĐ-UBND", dated=written(MONDAY))
    press(leader, "Ghi quyết định")
    says(leader, "Quyết định số 15/QĐ-UBND")

    secretary = people.take_up("thuky", "Thông báo cuộc đánh giá cho đơn vị")
    secretary.get_by_text("Thêm giờ").click()
    hours = secretary.locator("form", has=secretary.get_by_label("Từ giờ"))
    fill(hours, day=written(FIRST), begins="8:00", ends="10:00", subject="QT-11/TP")
    hours.get_by_label("Đơn vị").select_option(label="Tư pháp")
    hours.get_by_label("Bùi Ngọc Ánh").check()
    press(secretary, "Thêm")
    press(secretary, "Thông báo cho đơn vị")
    says(secretary, "Đã thông báo")
    accessible(secretary)
    says(people.take_up("truong-tp", "Đơn vị sắp được đánh giá"), "Kế hoạch theo giờ")


def choose_questions(people: People) -> None:
    """Ask about a process, a procedure, a clause, and what the system saw amiss."""
    lead = people.take_up("danhgia", "Chuẩn bị phiếu đánh giá", TABLET)
    follow(lead, "Thêm câu hỏi")
    for ticked in ("QT-11/TP", "1.001193", "chưa đánh giá Tư pháp"):
        lead.get_by_label(ticked).check()
    lead.get_by_text("Điều khoản của").click()
    lead.get_by_label("7.5.3").first.check()
    accessible(lead)
    press(lead, "Thêm vào phiếu")
    says(lead, "Bước 1. Tiếp nhận", "trả kết quả trong thời hạn", "chưa đánh giá Tư pháp")


def hold_it(people: People) -> None:
    """Hold it with a tablet that is without network for a while."""
    lead = people.take_up("danhgia", "Bắt đầu cuộc đánh giá", TABLET)
    press(lead, "Bắt đầu đánh giá")
    follow(lead, "Đánh giá nội bộ đợt 1")
    meet(lead, "Họp mở đầu", "8:00")
    press(lead, "Báo cáo kết quả")
    says(lead, "Chưa báo cáo được:", "Chưa ghi họp kết thúc và người dự.")
    answer_without_network(people.take_up("danhgia", "Trả lời phiếu đánh giá"))

    line(lead, "trả kết quả trong thời hạn").get_by_role("link", name="Lập phát hiện").click()
    lead.get_by_label("Mức độ").select_option(label="Không phù hợp nặng")
    lead.get_by_label("Điều khoản").select_option(value="8.5.1")
    expect(lead.get_by_label("Bằng chứng")).to_have_value(
        "Hồ sơ HT-17: nhận 03/08/2026, hẹn 05/08/2026, trả 07/08/2026."
    )
    accessible(lead)
    press(lead, "Lập phát hiện")
    says(lead, "Đã lập phát hiện.", "KPH-01/2026")

    follow(lead, "Đánh giá nội bộ đợt 1")
    meet(lead, "Họp kết thúc", "16:00")
    lead.locator("#meetings").get_by_role("link", name="Viết kết luận", exact=True).click()
    fill(lead, conclusion="Hệ thống được duy trì; một điểm không phù hợp nặng.")
    press(lead, "Lưu")
    accessible(lead)
    press(lead, "Báo cáo kết quả")
    says(lead, "Đã báo cáo.")


def meet(lead: Page, meeting: str, begins: str) -> None:
    """Write down a meeting and who was there."""
    row = lead.locator("#meetings li", has_text=meeting)
    row.get_by_role("link").click()
    fill(lead, begins=begins, place="Phòng họp")
    fill(lead, people="Bùi Ngọc Ánh, Trưởng đoàn\nVũ Thị Lan, Trưởng phòng Tư pháp")
    press(lead, "Lưu")
    expect(row).to_contain_text("2 người dự")


def answer_without_network(lead: Page) -> None:
    """Write answers, a dossier and a picture without network; all is sent when it is back."""
    status(lead, "Đã gửi hết.")
    status(lead, "Mất mạng vẫn mở lại được phiếu này")
    accessible(lead)
    questions = lead.locator("article strong").all_inner_texts()
    late = next(each for each in questions if "trả kết quả trong thời hạn" in each)
    first, second, *others = [each for each in questions if each != late]
    answer(lead, first, "Phù hợp", "Đã xem 5 hồ sơ.")
    answer(lead, second, "Lưu ý")
    expect(line(lead, second)).to_contain_text("Hãy ghi đã thấy gì")
    answer(lead, second, "Phù hợp")
    status(lead, "Đã gửi hết.")

    lead.context.set_offline(True)
    answer(lead, late, "Không phù hợp", "HT-17 trả trễ.")
    asked = line(lead, late)
    asked.get_by_text("Hồ sơ lấy mẫu", exact=True).click()
    for label, value in LATE_DOSSIER.items():
        asked.get_by_label(label, exact=True).fill(value)
    asked.get_by_role("button", name="Thêm hồ sơ").click()
    photo = FilePayload(name="so.png", mimeType="image/png", buffer=PIXEL)
    asked.get_by_label("Ảnh, tệp PDF, DOCX hoặc XLSX").set_input_files(photo)
    asked.get_by_label("Bằng chứng, ghi chú").fill("HT-17 trả trễ, không có thư xin lỗi.")
    status(lead, "chờ gửi: 3.")
    lead.reload()
    status(lead, "Chưa có mạng")
    expect(asked.get_by_label("Bằng chứng, ghi chú")).to_have_value(
        "HT-17 trả trễ, không có thư xin lỗi."
    )
    for each in others:
        answer(lead, each, "Phù hợp")
    status(lead, f"chờ gửi: {3 + len(others)}.")

    lead.context.set_offline(False)
    status(lead, "Đã gửi hết.")
    lead.reload()
    says(lead, f"Đã trả lời {len(questions)}/{len(questions)} dòng", "trễ 2 ngày làm việc")
    expect(asked.get_by_role("link", name="so.jpg")).to_be_visible()
    expect(asked.get_by_label("Bằng chứng, ghi chú")).to_have_value(
        "HT-17 trả trễ, không có thư xin lỗi."
    )


def plan_what_mends(people: People) -> None:
    """Put right what can be at once, plan the rest as head, approve it as leader."""
    head = people.take_up("truong-tp", "Phân tích nguyên nhân, lập kế hoạch")
    fill(head, **{"plan-correction": "Đã gửi thư xin lỗi người nộp hồ sơ HT-17."})
    press(head, "Lưu và trình phê duyệt")
    says(head, "Phiếu chưa đủ để trình phê duyệt.", "chưa ghi nguyên nhân")
    fill(head, **{"plan-extent": "Đã xem 40 hồ sơ; không có hồ sơ nào khác."})
    fill(head, **{"plan-cause": WHYS})
    press(head, "Lưu")
    says(head, "Đã lưu phân tích, kế hoạch.")
    expect(head.locator(".causes strong")).to_have_text("vì chưa ai được giao rà soát mẫu sổ")
    fill(head, **{"plan-tasks-0-words": "Thêm cột ngày hẹn vào sổ theo dõi."})
    head.locator("[name=plan-tasks-0-owner]").select_option(label="Hoàng Văn Nam")
    fill(head, **{"plan-tasks-0-due": written(FIRST + timedelta(days=7))})
    accessible(head)
    press(head, "Lưu và trình phê duyệt")
    says(head, "Đã trình; phiếu chờ lãnh đạo phê duyệt.")

    leader = people.take_up("lanhdao", "Phê duyệt kế hoạch khắc phục")
    accessible(leader)
    press(leader, "Phê duyệt")
    says(leader, "Đã phê duyệt kế hoạch.")


def do_the_work(people: People) -> None:
    """Do the work, which is not done without evidence and not judged by those whose it is."""
    clerk = people.take_up("nhanvien-tp", "Thực hiện hành động khắc phục")
    clerk.get_by_label("Kết quả").fill("Sổ mới có cột ngày hẹn.")
    press(clerk, "Hành động này đã xong")
    says(clerk, "Hãy đính kèm bằng chứng rồi mới báo làm xong.")
    expect(clerk.get_by_label("Kết quả")).to_have_value("Sổ mới có cột ngày hẹn.")
    proof = FilePayload(name="so-moi.pdf", mimeType="application/pdf", buffer=PDF)
    clerk.get_by_label("Bằng chứng").set_input_files(proof)
    press(clerk, "Hành động này đã xong")
    says(clerk, "Đã ghi hành động làm xong.", "Phiếu chuyển sang “Đang thực hiện”.")
    accessible(clerk)

    head = people.take_up("truong-tp", "Gửi kiểm tra xác nhận phiếu khắc phục")
    press(head, "Gửi kiểm tra xác nhận")
    says(head, "phiếu chờ người khác kiểm tra xác nhận", "Người kiểm tra không phải người")
    expect(head.get_by_role("button", name="Xác nhận đã thực hiện")).to_have_count(0)


def look_whether_done(people: People) -> None:
    """Look as somebody else whether it was done, and say when its effect can be seen."""
    verifier = people.take_up("dgv-vp", "Kiểm tra xác nhận đã thực hiện")
    accessible(verifier)
    fill(verifier, **{"verify-words": "Đã xem sổ mới."})
    fill(verifier, **{"verify-effect_due": written(people.clock.at.date())})
    press(verifier, "Xác nhận đã thực hiện")
    says(verifier, "Ngày kiểm tra hiệu lực phải sau ngày xác nhận thực hiện.")
    fill(verifier, **{"verify-effect_due": written(EFFECT)})
    press(verifier, "Xác nhận đã thực hiện")
    says(verifier, f"Đến {written(EFFECT)} mới kiểm tra hiệu lực.")

    secretary = people.desk("thuky")
    expect(secretary.get_by_role("row", name="Đóng cuộc đánh giá")).to_have_count(0)
    secretary.get_by_role("link", name="Đánh giá nội bộ", exact=True).first.click()
    follow(secretary, "Đánh giá nội bộ đợt 1")
    press(secretary, "Đóng cuộc đánh giá")
    says(secretary, "Còn 1 phát hiện chưa đóng.")


def see_the_effect(people: People) -> None:
    """See the effect on a later day: request, finding and audit are closed."""
    verifier = people.take_up("dgv-vp", "Kiểm tra hiệu lực khắc phục")
    fill(verifier, **{"close-words": "Năm tuần không hồ sơ nào trễ."})
    press(verifier, "Có hiệu lực, đóng phiếu")
    says(verifier, "Đã đóng phiếu.")
    follow(verifier, "KPH-01/2026")
    says(verifier, "Đã đóng")
    accessible(verifier)

    secretary = people.take_up("thuky", "Đóng cuộc đánh giá")
    press(secretary, "Đóng cuộc đánh giá")
    says(secretary, "Đã đóng cuộc đánh giá.")
    expect(secretary.locator(".steps [aria-current]")).to_have_text("Đã đóng")
    accessible(secretary)
