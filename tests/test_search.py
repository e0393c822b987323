"""Finding what is in force: without accents, by code, name, field and text, on both engines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from unicodedata import category

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from qms.db import transaction
from qms.documents import queries, reading, search, search_index, service, signing, standing
from qms.documents.kinds.procedure import Procedure
from qms.documents.kinds.text import Genre, WrittenText
from qms.documents.registering import create_document, draft_documents
from qms.documents.rules import Audience, RevisionText
from qms.documents.search_models import SearchText
from qms.documents.search_rules import Shelf, asked, entry, exact
from qms.documents.service import Head, Line
from qms.documents.timeline import Action
from qms.text import fold
from qms.units.queries import unit_by_id
from tests.engines import counted, postgres_only
from tests.factories import Office, document_by_code
from tests.pages import Browser
from tests.people import As
from tests.when import MONDAY, NINE

BEFORE = date(2026, 7, 1)
LATER = date(2026, 9, 1)
MOST_QUERIES = 15

TITLES = {
    "1.001193": ("Đăng ký khai sinh", "Hộ tịch", "Người yêu cầu nộp tờ khai theo mẫu"),
    "1.004884": ("Đăng ký lại khai sinh", "Hộ tịch", "Bản sao giấy tờ của Đất nước"),
    "2.000913": ("Công nhận hoà giải viên", "Phổ biến pháp luật", "Tổ hoà giải ở cơ sở"),
    "2.000950": ("Sao chụp hồ sơ hóa giải", "Phổ biến pháp luật", "Tài liệu về hóa chất"),
    "1.002211": ("Cấp phép đào Đường bộ", "Giao thông", "Ưu tiên người có hồ sơ"),
    "1.009999": ("Chứng nhận duong xi", "Nông nghiệp", "Cây duong xỉ ở rừng"),
    "QT-TP-01": ("Tiếp công dân", "Thanh tra", "Mượn nước, đường, ruộng"),
}


@dataclass
class Desk:
    """Signs texts for an office, one decision at a time."""

    app: Flask
    office: Office
    signed: int = 0

    def sign(self, lines: Callable[[Session], Sequence[Line]], day: date = BEFORE) -> None:
        """Put lines into a decision and take it into force on a day."""
        self.signed += 1
        acts = {each: self.office.act(each, NINE, MONDAY) for each in self.office.people}
        with self.app.app_context(), transaction() as session:
            owner = unit_by_id(session, self.office.units["song-lo"])
            decision = service.open_decision(session, acts["thuky"], owner, Head("Ban hành"))
            service.add_lines(session, acts["thuky"], decision, lines(session))
            number = decision.id
        with self.app.app_context(), transaction() as session:
            signing.review(session, acts["truongphong"], queries.decision(session, number))
        with self.app.app_context(), transaction() as session:
            paper = signing.Paper(f"{self.signed}/QĐ-UBND", day, min(day, MONDAY), "nhập")
            signing.sign(session, acts["lanhdao"], queries.decision(session, number), paper)

    def issue(self, code: str, text: RevisionText, day: date = BEFORE) -> None:
        """Bring a new document into force."""
        self.issue_all({code: text}, day)

    def issue_all(self, texts: dict[str, RevisionText], day: date = BEFORE) -> None:
        """Bring new documents into force."""

        def lines(session: Session) -> list[Line]:
            owner = unit_by_id(session, self.office.units["song-lo"])
            act = self.office.act("thuky", NINE, MONDAY)
            kind = "text" if any(code.startswith("QT-0") for code in texts) else "procedure"
            made = draft_documents(session, act, owner=owner, kind=kind, codes=list(texts))
            return [Line(made[code], Action.ISSUE, text) for code, text in texts.items()]

        self.sign(lines, day)

    def line(self, code: str, action: Action, text: RevisionText | None = None) -> None:
        """Do something to a document on a later day."""

        def lines(session: Session) -> list[Line]:
            owners = {self.office.units["song-lo"]}
            document = document_by_code(session, owners, "procedure", code)
            assert document is not None
            return [Line(document, action, text)]

        self.sign(lines, LATER)


def procedure(title: str, field: str = "Hộ tịch", words: str = "") -> RevisionText:
    return RevisionText(title, Procedure(field=field, steps=words))


def found(session: Session, office: Office, query: str, on: date = MONDAY) -> list[str]:
    """Return the codes that a search finds on the board, in order."""
    seen = standing.cover(session, office.units["song-lo"], on)
    assert seen is not None
    shelves = search.board(seen, on)
    hits = search.find(session, shelves, asked(query), page=1, size=500).hits
    return [hit.code for hit in hits]


@pytest.fixture
def desk(app: Flask, office: Office) -> Desk:
    """Sign the titles above."""
    made = Desk(app, office)
    made.issue_all({code: procedure(*words) for code, words in TITLES.items()})
    return made


FINDS: Final = {
    "khai sinh": ["1.001193", "1.004884"],
    "KHAI SINH": ["1.001193", "1.004884"],
    "dang ky khai sinh": ["1.001193", "1.004884"],
    "đăng ký lại": ["1.004884"],
    "\u0111a\u0306ng ky\u0301 la\u0323i": ["1.004884"],
    "khai": ["1.001193", "1.004884"],
    "kha": ["1.001193", "1.004884"],
    "hai": [],
    "1.001193": ["1.001193"],
    "1001193": ["1.001193"],
    "001193": ["1.001193"],
    "1.0011": ["1.001193"],
    "QT-TP-01": ["QT-TP-01"],
    "qt tp 01": ["QT-TP-01"],
    "qttp01": ["QT-TP-01"],
    "hoà giải": ["2.000913"],
    "hòa giải": ["2.000913"],
    "hóa giải": ["2.000950"],
    "hoa giai": ["2.000950", "2.000913"],
    "đường": ["1.002211", "QT-TP-01"],
    "duong": ["1.009999", "1.002211", "QT-TP-01"],
    "dat nuoc": ["1.004884"],
    "Đất": ["1.004884"],
    "muon nuoc ruong": ["QT-TP-01"],
    "mượn": ["QT-TP-01"],
    "ho tich": ["1.001193", "1.004884"],
    "khai sinh không có": [],
    '"ký khai"': ["1.001193"],
    "“khai sinh” đăng": ["1.001193", "1.004884"],
    '"sinh Hộ"': [],
    "ho so": ["2.000950", "1.002211"],
}


def test_words_find_what_they_should_in_that_order(session: Session, desk: Desk) -> None:
    assert {query: found(session, desk.office, query) for query in FINDS} == FINDS


SIGNS: Final = ["???", '"', '""', "'", "\\", "%", "_", "*", "|", "&", "!", ":*", "(", "-", "."]
ODD: Final = [
    *(
        "\x00",
        "khai\x00ngoài",
        "AND",
        "OR NOT",
        "NEAR(khai sinh)",
        "body:khai x",
        "' OR 1=1 --",
    ),
    *("\ud800", "😀", "🇻🇳", "مرحبا", "ﬁﬃ", "1.", ".1", "1..2", "a\u0301\u0301", "^khai*x"),
    *("đ" * 10_000, "khai sinh " * 1_000 + "x", '"' * 10_000),
    " ".join(f"từ{n}" for n in range(2_000)),
]


def test_whatever_is_typed_is_answered_with_a_sentence(browser: Browser, desk: Desk) -> None:
    assert desk.signed == 1
    for query in SIGNS + ODD:
        typed = query.encode("utf-8", "replace").decode()
        page = browser.get("notices.board", unit="song-lo", q=typed, all=1)
        told = ("Không thấy thủ tục nào có", "Danh sách", "Tìm thấy")
        assert page.one("h1").startswith(told), query


def test_a_search_that_finds_nothing_says_so(browser: Browser, desk: Desk) -> None:
    page = browser.get("notices.board", unit="song-lo", q="cấp sổ đỏ")
    assert page.one("h1") == "Không thấy thủ tục nào có “cấp sổ đỏ”"
    assert desk.signed == 1


def test_hits_show_their_words_in_the_letters_of_the_text(browser: Browser, desk: Desk) -> None:
    page = browser.get("notices.board", unit="song-lo", q="dang ky KHAI")
    assert page.all(".hit") == ["Đăng ký khai sinh", "Đăng ký lại khai sinh"]
    assert page.all("mark")[0] == "Đăng ký khai"
    place = browser.get("notices.board", unit="song-lo", q="dat nuoc")
    assert place.all("mark") == ["Đất nước"]
    assert desk.signed == 1


def test_only_what_is_in_force_is_found_unless_all_is_asked(
    browser: Browser, session: Session, desk: Desk
) -> None:
    desk.issue("1.000001", procedure("Đăng ký khai tử"), LATER)
    desk.issue("1.000002", procedure("Xác nhận khai man", words="khai"))
    desk.line("1.000002", Action.WITHDRAW)
    desk.line("1.001193", Action.AMEND, procedure("Đăng ký khai sinh lưu động"))
    assert found(session, desk.office, "khai") == ["1.001193", "1.000002", "1.004884"]
    assert found(session, desk.office, "khai", LATER) == ["1.000001", "1.004884", "1.001193"]
    assert found(session, desk.office, "lưu động") == []
    assert found(session, desk.office, "lưu động", LATER) == ["1.001193"]
    page = browser.get("notices.board", unit="song-lo", q="khai")
    assert "bãi bỏ và sắp có hiệu lực (1)" in page.text
    page = browser.get("notices.board", unit="song-lo", q="khai", all=1)
    assert "Đăng ký khai tử" in page.all(".hit")
    assert "Có hiệu lực từ 01/09/2026" in page.text
    page = browser.get("notices.board", unit="song-lo", q="khai man", all=1, on=LATER)
    assert page.all(".hit") == ["Xác nhận khai man"]
    assert "Không còn hiệu lực" in page.text


def test_the_board_finds_no_internal_text_and_no_draft(session: Session, desk: Desk) -> None:
    hidden = RevisionText(
        "Khai sinh nội bộ", Procedure(field="Hộ tịch"), audience=Audience.INTERNAL
    )
    desk.issue("1.000003", hidden)
    act = desk.office.act("thuky", NINE, MONDAY)
    with transaction() as rows:
        owner = unit_by_id(rows, desk.office.units["song-lo"])
        decision = service.open_decision(rows, act, owner, Head("Nháp"))
        drawn = create_document(rows, act, owner=owner, kind="procedure", code="1.000004")
        text = procedure("Khai sinh nháp")
        service.add_lines(rows, act, decision, [Line(drawn, Action.ISSUE, text)])
    assert found(session, desk.office, "khai sinh") == ["1.001193", "1.004884"]


def staff_finds(session: Session, office: Office, account: str, query: str) -> list[str]:
    who = reading.visit(session, office.people[account], MONDAY).reader
    shelves = search.readable(who, MONDAY)
    return [
        hit.code for hit in search.find(session, shelves, asked(query), page=1, size=50).hits
    ]


def test_staff_find_what_they_may_read_and_no_more(session: Session, desk: Desk) -> None:
    for audience in Audience:
        body = WrittenText(genre=Genre.PROCEDURE, body="## 1. Mục đích\nPhòng cháy")
        code = f"QT-0-{audience.value}"
        desk.issue(code, RevisionText("Phòng cháy chữa cháy", body, audience=audience))
    everything = ["QT-0-internal", "QT-0-public", "QT-0-restricted"]
    assert staff_finds(session, desk.office, "chuyenvien", "phong chay") == everything
    assert staff_finds(session, desk.office, "thuky-tl", "phong chay") == ["QT-0-public"]


def test_staff_search_page_shows_hits_with_their_owner(signed_in: As, desk: Desk) -> None:
    body = WrittenText(genre=Genre.PROCEDURE, body="## 1. Mục đích\nKiểm soát tài liệu nội bộ")
    desk.issue("QT-01", RevisionText("Kiểm soát hồ sơ", body, audience=Audience.INTERNAL))
    page = signed_in("chuyenvien").get("documents.search.index", q="tai lieu noi bo")
    assert page.all(".hit") == ["Kiểm soát hồ sơ"]
    assert page.all("mark") == ["tài liệu nội bộ"]
    elsewhere = signed_in("thuky-tl").get("documents.search.index", q="tai lieu noi bo")
    assert elsewhere.all(".hit") == []
    assert signed_in("chuyenvien").get("documents.search.index").all(".hit") == []


def test_a_search_costs_the_same_with_many_hits(
    browser: Browser, signed_in: As, desk: Desk
) -> None:
    texts = {f"3.{n:06}": procedure(f"Khai báo {n}", words="sinh") for n in range(60)}
    staff = signed_in("chuyenvien")
    sent: list[list[str]] = []
    for _ in range(2):
        with counted() as public:
            browser.get("notices.board", unit="song-lo", q="khai sinh")
        with counted() as own:
            staff.get("documents.search.index", q="khai sinh")
        sent.append([str(len(public)), str(len(own))])
        assert len(public) <= MOST_QUERIES
        assert len(own) <= MOST_QUERIES, "\n".join(own)
        if texts:
            desk.issue_all(texts)
            texts = {}
    page = browser.get("notices.board", unit="song-lo", q="khai sinh", page=2)
    assert len(page.all(".hit")) == 20
    assert "21–40 trong 62" in page.text


@postgres_only
def test_words_are_looked_up_in_the_index_and_not_in_every_text(
    session: Session, desk: Desk
) -> None:
    assert found(session, desk.office, "khai sinh") == ["1.001193", "1.004884"]
    query = sa.select(SearchText.revision_id).where(search.hits(session, asked("khai sinh")))
    compiled = query.compile(session.get_bind())
    plan = session.connection().exec_driver_sql(f"EXPLAIN {compiled}", compiled.params)
    assert "fts_search" in "\n".join(plan.scalars())


def test_the_index_made_again_finds_the_same(app: Flask, session: Session, desk: Desk) -> None:
    before = [found(session, desk.office, words) for words in ("khai", "duong", "ho so")]
    told: list[tuple[int, int]] = []
    with transaction() as rows:
        assert search_index.rebuild(rows, lambda *done: told.append(done)) == len(TITLES)
    assert told == [(len(TITLES), len(TITLES))]
    after = [found(session, desk.office, words) for words in ("khai", "duong", "ho so")]
    assert after == before
    result = app.test_cli_runner().invoke(args=["search", "rebuild"])
    assert result.exit_code == 0
    assert str(len(TITLES)) in result.output


def test_a_moved_text_is_indexed_once(session: Session, desk: Desk) -> None:
    with transaction() as rows:
        search_index.add(rows, list(range(1, 5)))
    assert found(session, desk.office, "khai sinh") == ["1.001193", "1.004884"]


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12
)
SYLLABLES = st.sampled_from(
    ["đường", "ưỡn", "hoà", "hóa", "Ðiều", "ĐẤT", "1.001193", "12/2015/NĐ-CP"]
)


@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(titles=st.lists(st.lists(WORDS | SYLLABLES, min_size=1, max_size=6), min_size=20))
@example(titles=[["chữ|dính", "a_b", "x%y", "ﬁ", "½", "Straße", "İ"]])
def test_every_word_of_a_signed_title_finds_it_without_accents(
    session: Session, desk: Desk, titles: list[list[str]]
) -> None:
    texts = {
        f"9.{desk.signed:03}{number:03}": " ".join(["Tên", *words])
        for number, words in enumerate(titles)
    }
    session.rollback()
    desk.issue_all({code: procedure(title) for code, title in texts.items()})
    for code, title in texts.items():
        for word in fold(title).split():
            assert code in found(session, desk.office, word)
        assert code in found(session, desk.office, title)


@given(st.text(max_size=300))
def test_a_query_holds_nothing_an_index_could_mistake(typed: str) -> None:
    wanted = asked(typed)
    for word in wanted.words:
        assert all(
            letter.isalnum() or letter == "." or category(letter)[0] == "M" for letter in word
        )
    assert not set("%_'\"|") & set(wanted.whole + wanted.needed + wanted.code)


@given(st.text(max_size=100), st.text(max_size=100), st.text(max_size=100))
def test_an_entry_is_words_with_one_blank_between(title: str, topic: str, words: str) -> None:
    made = entry("1.001193", title, topic, words)
    assert made.body.strip().split(" ") == made.body.split()
    assert made.code_key == "1001193"


def test_accents_are_compared_wherever_the_tone_mark_stands() -> None:
    assert exact("Hoà giải") == exact("HÒA GIẢI")
    assert exact("hoà") != exact("hoá")


def test_shelves_have_a_state_the_pages_can_show() -> None:
    assert {each.value for each in Shelf} == {"in_force", "scheduled", "withdrawn"}


MORE: Final = {
    "1.000101": ("Cấp bản sao Trích lục hộ tịch, bản sao Giấy khai sinh", ""),
    "1.000102": ("Đăng ký khai sinh", "Giấy tờ phải nộp"),
    "1.000103": ("Đăng ký tạm trú", "Nộp tại Công an xã"),
    "1.000104": ("Đăng ký kết hôn", "Có khai về việc sinh con"),
    "1.000105": ("Tách thửa đất", "Nộp sổ đỏ; bản khai sinh của người thừa kế"),
    "1.000106": ("Vẽ sơ đồ", "Theo thủ tục cấp tạm, có trừ phí"),
    "1.000107": ("Đăng kiểm xe", "Phải có sơ đồ xe"),
}
RANKED: Final = {
    "khai sinh": ["1.000102", "1.000101", "1.000105", "1.000104"],
    "đăng kí kết hôn": ["1.000104"],
    "dang ky": ["1.000104", "1.000103", "1.000102"],
    "dang ki ket hon": ["1.000104"],
    "thu tuc tam tru": ["1.000103", "1.000106"],
    "xin làm giấy tạm trú": ["1.000103"],
    "giấy": ["1.000101", "1.000102"],
    "sổ đỏ": ["1.000105"],
    "so do": ["1.000106", "1.000107", "1.000105"],
    "sơ đô": ["1.000106"],
    "khaisinh": ["1.000102", "1.000101", "1.000105", "1.000104"],
    "giay khai sinhh": ["1.000101", "1.000102", "1.000105", "1.000104"],
    "cấp sổ đỏ xyz": [],
}


def test_the_nearest_comes_first_and_words_everybody_types_need_not_be_there(
    session: Session, app: Flask, office: Office
) -> None:
    Desk(app, office).issue_all(
        {code: procedure(title, "", words) for code, (title, words) in MORE.items()}
    )
    assert {query: found(session, office, query) for query in RANKED} == RANKED


def test_hits_stand_under_where_they_were_found(
    browser: Browser, signed_in: As, desk: Desk
) -> None:
    desk.issue("1.000105", procedure("Tách thửa đất", words="Nộp bản khai sinh"))
    desk.issue("1.000106", procedure("Vẽ hóa giải"))
    staff = signed_in("chuyenvien")
    for page in (
        browser.get("notices.board", unit="song-lo", q="khai sinh"),
        staff.get("documents.search.index", q="khai sinh"),
    ):
        assert page.all("h2")[:2] == ["Có trong tên hoặc mã", "Có trong nội dung"]
        assert page.all("ol.rows")[1].startswith("Tách thửa đất")
    accents = browser.get("notices.board", unit="song-lo", q="hoà giải")
    assert accents.all(".hit") == ["Công nhận hoà giải viên"]
    assert "Tìm cả khi không kể dấu (3)" in accents.text
    wrong = browser.get("notices.board", unit="song-lo", q="đăng kí khai sịnh")
    assert wrong.all(".hit") == ["Đăng ký khai sinh"]
    assert wrong.all("mark") == ["Đăng ký khai sinh"]
    assert "Không thấy đúng dấu như đã gõ" in wrong.text
    mended = browser.get("notices.board", unit="song-lo", q="khai sinhh")
    assert mended.one("h1") == "Không thấy thủ tục nào có “khai sinhh”"
    assert "Không thấy chữ “sinhh”. Sau đây là kết quả cho “khai” (3)." in mended.text
