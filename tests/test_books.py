"""Books: every sheet of a board bound into one, from what is kept; only what changed is printed."""

import re
from collections.abc import Generator, Iterable, Iterator, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskCliRunner
from hypothesis import given
from hypothesis import strategies as st

from qms import files, jobs, overprints
from qms.blanks.rules import PDF
from qms.books import building, contents, plans, rules
from qms.books.building import Built, Press
from qms.books.contents import Where
from qms.books.models import Book
from qms.books.plans import Plan
from qms.books.rules import Asked
from qms.db import db, transaction
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.fees import FeeLine, Rate
from qms.documents.kinds.form import FormBlank
from qms.documents.kinds.parts import FileRef
from qms.documents.kinds.procedure import DossierItem
from qms.documents.rules import RevisionText
from qms.errors import InvalidError, NotFoundError
from qms.job_rows import Job, JobState
from qms.notices.printing import Paper
from qms.trail import Entry
from qms.units.queries import unit
from qms.web import pdf, presses
from tests.blanks import a_pdf
from tests.engines import sqlite_only
from tests.factories import Office
from tests.pages import Browser
from tests.people import As
from tests.posting import JULY, LATER, Posting, procedure, world
from tests.when import MONDAY, Clock

BIRTH, DEATH, TREES = "1.001193", "1.000656", "2.000001"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNCONTROLLED = "BẢN IN KHÔNG KIỂM SOÁT"


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context(), transaction() as session:
        return world(session)


@pytest.fixture
def posting(app: Flask, office: Office, clock: Clock) -> Posting:
    made = Posting(app, office, clock)
    fee = FeeLine(name="Lệ phí", procedure=BIRTH, rate=Rate.AMOUNT, amount=7_000)
    made.issue(
        {
            BIRTH: procedure(
                "Đăng ký khai sinh",
                dossier=(
                    DossierItem(name="Tờ khai", form_code="BM-01"),
                    DossierItem(name="Giấy ủy quyền", form_code="BM-02"),
                ),
                note="Dài. " * 1_500,
            ),
            DEATH: procedure("Đăng ký khai tử"),
            TREES: procedure("Đăng ký trồng rừng", "Lâm nghiệp"),
            "BM-01": blank(made, "Tờ khai đăng ký khai sinh", a_pdf(), PDF),
            "BM-02": blank(made, "Giấy ủy quyền", b"any", WORD),
            "PHI-HT": RevisionText(
                "Lệ phí hộ tịch", FeeSchedule(field="Hộ tịch", lines=(fee,))
            ),
        }
    )
    return made


def blank(posting: Posting, title: str, data: bytes, media_type: str) -> RevisionText:
    """Return a form whose file lies in the store."""
    with posting.app.app_context():
        file = FileRef(
            sha256=files.put(data), name="mau", media_type=media_type, size=len(data)
        )
    return RevisionText(title, FormBlank(file=file))


@pytest.fixture(scope="module", autouse=True)
def no_process_left() -> Iterator[None]:
    yield
    pdf.close()


def asked(
    unit_slug: str = "song-lo",
    *,
    field: str = "",
    on: date = MONDAY,
    paper: Paper = Paper.A4,
    bound: bool = True,
    number: int = 0,
) -> Asked:
    return Asked(unit_slug, field, on, paper, bound, number)


def planned(app: Flask, wish: Asked, today: date = MONDAY) -> Plan:
    with app.app_context():
        session = db.session()
        where = Where(unit(session, wish.unit), app.config["PUBLIC_URL"], today)
        return contents.plan(session, where, wish)


def bound(app: Flask, wish: Asked, today: date = MONDAY) -> Built:
    plan = planned(app, wish, today)
    with app.app_context():
        return building.build(plan, Press(pdf.render_long, one_by_one), lambda *_: None)


def one_by_one(wanted: Iterable[tuple[str, Mapping[str, object]]]) -> Generator[bytes]:
    """Print on the one process that all tests use, which is warm."""
    for template, data in wanted:
        yield pdf.render_long(template, data)


