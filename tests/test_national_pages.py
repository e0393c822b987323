"""The catalogue in the browser: a file goes in, its findings are answered, a decision comes out."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from qms import jobs
from qms.db import db, transaction
from qms.documents import queries, service, signing
from qms.documents.kinds.procedure import Procedure
from qms.documents.registering import create_document
from qms.documents.rules import RevisionText
from qms.documents.timeline import Action
from qms.national.models import Import, Item, Question
from qms.units.queries import unit
from tests.cataloguing import FIRST, LATER
from tests.engines import counted, sqlite_only
from tests.factories import PASSWORD, Office
from tests.pages import Browser, Page
from tests.people import As
from tests.servers import PHONE, accessible
from tests.test_decision_pages import ASKED
from tests.when import MONDAY, Clock

pytestmark = sqlite_only

TABS = ("new", "changed", "gone", "unchanged", "doubtful", "refused")


def upload(
    browser: Browser, file: Path | bytes, *, status: int = 303, name: str = "", **form: str
) -> Page:
    """Hand in an export at the page."""
    data = file if isinstance(file, bytes) else file.read_bytes()
    named = name or (file.name if isinstance(file, Path) else "catalogue.jsonl")
    asked = {"owner": "song-lo", "for_level": "", "level": "", "field": ""} | form
    sent = asked | {"file": (io.BytesIO(data), named)}
    return browser.post("national.upload", sent, status=status)


def take_in(app: Flask, browser: Browser, file: Path | bytes) -> Page:
    """Hand in an export and wait for what it finds."""
    job = int(upload(browser, file).address.rpartition("/")[2])
    with app.app_context():
        jobs.run(job)
    response = browser.client.get(f"/jobs/{job}")
    assert response.status_code == 303, response.get_data(as_text=True)
    return browser.open(response.location)


def number(page: Page) -> int:
    """Return the number of the import a page shows."""
    return int(page.address.rpartition("/")[2])


def sign(app: Flask, office: Office, clock: Clock, decision: int) -> None:
    with app.app_context(), transaction() as session:
        found = queries.decision(session, decision)
        signing.review(session, office.act("truongphong", clock.at, MONDAY), found)
        paper = signing.Paper(f"{decision}/QĐ-UBND", MONDAY, MONDAY)
        signing.sign(session, office.act("lanhdao", clock.at, MONDAY), found, paper)


def doubts(app: Flask, *kinds: str) -> list[tuple[int, str]]:
    """Return number and group of the open doubts."""
    with app.app_context():
        query = sa.select(Question.id, Question.group_key).order_by(Question.id)
        query = query.where(Question.answer.is_(None))
        found = [(row.id, row.group_key) for row in db.session.execute(query)]
    return [row for row in found if not kinds or row[1].split(":")[0] in kinds]


def imports(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(Import)) or 0


# What is found, tab by tab.


def test_an_upload_leads_to_what_was_found(
    app: Flask, signed_in: As, office: Office, clock: Clock
) -> None:
    secretary = signed_in("thuky")
    page = take_in(app, secretary, FIRST)
    assert page.one("h1") == "Đợt nhập lúc 09:00, 03/08/2026"
    assert page.all(".tally a") == [
        "30Mới",
        "0Thay đổi",
        "0Không còn",
        "0Không đổi",
        "15Nghi vấn15 thủ tục, 16 chỗ",
        "5Từ chối",
    ]
    refused = secretary.get("national.show", import_id=1, show="refused")
    assert "Mã 9.900001 đã có ở dòng 1 của tệp." in refused.text
    sign(app, office, clock, 1)
    later = number(take_in(app, secretary, LATER))
    changed = secretary.get("national.show", import_id=later, show="changed")
    (link,) = [a for a in changed.attributes("tbody th a", "href") if "items" in a][:1]
    redline = secretary.open(link)
    assert redline.all("ins")
    assert redline.all("del")
    gone = secretary.get("national.show", import_id=later, show="gone")
    assert "Nay mang mã 9.900126, cùng tên." in gone.text
    unchanged = secretary.get("national.show", import_id=later, show="unchanged")
    assert "Bổ sung phần danh mục trước chưa nêu:" in unchanged.text
    assert "Bước 1" not in unchanged.text
    listed = secretary.get("national.index")
    assert listed.all("tbody th a") == ["catalogue-later.jsonl", "catalogue.jsonl"]


def test_a_tab_is_filtered_by_words_and_field(app: Flask, signed_in: As) -> None:
    secretary = signed_in("thuky")
    take_in(app, secretary, FIRST)
    page = secretary.get("national.show", import_id=1, show="new", q="chim bo cau")
    assert len(page.all("tbody tr")) == 2
    page = secretary.get("national.show", import_id=1, show="new", field="Lễ hội bịa")
    assert page.all("tbody th .num") == ["9.900018"]
    page = secretary.get("national.show", import_id=1, show="nonsense", page="x")
    assert len(page.all("tbody tr")) == 30
    page = secretary.get("national.show", import_id=1, show="gone", q="%")
    assert "Không có thủ tục nào ở mục này." in page.text


def test_a_page_costs_the_same_with_ten_and_with_a_hundred_rows(
    app: Flask, signed_in: As, office: Office, clock: Clock
) -> None:
    secretary = signed_in("thuky")

    def rows(count: int, first: int = 0) -> bytes:
        lines = []
        for at in range(first, count):
            way = {"hinh_thuc": "DIRECT", "thoi_han": f"{at % 7} OTHER"}
            name = f"Việc {at}{' mới' if first else ''}"
            row = {"ma_thu_tuc": f"9.{at:06}", "ten": name, "cach_thuc_thuc_hien": [way]}
            lines += [json.dumps(row), "hỏng"]
        return "\n".join(lines).encode()

    def cost(run: int) -> list[int]:
        costs = []
        with app.app_context():
            query = sa.select(Item.id).where(Item.import_id == run, Item.changed != "")
            changed = db.session.scalar(query.limit(1))
        asked: list[tuple[str, dict[str, object]]] = [
            ("national.show", {"import_id": run, "show": tab}) for tab in TABS
        ]
        asked.append(("national.show", {"import_id": run, "show": "doubtful", "one": 1}))
        asked += [("national.index", {}), ("national.item", {"item_id": changed})]
        for endpoint, values in asked:
            with counted() as sent:
                secretary.get(endpoint, **values)  # type: ignore[arg-type]
            costs.append(len(sent))
        return costs

    take_in(app, secretary, rows(12))
    sign(app, office, clock, 1)
    few = cost(number(take_in(app, secretary, rows(10, 1))))
    take_in(app, secretary, rows(120))
    sign(app, office, clock, 2)
    assert cost(number(take_in(app, secretary, rows(110, 1)))) == few
    assert max(few) <= 15, few


# Files that are none, on the page.


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "Tệp không có dòng nào"),
        (b"PK\x03\x04", "Tệp là ZIP hoặc Excel"),
        (b"\x1f\x8b\x08\x00abc", "Tệp nén bị"),
        (b"<!doctype html>", "không phải là JSON"),
    ],
)
def test_a_bad_file_is_refused_beside_its_field_and_the_rest_kept(
    app: Flask, signed_in: As, data: bytes, says: str
) -> None:
    secretary = signed_in("thuky")
    page = upload(secretary, data, status=422, level="xa", field="Hộ tịch")
    assert says in page.one("#file-wrong")
    assert page.attributes("#field", "value") == ["Hộ tịch"]
    assert page.attributes("#level option[selected]", "value") == ["xa"]
    with app.app_context():
        assert jobs.run_waiting() == 0


def test_a_file_must_be_chosen_and_words_stay_short(signed_in: As) -> None:
    secretary = signed_in("thuky")
    page = secretary.post("national.upload", {"owner": "song-lo", "field": "x"}, status=422)
    assert "Hãy chọn tệp" in page.one("#file-wrong")
    page = upload(secretary, FIRST, status=422, field="x" * 301)
    assert page.one("#field-wrong")
    assert page.attributes("#field", "value") == ["x" * 301]
    assert upload(secretary, FIRST, status=422, owner="tan-lap").one("#owner-wrong")


def test_a_file_that_breaks_off_later_says_so_and_leaves_nothing(
    app: Flask, signed_in: As
) -> None:
    secretary = signed_in("thuky")
    rows = [f'{{"ma_thu_tuc": "9.{n:06}", "ten": "Việc {n}"}}' for n in range(300)]
    data = "\n".join(rows).encode() + b"\n" * 100_001
    job = int(upload(secretary, data).address.rpartition("/")[2])
    with app.app_context():
        jobs.run(job)
    page = secretary.get("jobs.show", job_id=job)
    assert "Tệp có hơn 100000 dòng" in page.text
    assert imports(app) == 0


def test_an_import_that_is_stopped_leaves_nothing(app: Flask, signed_in: As) -> None:
    secretary = signed_in("thuky")
    job = int(upload(secretary, FIRST).address.rpartition("/")[2])
    secretary.post("jobs.cancel", {}, status=303, job_id=job)
    with app.app_context():
        jobs.run(job)
    assert "Đã dừng" in secretary.get("jobs.show", job_id=job).text
    assert imports(app) == 0


def test_new_procedures_are_left_out_of_the_draft_and_taken_back(
    app: Flask, signed_in: As
) -> None:
    secretary = signed_in("thuky")
    take_in(app, secretary, FIRST)

    def lines() -> int:
        with app.app_context():
            return len(queries.lines(db.session(), 1))

    def rows(page: Page) -> int:
        return len([words for words in page.all("td .st, th .st") if "Để ngoài" in words])

    everything = {"all": "1", "answer": "no"}
    page = secretary.post(
        "national.choose_new", everything, status=303, import_id=1, q="9.90000"
    )
    left = rows(page)
    assert 0 < left < 30
    assert f"{left} thủ tục mới được để ngoài dự thảo." in page.text
    assert lines() == 30 - left
    secretary.post("national.choose_new", everything, status=409, import_id=1, q="9.90000")
    again = take_in(app, secretary, FIRST)
    assert lines() == 30 - left, "the same file twice changes nothing"
    assert f"{left} thủ tục mới được để ngoài dự thảo." in again.text
    pick = again.attributes("input[name=pick]", "value")[0]
    back = {"pick": pick, "answer": "yes"}
    secretary.post("national.choose_new", back, status=303, import_id=number(again))
    assert lines() == 31 - left
    secretary.post("national.choose_new", back, status=409, import_id=number(again))
    secretary.post("national.choose_new", back, status=409, import_id=1)
    take_in(app, secretary, FIRST)
    assert lines() == 31 - left


def test_the_offices_own_procedures_that_the_file_lacks_are_named_and_left_alone(
    app: Flask, signed_in: As, office: Office, clock: Clock
) -> None:
    secretary = signed_in("thuky")
    with app.app_context(), transaction() as session:
        act = office.act("thuky", clock.at, MONDAY)
        owner = unit(session, "song-lo")
        document = create_document(session, act, owner=owner, kind="procedure", code="8.000001")
        draft = service.open_decision(session, act, owner, service.Head(title="Của xã"))
        text = RevisionText("Thủ tục của xã", Procedure(levels=("Cấp xã",)))
        service.add_lines(session, act, draft, [service.Line(document, Action.ISSUE, text)])
    sign(app, office, clock, 1)
    take_in(app, secretary, FIRST)
    page = secretary.get("national.show", import_id=1, show="gone")
    assert "1 thủ tục của đơn vị không có trong tệp" in page.text
    assert "Thủ tục của xã" in page.text
    assert page.all(".tally [aria-current]") == ["0Không còn"]


def test_the_form_begins_with_the_level_of_the_office(signed_in: As) -> None:
    page = signed_in("thuky").get("national.index")
    assert page.attributes("select[name=level] option[selected]", "value") == ["xa"]


# Answers.


def test_a_group_one_doubt_and_all_of_a_filter_are_answered_at_the_page(
    app: Flask, signed_in: As
) -> None:
    secretary = signed_in("thuky")
    take_in(app, secretary, FIRST)
    (group,) = {key for _, key in doubts(app, "code")}
    page = secretary.post(
        "national.answer_doubts",
        {"pick": f"g:{group}", "answer": "as_said"},
        status=303,
        import_id=1,
    )
    assert "Đã xử lý 1 chỗ ở 1 thủ tục." in page.all(".band")[0]
    (tile,) = page.all(".tally [aria-current]")
    assert tile.startswith("14Nghi vấn")
    assert "14 thủ tục, 15 chỗ" in tile
    one = doubts(app, "fee_amount")[0][0]
    form = {"pick": f"d:{one}", "answer": "own", "value": "20.500 đồng"}
    secretary.post("national.answer_doubts", form, status=303, import_id=1, kind="fee_amount")
    assert len(doubts(app, "fee_amount")) == 2
    form = {"all": "1", "answer": "as_said"}
    zero = {"import_id": 1, "kind": "fee_zero"}
    page = secretary.post("national.answer_doubts", form, status=200, **zero)
    assert len(doubts(app, "fee_zero")) == 3, "all at once is asked about first"
    assert "3 mức thu sẽ công khai là 0 đồng." in page.text
    assert page.attributes("input[name=sure]", "value") == ["3"]
    page = secretary.post("national.answer_doubts", form | {"sure": "2"}, status=200, **zero)
    assert doubts(app, "fee_zero"), "a yes to another number is none"
    secretary.post("national.answer_doubts", form | {"sure": "3"}, status=303, **zero)
    assert not doubts(app, "fee_zero")
    assert doubts(app, "decision"), "the filter held"


def test_a_reviewer_reads_on_the_decision_how_much_is_open_to_doubt(
    app: Flask, signed_in: As
) -> None:
    thuky = signed_in("thuky")
    take_in(app, thuky, FIRST)
    thuky.post("documents.signing.submit", {}, status=303, decision_id=1)
    with app.app_context():
        places = len(doubts(app))
    reviewer = signed_in("truongphong")
    with counted() as sent:
        page = reviewer.get("documents.decisions.show", decision_id=1)
    assert f"còn {places} chỗ nghi vấn" in page.text
    assert len(sent) <= ASKED


def test_an_answer_is_opened_again_while_it_is_a_draft(app: Flask, signed_in: As) -> None:
    secretary = signed_in("thuky")
    take_in(app, secretary, FIRST)
    one = doubts(app, "fee_amount")[0][0]
    form = {"pick": f"d:{one}", "answer": "own", "value": "20.500"}
    secretary.post("national.answer_doubts", form, status=303, import_id=1, kind="fee_amount")
    page = secretary.get("national.show", import_id=1, show="doubtful")
    assert "Đã xử lý (1 chỗ)" in page.text
    page = secretary.get("national.show", import_id=1, show="settled")
    assert "20.500" in page.text
    form = {"pick": f"d:{one}", "answer": "reopen"}
    page = secretary.post("national.answer_doubts", form, status=303, import_id=1)
    assert "Đã mở lại 1 chỗ nghi vấn." in page.all(".band")[0]
    assert one in dict(doubts(app, "fee_amount"))
    secretary.post("national.answer_doubts", form, status=409, import_id=1)


def test_answers_after_the_signature_name_the_new_draft(
    app: Flask, signed_in: As, office: Office, clock: Clock
) -> None:
    secretary = signed_in("thuky")
    take_in(app, secretary, FIRST)
    sign(app, office, clock, 1)
    one = doubts(app, "fee_amount")[0][0]
    form = {"pick": f"d:{one}", "answer": "own", "value": "20.500"}
    page = secretary.post(
        "national.answer_doubts", form, status=303, import_id=1, kind="fee_amount"
    )
    told = page.all(".band")[1]
    assert "Đã ghi vào dự thảo mới 2. Quyết định 1/QĐ-UBND đã ký không đổi." in told
    assert page.attributes(".band a", "href") == ["/decisions/2"]
    decision = secretary.get("documents.decisions.show", decision_id=2)
    day = f"{MONDAY:%d/%m/%Y}"
    assert decision.one("h1") == f"Xử lý nghi vấn của danh mục quốc gia nhập ngày {day}"


def test_an_answer_that_does_not_fit_is_refused_with_what_was_typed(
    app: Flask, signed_in: As
) -> None:
    secretary = signed_in("thuky")
    take_in(app, secretary, FIRST)
    one = doubts(app, "fee_amount")[0][0]
    for form, says, status in (
        ({"pick": f"d:{one}", "answer": "own", "value": "mười"}, "số tiền", 422),
        ({"pick": f"d:{one}", "answer": "junk", "value": "mười"}, "Hãy chọn một cách", 422),
        ({"answer": "as_said", "value": "mười"}, "Hãy chọn ít nhất một nghi vấn", 409),
        ({"pick": ["d:999999", "d:x"], "answer": "as_said", "value": "mười"}, "ít nhất", 409),
    ):
        page = secretary.post(
            "national.answer_doubts", form, status=status, import_id=1, kind="fee_amount"
        )
        assert says in page.one("[role=alert]")
        assert page.attributes("input[name=value]", "value") == ["mười"]
    assert one in dict(doubts(app))


def test_what_somebody_answered_meanwhile_or_is_in_review_is_a_409(
    app: Flask, signed_in: As, office: Office, clock: Clock
) -> None:
    secretary = signed_in("thuky")
    take_in(app, secretary, FIRST)
    first, second = (found for found, _ in doubts(app, "fee_amount")[:2])
    form = {"pick": f"d:{first}", "answer": "as_said"}
    secretary.post("national.answer_doubts", form, status=303, import_id=1)
    page = secretary.post("national.answer_doubts", form, status=409, import_id=1)
    assert "Hãy chọn ít nhất một nghi vấn còn mở." in page.one("[role=alert]")
    with app.app_context(), transaction() as session:
        act = office.act("thuky", clock.at, MONDAY)
        signing.submit(session, act, queries.decision(session, 1))
    form = {"pick": f"d:{second}", "answer": "as_said"}
    page = secretary.post("national.answer_doubts", form, status=409, import_id=1)
    assert "đang được xem xét" in page.one("[role=alert]")
    assert second in dict(doubts(app))


def test_what_is_gone_needs_a_yes_at_the_page(
    app: Flask, signed_in: As, office: Office, clock: Clock
) -> None:
    secretary = signed_in("thuky")
    take_in(app, secretary, FIRST)
    sign(app, office, clock, 1)
    run = number(take_in(app, secretary, LATER))
    page = secretary.get("national.show", import_id=run, show="gone")
    assert "Cả 3 thủ tục còn chờ trả lời" in page.text
    pick = page.attributes("input[name=pick]", "value")[0]
    page = secretary.post(
        "national.answer_gone", {"pick": pick, "answer": "no"}, status=303, import_id=run
    )
    assert "Giữ lại" in page.text
    everything = {"all": "1", "answer": "yes"}
    page = secretary.post("national.answer_gone", everything, status=303, import_id=run)
    assert len([words for words in page.all("td .st") if words == "Bãi bỏ"]) == 2
    page = secretary.post("national.answer_gone", everything, status=409, import_id=run)
    assert "còn chờ trả lời" in page.one("[role=alert]")
    decision = secretary.get("documents.decisions.show", decision_id=2)
    assert "Bãi bỏ 2" in decision.text
    take_in(app, secretary, FIRST)
    page = secretary.get("national.show", import_id=run, show="gone")
    assert not page.attributes("input[name=pick]", "value"), "a later import looked again"


def test_imports_of_another_office_are_closed(app: Flask, signed_in: As) -> None:
    take_in(app, signed_in("thuky"), FIRST)
    with app.app_context():
        item = db.session.scalar(sa.select(sa.func.min(Item.id)))
    stranger = signed_in("thuky-tl")
    assert "Chưa nhập lần nào" in stranger.get("national.index").text
    stranger.get("national.show", import_id=1, status=403)
    stranger.get("national.item", item_id=item, status=403)
    for endpoint, form in (
        ("national.answer_doubts", {"all": "1", "answer": "as_said"}),
        ("national.answer_gone", {"all": "1", "answer": "yes"}),
    ):
        stranger.post(endpoint, form, status=403, import_id=1)
    stranger.get("national.show", import_id=99, status=404)


# In a real browser.


@pytest.fixture
def working(app: Flask) -> Iterator[None]:
    """Work on jobs beside the server, as the embedded default does."""
    with app.app_context():
        worker = jobs.Worker()
        worker.start()
        yield
        worker.stop()


@pytest.mark.browser
@pytest.mark.usefixtures("working", "office")
def test_the_secretary_follows_an_upload_answers_and_reaches_the_decision(page: Tab) -> None:
    page.goto("/sign-in")
    page.get_by_label("Tên đăng nhập").fill("thuky")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Danh mục quốc gia").first.click()
    page.get_by_label("Tệp danh mục").set_input_files(
        {"name": "list.docx", "mimeType": "application/msword", "buffer": b"PK\x03\x04"}
    )
    page.get_by_label("Chỉ lấy thủ tục").select_option("Cấp xã")
    page.get_by_role("button", name="Đọc tệp").click()
    expect(page.locator("#file-wrong")).to_contain_text("Tệp là ZIP hoặc Excel")
    expect(page.get_by_label("Chỉ lấy thủ tục")).to_have_value("xa")
    accessible(page)
    page.get_by_label("Tệp danh mục").set_input_files(FIRST)
    page.get_by_role("button", name="Đọc tệp").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đợt nhập lúc")
    page.get_by_role("link", name="Nghi vấn").last.click()
    page.get_by_label("Loại nghi vấn").select_option(label="Số tiền đáng ngờ (3 chỗ)")
    page.get_by_role("button", name="Lọc").click()
    page.get_by_label("Chọn Số tiền đáng ngờ 20 đồng").check()
    page.get_by_role("button", name="Làm theo đề nghị").click()
    expect(page.get_by_role("status").first).to_contain_text("Đã xử lý 1 chỗ ở 1 thủ tục.")
    expect(page.get_by_label("Loại nghi vấn")).to_have_value("fee_amount")
    accessible(page)
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= PHONE["width"], "a phone need not scroll sideways"
    accessible(page)
    page.get_by_role("link", name="Mở dự thảo quyết định").click()
    expect(page.get_by_role("main")).to_contain_text("28 dòng")
    page.get_by_role("button", name="Gửi xem xét").click()
    expect(page.get_by_role("main")).to_contain_text("Đang xem xét")
