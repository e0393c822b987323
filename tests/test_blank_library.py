"""Form blanks lie beside their texts: in and out byte for byte, and looked into on the way in."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from qms import files, paths
from qms.blanks.rules import ENDINGS
from qms.db import db
from qms.documents.file_models import StoredFile
from tests import blanks
from tests.demonstration import run
from tests.engines import sqlite_only
from tests.factories import Office

TEXT = (
    "kind: form\ncode: {code}\ntitle: Tờ khai\nissue: 1\namendment: 0\nscope: owner\n"
    "audience: public\n{more}"
)


@pytest.fixture
def shelf(tmp_path: Path) -> Callable[..., Path]:
    """Put a form on a shelf: its text, and files beside it by how they end."""

    def put(code: str = "BM-01", more: str = "", **beside: bytes) -> Path:
        folder = tmp_path / "thu-vien" / "bieu-mau"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{code}.yaml").write_text(TEXT.format(code=code, more=more), "utf-8")
        for ending, data in beside.items():
            (folder / f"{code}.{ending}").write_bytes(data)
        return folder.parent

    return put


def contents(root: Path) -> dict[str, bytes]:
    found = (each for each in root.rglob("*") if each.is_file())
    return {each.relative_to(root).as_posix(): each.read_bytes() for each in found}


def test_forms_come_out_as_they_went_in_files_included(
    runner: FlaskCliRunner,
    office: Office,
    app: Flask,
    shelf: Callable[..., Path],
    tmp_path: Path,
) -> None:
    del office
    root = shelf("BM-01", docx=blanks.a_docx())
    shelf("BM-02", "file: Tờ khai số 2.pdf\n", pdf=blanks.a_pdf())
    said = run(runner, "library", "import", str(root), "--unit", "song-lo", "--as", "thuky")
    number = said.split()[-1]
    run(runner, "decision", "review", number, "--as", "truongphong")
    day = ("--number", "1/QĐ-UBND", "--effective", "2026-08-03")
    run(runner, "decision", "sign", number, "--as", "lanhdao", *day)
    out = tmp_path / "ra"
    run(runner, "library", "export", str(out), "--unit", "song-lo")
    assert contents(out) == contents(root)
    again = ("library", "import", str(out), "--unit", "song-lo", "--as", "thuky")
    assert run(runner, *again).endswith("decision none\n")
    with app.app_context():
        assert len(files.names()) == db.session.query(StoredFile).count() == 2


@sqlite_only
@pytest.mark.parametrize(
    ("more", "beside", "words"),
    [
        (
            "",
            {"docx": blanks.with_parts(blanks.a_docx(), {"word/vbaProject.bin": b"x"})},
            "macro",
        ),
        ("", {"docx": blanks.a_pdf()}, "thật ra là .pdf"),
        ("", {"docx": blanks.a_docx(), "pdf": blanks.a_pdf()}, "đúng một tệp"),
        ("file: Tờ khai.docx\n", {}, "đúng một tệp"),
        ("file: ../Tờ khai.docx\n", {"docx": blanks.a_docx()}, "không kèm thư mục"),
        ("file: Tờ khai.exe\n", {"docx": blanks.a_docx()}, "không kèm thư mục"),
    ],
)
def test_a_file_that_may_not_be_kept_stops_the_whole_import(
    runner: FlaskCliRunner,
    office: Office,
    app: Flask,
    shelf: Callable[..., Path],
    more: str,
    beside: dict[str, bytes],
    words: str,
) -> None:
    del office
    shelf("BM-02", docx=blanks.a_docx())
    root = shelf("BM-01", more, **beside)
    command = ("library", "import", str(root), "--unit", "song-lo", "--as", "thuky")
    refused = runner.invoke(args=command)
    assert refused.exit_code == 1
    assert words in str(refused.exception)
    with app.app_context():
        assert not files.names()
        assert not db.session.query(StoredFile).count()


def test_every_form_of_the_starter_library_has_its_file() -> None:
    folder = paths.PROCEDURES / "bieu-mau"
    texts = {each.stem for each in folder.glob("*.yaml")}
    blank = [each.stem for each in folder.iterdir() if each.suffix in ENDINGS.values()]
    assert sorted(blank) == sorted(texts)
