"""The library in and out: files and lists become one draft decision, and files again."""

import shutil
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from openpyxl import Workbook
from sqlalchemy.orm import Session

from qms import clock, paths
from qms.accounts import service as accounts
from qms.accounts.rules import Role
from qms.db import transaction
from qms.documents import queries
from qms.documents.kinds.procedure import Procedure
from qms.documents.timeline import Action
from qms.errors import InvalidError
from qms.library.format import LibraryFile
from qms.library.masterlist import Row
from qms.library.rules import listed_reason
from qms.library.shelf import paths as paths_of
from qms.library.shelf import write
from qms.trail import Act
from qms.units import service as units
from tests.when import MONDAY

FIRST = date(2020, 1, 1)


@pytest.fixture
def office(session: Session) -> str:
    """Found an office with one person for each step of a decision."""
    del session
    with transaction() as writing:
        act = Act(None, clock.now(), clock.today())
        unit = units.found(writing, act, slug="xa-mau", first_day=FIRST, office=True)
        for account, role in (
            ("thuky", Role.SECRETARY),
            ("truong", Role.HEAD),
            ("lanhdao", Role.LEADER),
        ):
            user = accounts.add(writing, act, account=account, name=account.title())
            accounts.give_post(writing, act, user, unit, role, first_day=FIRST)
    return "xa-mau"


def run(runner: FlaskCliRunner, *words: str) -> str:
    result = runner.invoke(args=list(words))
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(runner: FlaskCliRunner, *words: str) -> str:
    result = runner.invoke(args=list(words))
    assert result.exception is not None
    return str(result.exception)


def taken_in(runner: FlaskCliRunner, path: Path) -> int:
    said = run(runner, "library", "import", str(path), "--unit", "xa-mau", "--as", "thuky")
    assert said.startswith("decision ")
    return int(said.split()[1])


def signed(runner: FlaskCliRunner, decision: int, number: str, day: date = MONDAY) -> None:
    run(runner, "decision", "review", str(decision), "--as", "truong")
    words = ("--number", number, "--effective", day.isoformat(), "--as", "lanhdao")
    run(runner, "decision", "sign", str(decision), *words)