def pages_of(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as book:
        read = [page.get_textpage().get_text_range() for page in book]
    return [" ".join(words.split()) for words in read]


def first_of(item: pikepdf.OutlineItem) -> pikepdf.Object:
    """Return the page that a line of the outline leads to."""
    assert isinstance(item.destination, pikepdf.Array)
    return item.destination[0]


# ---------- where what stands ----------


@given(st.integers(1, 40), st.lists(st.integers(1, 60), min_size=1, max_size=50), st.booleans())
def test_parts_follow_each_other_and_a_part_to_take_out_begins_on_a_leaf_of_its_own(
    front: int,
    counts: list[int],
    apart: bool,  # noqa: FBT001 - hypothesis gives it by name
) -> None:
    starts = rules.starts(front, counts, apart=apart)
    ends = [front, *(first + n - 1 for first, n in zip(starts, counts, strict=True))]
    gaps = [first - end - 1 for first, end in zip(starts, ends[:-1], strict=True)]
    assert set(gaps) <= ({0, 1} if apart else {0})
    if apart:
        assert all(first % 2 for first in starts)


def test_the_same_wish_makes_the_same_plan_and_any_change_another(
    app: Flask, posting: Posting
) -> None:
    first = planned(app, asked()).digest
    assert planned(app, asked()).digest == first
    others = (
        asked(field="Hộ tịch"),
        asked(paper=Paper.FOLDER),
        asked(bound=False),
        asked(number=3),
        asked(on=JULY),
    )
    assert len({first, *(planned(app, wish).digest for wish in others)}) == 6
    posting.amend(DEATH, procedure("Đăng ký khai tử mới"), MONDAY)
    assert planned(app, asked()).digest != first


def test_a_board_with_nothing_on_it_makes_no_book(app: Flask, posting: Posting) -> None:
    with pytest.raises(NotFoundError, match="không có thủ tục nào"):
        planned(app, asked("tan-lap"))
    with pytest.raises(NotFoundError, match="không có thủ tục nào"):
        planned(app, asked(field="Không có"))
    posting.end("song-lo", date(2026, 7, 31), "tan-lap")
    with pytest.raises(NotFoundError, match="không hoạt động"):
        planned(app, asked())


# ---------- the book as paper ----------


@pytest.mark.usefixtures("posting")
@pytest.mark.pdf
@sqlite_only
def test_a_book_has_its_parts_in_order_and_page_numbers_that_are_true(app: Flask) -> None:
    built = bound(app, asked())
    pages = pages_of(built.data)
    assert built.pages == len(pages)
    assert built.printed == 5
    assert "SỔ THỦ TỤC HÀNH CHÍNH" in pages[0]
    assert "Nội dung có hiệu lực ngày 03 tháng 8 năm 2026" in pages[0]
    assert "MỤC LỤC" in pages[1]

    listed = re.findall(r"((?:BM-)?[\d.]+) (\D+?) (\d+)(?= |$)", pages[1].split("Trang", 1)[1])
    first = {code: int(page) for code, _title, page in listed}
    order = [BIRTH, "BM-01", "BM-02", DEATH, TREES]
    assert [code for code in first if code in order] == order
    assert sorted(first[code] for code in order) == [first[code] for code in order]
    for code in (BIRTH, "BM-02", DEATH, TREES):
        assert code in pages[first[code] - 1]
    assert "BẢNG PHÍ, LỆ PHÍ" in pages[-1]
    assert "7.000 đồng" in pages[-1]

    for number, words in enumerate(pages[1:], start=2):
        assert f"Sổ thủ tục – trang {number}" in words
        assert UNCONTROLLED in words
    assert "mở địa chỉ sau" in pages[first["BM-02"] - 1]
    assert "/b/song-lo/bm/BM-02" in pages[first["BM-02"] - 1]


@pytest.mark.usefixtures("posting")
@pytest.mark.pdf
@sqlite_only
def test_contents_and_outline_lead_to_every_part(app: Flask) -> None:
    built = bound(app, asked())
    pages = pages_of(built.data)
    with pikepdf.open(BytesIO(built.data)) as book:
        notes = [note for page in book.pages for note in page.obj.get("/Annots", ())]
        places = [pikepdf.Page(note.Dest[0]).index for note in notes]
        assert not [note for note in notes if "/A" in note]
        assert len(places) == 6
        assert "Đăng ký khai sinh" in pages[places[0]]
        with book.open_outline() as outline:
            names = [item.title for item in outline.root]
            inner = [item.title for item in outline.root[1].children]
            forms = [item.title for item in outline.root[1].children[0].children]
        assert names == ["Bìa và mục lục", "Hộ tịch", "Lâm nghiệp", "Bảng phí, lệ phí"]
        assert inner == [f"{BIRTH} – Đăng ký khai sinh", f"{DEATH} – Đăng ký khai tử"]
        assert forms == ["BM-01 – Tờ khai đăng ký khai sinh", "BM-02 – Giấy ủy quyền"]
        assert str(book.Root.Lang) == "vi"
        assert "Sổ thủ tục hành chính" in str(book.docinfo.Title)


@pytest.mark.pdf
@sqlite_only
def test_only_what_changed_is_printed_again_and_the_same_book_not_at_all(
    app: Flask, posting: Posting
) -> None:
    first = bound(app, asked())
    again = bound(app, asked())
    assert (again.data, again.pages, again.printed) == (first.data, first.pages, 0)
    posting.amend(DEATH, procedure("Đăng ký khai tử, sửa đổi"), MONDAY)
    after = bound(app, asked())
    assert after.printed == 1
    assert any("khai tử, sửa đổi" in page for page in pages_of(after.data))


@pytest.mark.usefixtures("posting")
@pytest.mark.pdf
@sqlite_only
def test_a_book_is_the_same_bytes_wherever_it_is_bound(app: Flask) -> None:
    first = bound(app, asked()).data
    for each in Path(app.config["DATA_DIR"]).rglob("*.pdf"):
        each.unlink()
    assert bound(app, asked()).data == first


@pytest.mark.usefixtures("posting")
@pytest.mark.pdf
@sqlite_only
def test_the_sheets_of_a_field_follow_each_other_with_nothing_between(app: Flask) -> None:
    pages = pages_of(bound(app, asked(bound=False, field="Hộ tịch", number=7)).data)
    assert BIRTH in pages[0]
    assert [page for page in pages if DEATH in page]
    assert all("TÀI LIỆU KIỂM SOÁT Bản số 07" in page for page in pages)
    assert not [page for page in pages if "Sổ thủ tục" in page or TREES in page]


@pytest.mark.usefixtures("posting")
@pytest.mark.pdf
@sqlite_only
def test_in_a_folder_every_part_can_be_taken_out(app: Flask) -> None:
    built = bound(app, asked(paper=Paper.FOLDER))
    with pikepdf.open(BytesIO(built.data)) as book, book.open_outline() as outline:
        tops = [item for top in outline.root for item in (top, *top.children)]
        starts = [pikepdf.Page(first_of(item)).index for item in tops]
    assert not [at for at in starts if at % 2]


@pytest.mark.pdf
@sqlite_only
def test_a_form_that_lies_on_its_side_is_upright_in_the_book(
    app: Flask, posting: Posting
) -> None:
    turned = pikepdf.new()
    turned.add_blank_page(page_size=(842, 595))
    turned.pages[0].rotate(90, relative=False)
    out = BytesIO()
    turned.save(out)
    form = blank(posting, "Tờ khai", out.getvalue(), PDF)
    posting.amend("BM-01", form, MONDAY)
    built = bound(app, asked())
    with pikepdf.open(BytesIO(built.data)) as book:
        assert not [page for page in book.pages if int(page.obj.get("/Rotate", 0))]
        forms = [
            page for page in book.pages if "/Upright" in page.resources.get("/XObject", {})
        ]
        assert [[round(float(n)) for n in page.mediabox] for page in forms] == [
            [0, 0, 595, 842]
        ]


@pytest.mark.pdf
@sqlite_only
def test_a_form_that_cannot_be_joined_is_named(app: Flask, posting: Posting) -> None:
    posting.amend("BM-01", blank(posting, "Tờ khai", b"%PDF-1.7 broken", PDF), MONDAY)
    with pytest.raises(InvalidError) as refused:
        bound(app, asked())
    assert "BM-01" in str(refused.value)


@pytest.mark.pdf
@sqlite_only
def test_a_book_of_another_day_says_which_sheets_do_not_hold(
    app: Flask, posting: Posting
) -> None:
    posting.amend(DEATH, procedure("Đăng ký khai tử mới"))
    pages = pages_of(bound(app, asked(), today=LATER).data)
    old = [page for page in pages if "Bản này không còn áp dụng" in page]
    assert old
    assert all(DEATH in page and "HẾT HIỆU LỰC" in page for page in old[:1])
    assert not [page for page in old if BIRTH in page]


@pytest.mark.usefixtures("posting")
@pytest.mark.pdf
@sqlite_only
def test_whoever_stops_a_book_leaves_no_process_and_loses_no_sheet(app: Flask) -> None:
    plan = planned(app, asked())
    begun: list[pdf.Worker] = []

    class Seen(pdf.Worker):
        def __init__(self, _limit: float) -> None:
            super().__init__(presses.PATIENCE)
            begun.append(self)

    def stop(done: int, *_: object) -> None:
        if done:
            raise jobs.CancelledError

    with pytest.MonkeyPatch.context() as patch, app.app_context():
        patch.setattr(pdf, "Worker", Seen)
        with pytest.raises(jobs.CancelledError):
            building.build(plan, Press(pdf.render_long, presses.render_all), stop)
        assert len(begun) == presses.PROCESSES
        assert [each.process for each in begun] == [None] * len(begun)
        kept = [leaf.name for leaf in plan.leaves if files.kept(leaf.name) is not None]
        assert len(kept) == 1
        assert files.kept(plans.kept_as(plan.digest)) is None


@pytest.mark.usefixtures("posting")
@pytest.mark.pdf
@sqlite_only
def test_what_is_kept_bears_no_stamp(app: Flask) -> None:
    plan = planned(app, asked(number=3))
    bound(app, asked(number=3))
    with app.app_context():
        for name in [leaf.name for leaf in plan.leaves if leaf.made]:
            kept = files.kept(name)
            assert kept is not None
            assert not [page for page in pages_of(kept) if "KIỂM SOÁT" in page]


# ---------- on the page and on the command line ----------


WISH: Mapping[str, str] = {
    "field": "Hộ tịch",
    "on": "03/08/2026",
    "paper": "a4",
    "shape": "sheets",
    "number": "",
}


@pytest.mark.pdf
def test_a_book_is_asked_for_followed_and_handed_out(
    app: Flask, posting: Posting, signed_in: As
) -> None:
    clerk = signed_in("chuyenvien")
    page = clerk.get("books.index")
    assert "Chưa lập sổ nào" in page.text
    assert "Hộ tịch (2)" in page.text
    page = clerk.post("books.make", dict(WISH), status=303)
    assert "Đang chờ đến lượt" in page.text
    with app.app_context():
        assert jobs.run_waiting() == 1
        job = db.session.scalars(sa.select(Job)).one()
        assert job.state is JobState.DONE
        book = db.session.scalars(sa.select(Book)).one()
        last = db.session.scalars(sa.select(Entry).order_by(Entry.seq.desc()).limit(1)).one()
        assert (last.action, last.subject) == ("book.bound", f"book/{book.id}")
        assert last.actor == posting.office.people["chuyenvien"]
    led = clerk.client.get(f"/jobs/{job.id}")
    assert (led.status_code, led.headers["Location"]) == (303, f"/books/{book.id}")
    shown = clerk.get("books.show", book_id=book.id)
    assert shown.one("h1") == "Sổ thủ tục: Hộ tịch"
    (link,) = shown.attributes("a[href$='.pdf']", "href")
    answer = clerk.client.get(link)
    assert len(pages_of(answer.data)) == book.pages

    again = clerk.post("books.make", dict(WISH), status=303)
    assert "dùng lại ngay" in again.text
    with app.app_context():
        assert jobs.run_waiting() == 0
    assert "Hộ tịch" in clerk.get("books.index").one("table tbody th a")


@sqlite_only
def test_a_book_wrongly_asked_for_says_how_to_mend_it_and_keeps_what_was_typed(
    posting: Posting, signed_in: As
) -> None:
    del posting
    clerk = signed_in("chuyenvien")
    wrong = {**WISH, "on": "31/02/2026", "number": "1000", "paper": "a5"}
    page = clerk.post("books.make", wrong, status=422)
    assert "31/02/2026" in page.attributes("input[name=on]", "value")
    assert "Số phải từ 1 đến 999" in page.text
    assert "Hãy chọn một mục trong danh sách" in page.text


@sqlite_only
def test_nobody_binds_for_an_office_that_is_not_theirs(
    app: Flask, posting: Posting, signed_in: As, browser: Browser
) -> None:
    there = posting.office.units["tan-lap"]
    signed_in("chuyenvien").post("books.make", dict(WISH), unit=there, status=403)
    for account in ("lanhdao", "danhgia", "quantri"):
        signed_in(account).post("books.make", dict(WISH), status=403)
    del browser
    with app.app_context():
        assert db.session.scalars(sa.select(Job)).all() == []


@pytest.mark.pdf
@sqlite_only
def test_the_command_writes_the_book_and_says_what_it_is(
    app: Flask, posting: Posting, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    target = tmp_path / "so.pdf"
    words = ["book", "--unit", "song-lo", "--field", "Hộ tịch", "--on", "2026-07-01"]
    done = runner.invoke(args=[*words, "-o", str(target)])
    assert done.exit_code == 0, done.output
    plan = planned(app, asked(field="Hộ tịch", on=JULY))
    assert plan.digest in done.output
    assert "Lĩnh vực Hộ tịch" in pages_of(target.read_bytes())[0]
    none = runner.invoke(args=["book", "--unit", "song-lo", "--field", "X", "-o", str(target)])
    assert none.exit_code == 1
    away = runner.invoke(args=[*words, "-o", str(tmp_path / "no" / "so.pdf")])
    assert away.exit_code == 1
    assert isinstance(away.exception, InvalidError)
    del posting


def test_a_list_of_books_costs_the_same_with_few_and_with_many(
    app: Flask, posting: Posting, signed_in: As
) -> None:
    from_unit = posting.office.units["song-lo"]
    with app.app_context(), transaction() as session:
        session.add_all(
            Book(
                unit_id=from_unit,
                field=f"Lĩnh vực {n}",
                day=MONDAY,
                paper="a4",
                bound=True,
                number=n,
                digest=f"{n:064}",
                sheets=n,
                pages=n,
                size=n,
                made_by=posting.office.people["thuky"],
                made_at=posting.clock.at,
            )
            for n in range(45)
        )
    page = signed_in("thuky").get("books.index", page=3)
    assert "41–45 trong 45" in page.text.replace("-", "–")


def test_stamps_say_which_print_it_is() -> None:
    assert overprints.controlled(3).words == "TÀI LIỆU KIỂM SOÁT – Bản số 03"
    assert plans.stamp(asked(number=12), "").corner.endswith("Bản số 12")
    both = plans.stamp(asked(), "Chưa có hiệu lực. Áp dụng từ 01/09/2026.")
    assert (both.across, both.corner) == ("CHƯA CÓ HIỆU LỰC", UNCONTROLLED)