def tree(root: Path) -> dict[str, bytes]:
    found = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Lend two procedures and a text of the starter library, with laws and forms."""
    root = tmp_path / "shelf"
    for folder in ("phap-luat", "bieu-mau"):
        shutil.copytree(paths.PROCEDURES / folder, root / folder)
    for name in ("tthc/1.001193.yaml", "tthc/2.000815.yaml", "iso/QT-01.md"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(paths.PROCEDURES / name, root / name)
    return root


def workbook(path: Path, *rows: tuple[object, ...]) -> Path:
    book = Workbook()
    head = ("Mã hiệu", "Tên tài liệu", "Lần BH/SĐ", "Ngày hiệu lực", "Số QĐ", "Ngày QĐ")
    for row in (head, *rows):
        book.worksheets[0].append(list(row))
    kept = BytesIO()
    book.save(kept)
    path.write_bytes(kept.getvalue())
    return path


@pytest.mark.usefixtures("office")
def test_the_starter_library_comes_out_byte_for_byte_as_it_went_in(
    runner: FlaskCliRunner, tmp_path: Path
) -> None:
    signed(runner, taken_in(runner, paths.PROCEDURES), "51/QĐ-UBND")
    out = tmp_path / "out"
    run(runner, "library", "export", str(out), "--unit", "xa-mau")
    assert tree(out) == tree(paths.PROCEDURES)


@pytest.mark.usefixtures("office")
def test_what_is_in_force_already_makes_no_second_decision(
    runner: FlaskCliRunner, shelf: Path
) -> None:
    signed(runner, taken_in(runner, shelf), "51/QĐ-UBND")
    said = run(runner, "library", "import", str(shelf), "--unit", "xa-mau", "--as", "thuky")
    assert said == "decision none\n"


@pytest.mark.usefixtures("office")
def test_a_changed_file_amends_only_its_document(
    runner: FlaskCliRunner, shelf: Path, session: Session
) -> None:
    signed(runner, taken_in(runner, shelf), "51/QĐ-UBND")
    path = shelf / "tthc/1.001193.yaml"
    path.write_text(path.read_text().replace("amendment: 0", "amendment: 1"))
    (line,) = queries.lines(session, taken_in(runner, shelf))
    assert (line.document.code, line.action) == ("1.001193", Action.AMEND)


@pytest.mark.usefixtures("office")
def test_a_folder_of_a_past_day_shows_what_held_then(
    runner: FlaskCliRunner, shelf: Path, tmp_path: Path
) -> None:
    signed(runner, taken_in(runner, shelf), "51/QĐ-UBND", MONDAY)
    out = tmp_path / "out"
    words = ("library", "export", str(out), "--unit", "xa-mau", "--on", "2026-08-02")
    assert run(runner, *words) == "files 0\n"


@pytest.mark.usefixtures("office")
def test_files_no_longer_in_force_are_named_and_left(
    runner: FlaskCliRunner, shelf: Path
) -> None:
    result = runner.invoke(args=["library", "export", str(shelf), "--unit", "xa-mau"])
    assert "tthc/2.000815.yaml" in result.stderr
    assert (shelf / "tthc/2.000815.yaml").exists()


@pytest.mark.usefixtures("office")
def test_all_faults_of_a_folder_are_named_and_nothing_is_taken_in(
    runner: FlaskCliRunner, shelf: Path
) -> None:
    (shelf / "a.yaml").write_text("kind: poem\n")
    (shelf / "b.yaml").write_text("- x\n")
    said = refused(runner, "library", "import", str(shelf), "--unit", "xa-mau", "--as", "thuky")
    assert "có 2 chỗ cần sửa" in said
    assert "a.yaml" in said
    assert "b.yaml" in said


@pytest.mark.usefixtures("office")
def test_two_files_of_one_document_are_refused(runner: FlaskCliRunner, shelf: Path) -> None:
    shutil.copy(shelf / "tthc/1.001193.yaml", shelf / "again.yaml")
    said = refused(runner, "library", "import", str(shelf), "--unit", "xa-mau", "--as", "thuky")
    assert "1.001193 trùng với tệp again.yaml" in said


@pytest.mark.usefixtures("office")
@pytest.mark.parametrize(("scope", "said"), [("level:lang", "không có cấp “lang”")])
def test_a_scope_there_is_none_of_is_refused(
    runner: FlaskCliRunner, shelf: Path, scope: str, said: str
) -> None:
    path = shelf / "tthc/1.001193.yaml"
    path.write_text(path.read_text().replace("scope: owner", f"scope: {scope}"))
    words = ("library", "import", str(path), "--unit", "xa-mau", "--as", "thuky")
    assert said in refused(runner, *words)


@pytest.mark.usefixtures("office")
def test_an_empty_or_missing_place_is_refused(runner: FlaskCliRunner, tmp_path: Path) -> None:
    words = ("--unit", "xa-mau", "--as", "thuky")
    assert "không có tệp" in refused(runner, "library", "import", str(tmp_path), *words)
    missing = str(tmp_path / "none")
    assert "Không có tệp" in refused(runner, "library", "import", missing, *words)
    assert "Không có tệp" in refused(runner, "library", "import", f"{missing}.xlsx", *words)


@pytest.mark.usefixtures("office")
def test_who_may_not_draft_takes_nothing_in(runner: FlaskCliRunner, shelf: Path) -> None:
    words = ("library", "import", str(shelf), "--unit", "xa-mau", "--as", "lanhdao")
    assert "không cho phép" in refused(runner, *words)


@pytest.mark.usefixtures("office")
def test_a_list_leaves_one_decision_whose_lines_have_their_own_past_days(
    runner: FlaskCliRunner, tmp_path: Path, session: Session
) -> None:
    path = workbook(
        tmp_path / "list.xlsx",
        ("QT-77", "Tiếp công dân", "02/01", "05/03/2024", "15/QĐ-UBND", "01/03/2024"),
        ("1.001193", "Đăng ký khai sinh", "01/00", "01/07/2025", None, None),
    )
    decision = taken_in(runner, path)
    first, second = queries.lines(session, decision)
    assert (first.own_day, second.own_day) == (date(2024, 3, 5), date(2025, 7, 1))
    assert first.reason == "Theo Quyết định số 15/QĐ-UBND ngày 01/03/2024."
    assert (first.document.kind, second.document.kind) == ("text", "procedure")
    assert first.revision is not None
    assert (first.revision.issue_no, first.revision.amendment_no) == (2, 1)
    session.rollback()
    signed(runner, decision, "51/QĐ-UBND")
    out = tmp_path / "out"
    run(runner, "library", "export", str(out), "--unit", "xa-mau", "--on", "2024-03-05")
    assert list(tree(out)) == ["iso/QT-77.md"]


@pytest.mark.usefixtures("office")
def test_a_list_with_faults_or_known_documents_takes_nothing_in(
    runner: FlaskCliRunner, tmp_path: Path, shelf: Path
) -> None:
    words = ("--unit", "xa-mau", "--as", "thuky")
    bad = workbook(tmp_path / "bad.xlsx", ("QT-77", "T", "01/00", "31/02/2025", None, None))
    assert "Ô D2" in refused(runner, "library", "import", str(bad), *words)
    signed(runner, taken_in(runner, shelf), "51/QĐ-UBND")
    known = workbook(tmp_path / "known.xlsx", ("QT-01", "T", "01/00", "01/07/2025", None, None))
    said = refused(runner, "library", "import", str(known), *words)
    assert "Dòng 2: tài liệu QT-01 đã có" in said


def test_hidden_files_and_readmes_are_no_documents(shelf: Path) -> None:
    before = len(paths_of(shelf))
    (shelf / ".git").mkdir()
    (shelf / ".git" / "x.yaml").write_text("x")
    (shelf / "README.md").write_text("x")
    assert len(paths_of(shelf)) == before


def test_two_documents_never_share_a_file(tmp_path: Path) -> None:
    files = [
        LibraryFile("procedure", code, "T", Procedure(), audience="public")
        for code in ("A 1", "A/1")
    ]
    with pytest.raises(InvalidError, match="cùng ghi vào tệp"):
        list(write(tmp_path, files))


def test_a_file_is_no_folder_to_export_to(tmp_path: Path) -> None:
    (tmp_path / "x").write_text("x")
    with pytest.raises(InvalidError, match="không phải là thư mục"):
        list(write(tmp_path / "x", []))


def test_an_equal_file_is_left_untouched(tmp_path: Path) -> None:
    file = LibraryFile("procedure", "A", "T", Procedure(), audience="public")
    (name,) = write(tmp_path, [file])
    before = (tmp_path / name).stat().st_ino
    assert list(write(tmp_path, [file])) == [name]
    assert (tmp_path / name).stat().st_ino == before


def test_a_listed_document_without_a_decision_says_where_it_is_from() -> None:
    row = Row(2, "QT-1", "T", FIRST)
    assert listed_reason(row) == "Nhập từ danh mục tài liệu của cơ quan."
    kept = Row(2, "QT-1", "T", FIRST, number="1/QĐ")
    assert listed_reason(kept) == "Theo Quyết định số 1/QĐ."
