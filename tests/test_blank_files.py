"""The file of a form: taken in beside its text, handed out while it is in force, and not after."""

from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from qms import files
from qms.blanks import intake, service
from qms.blanks.rules import DOCX, PDF
from qms.db import db, transaction
from qms.digests import digest
from qms.documents import queries, signing
from qms.documents import service as documents
from qms.documents.file_models import StoredFile
from qms.documents.kinds.form import FormBlank
from qms.documents.kinds.parts import FileRef
from qms.documents.registering import draft_documents
from qms.documents.rules import Audience, RevisionText
from qms.documents.service import Head, Line
from qms.documents.timeline import Action
from qms.units.queries import unit
from tests import blanks
from tests.deciding import after
from tests.engines import sqlite_only
from tests.factories import Office
from tests.people import As
from tests.when import MONDAY, Clock

CODE = "BM-HT-01"
FIELDS = {
    "title": "Tờ khai cấp bản sao",
    "issue_no": "1",
    "amendment_no": "0",
    "audience": "public",
    "scope": "owner",
    "scope_level": "",
    "instructions": "Ghi đủ họ tên.",
    "field": "Hộ tịch",
    "do": "file",
}


@dataclass
class Forms:
    """Forms of xã Sông Lô, drafted and signed in one line each."""

    app: Flask
    office: Office
    clock: Clock
    count: int = 0
    code: str = CODE

    def draft(
        self,
        data: bytes | None = None,
        name: str = "Tờ khai.docx",
        audience: Audience = Audience.PUBLIC,
    ) -> tuple[int, int]:
        """Draft a form, with its file if there are bytes; return the decision and the line."""
        self.clock.at += timedelta(seconds=1)
        file = self.keep(data, name) if data else None
        with self.app.app_context(), transaction() as session:
            act = self.office.act("thuky", self.clock.at, self.today)
            owner = unit(session, "song-lo")
            made = documents.open_decision(session, act, owner, Head("Ban hành biểu mẫu"))
            document = draft_documents(
                session, act, owner=owner, kind="form", codes=[self.code]
            )[self.code]
            standing = queries.in_force_id(session, document.id, date.max)
            action = Action.AMEND if standing else Action.ISSUE
            text = RevisionText(
                "Tờ khai cấp bản sao",
                FormBlank(file=file, instructions="Ghi đủ họ tên."),
                audience=audience,
            )
            (line,) = documents.add_lines(session, act, made, [Line(document, action, text)])
            if file:
                service.enter(session, act, file)
            return made.id, line.id

    def sign(self, decision: int, on: date) -> None:
        """Let a draft be reviewed and signed, in force from a day."""
        self.count += 1
        with self.app.app_context(), transaction() as session:
            found = queries.decision(session, decision)
            people = [
                self.office.act(w, self.clock.at, self.today)
                for w in ("truongphong", "lanhdao")
            ]
            signing.review(session, people[0], found)
            paper = signing.Paper(f"{self.count}/QĐ-UBND", on, self.today)
            signing.sign(session, people[1], found, paper)

    def issue(
        self,
        data: bytes,
        on: date = MONDAY,
        *,
        name: str = "Tờ khai.docx",
        audience: Audience = Audience.PUBLIC,
    ) -> FileRef:
        """Bring a form with a file into force on a day."""
        decision, line = self.draft(data, name, audience)
        self.sign(decision, on)
        content = self.text(line).content
        assert isinstance(content, FormBlank)
        assert content.file
        return content.file

    def keep(self, data: bytes, name: str) -> FileRef:
        """Keep a file that needs no looking into."""
        media_type = PDF if data.startswith(b"%PDF-") else DOCX
        with self.app.app_context(), intake.received(BytesIO(data)) as path:
            file = intake.told(path, name, media_type)
            intake.keep(path, file)
        return file

    def text(self, line: int) -> RevisionText:
        """Return what a line says."""
        with self.app.app_context():
            change = queries.line(db.session(), line)
            return queries.text_of(queries.revision(db.session(), change.revision_id or 0))

    def data(self, file: FileRef) -> bytes:
        """Return the bytes that are kept."""
        with self.app.app_context():
            return files.get(file.sha256)

    def stored(self) -> tuple[set[str], int]:
        """Return what lies in the store, and how many files the database knows."""
        with self.app.app_context():
            return files.names(), db.session.query(StoredFile).count()

    @property
    def number(self) -> int:
        """Return the number of the document."""
        with self.app.app_context():
            owner = unit(db.session(), "song-lo")
            return queries.documents_by_code(db.session(), owner.id, "form", [self.code])[
                self.code
            ].id

    def withdraw(self, on: date) -> None:
        """Take the form out of force on a day."""
        with self.app.app_context(), transaction() as session:
            act = self.office.act("thuky", self.clock.at, self.today)
            owner = unit(session, "song-lo")
            made = documents.open_decision(session, act, owner, Head("Bãi bỏ biểu mẫu"))
            document = draft_documents(
                session, act, owner=owner, kind="form", codes=[self.code]
            )[self.code]
            documents.add_lines(
                session, act, made, [Line(document, Action.WITHDRAW, reason="Không dùng nữa")]
            )
            number = made.id
        self.sign(number, on)

    @property
    def today(self) -> date:
        return (self.clock.at + timedelta(hours=7)).date()


@pytest.fixture
def forms(app: Flask, office: Office, clock: Clock) -> Forms:
    return Forms(app, office, clock)


def send(
    client: FlaskClient, line: int, data: bytes, name: str = "a.docx", **more: str
) -> TestResponse:
    """Send the editor's form with a file."""
    fields: dict[str, Any] = {**FIELDS, "version": "1", **more, "blank": (BytesIO(data), name)}
    return client.post(f"/decisions/lines/{line}/file", data=fields)


def test_a_file_is_kept_byte_for_byte_with_all_that_was_typed_beside_it(
    forms: Forms, signed_in: As
) -> None:
    _, line = forms.draft()
    data = blanks.a_docx()
    answer = send(signed_in("thuky").client, line, data, "..\\Tờ khai số 1.docx")
    assert answer.status_code == 303, answer.text
    saved = forms.text(line)
    assert isinstance(saved.content, FormBlank)
    file = saved.content.file
    assert file
    assert (file.name, file.size) == (f"{CODE}.docx", len(data))
    assert forms.data(file) == data
    assert saved.content.field == "Hộ tịch"
    assert forms.stored() == ({file.sha256}, 1)


@sqlite_only
@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (blanks.with_parts(blanks.a_docx(), {"word/vbaProject.bin": b"x"}), "a.docx", "macro"),
        (b"<html><script>1</script></html>", "a.pdf", "trang web"),
        (b"", "a.docx", "không có gì"),
    ],
)
def test_a_refused_file_leaves_nothing_behind_but_its_reason_and_what_was_typed(
    forms: Forms, signed_in: As, data: bytes, name: str, words: str
) -> None:
    _, line = forms.draft()
    before = forms.text(line)
    browser = signed_in("thuky")
    page = browser.check(send(browser.client, line, data, name, field="Đang gõ dở"), 422)
    assert words in page.one("#blank-wrong")
    assert "Đang gõ dở" in page.attributes("#field", "value")
    assert forms.text(line) == before
    assert forms.stored() == (set(), 0)


@sqlite_only
def test_a_stale_save_shows_both_texts_and_keeps_the_saved_file(
    forms: Forms, signed_in: As
) -> None:
    _, line = forms.draft()
    browser = signed_in("thuky")
    assert send(browser.client, line, blanks.a_docx("Một")).status_code == 303
    saved = forms.text(line)
    page = browser.check(
        send(browser.client, line, blanks.a_docx("Hai"), instructions="Của tôi"), 409
    )
    assert "Của tôi" in page.text
    assert page.all("#theirs")
    assert forms.text(line) == saved


@sqlite_only
def test_a_chosen_file_that_was_not_sent_is_not_passed_over(
    forms: Forms, signed_in: As
) -> None:
    _, line = forms.draft()
    browser = signed_in("thuky")
    fields = {**FIELDS, "version": "1", "do": "save", "blank": "Tờ khai.docx"}
    page = browser.post("documents.texts.edit", fields, status=422, change_id=line)
    assert "Tải tệp lên và lưu" in page.one("#blank-wrong")


def test_the_address_of_a_form_leads_to_the_file_in_force_and_the_old_one_says_so(
    forms: Forms, signed_in: As, clock: Clock
) -> None:
    first = forms.issue(blanks.a_docx("Một"))
    second = forms.issue(blanks.a_docx("Hai"), after(7))
    client = signed_in("").client
    leads = client.get(f"/b/song-lo/bm/{CODE}")
    assert leads.status_code == 303
    assert leads.headers["Cache-Control"] == "no-store"
    got = client.get(leads.location)
    assert got.data == forms.data(first)
    assert client.get(f"/f/{second.sha256}/{second.name}").status_code == 404
    clock.go(after(7))
    assert client.get(f"/b/song-lo/bm/{CODE}", follow_redirects=True).data == forms.data(second)
    gone = client.get(f"/f/{first.sha256}/{first.name}")
    assert gone.status_code == 410
    assert f"/b/song-lo/bm/{CODE}/xem" in gone.text
    forms.withdraw(after(8))
    clock.go(after(8))
    assert client.get(f"/f/{second.sha256}/{second.name}").status_code == 410
    page = client.get(f"/b/song-lo/bm/{CODE}", follow_redirects=True)
    assert (page.status_code, "đã bãi bỏ" in page.text) == (404, True)


@sqlite_only
def test_a_file_is_served_to_be_saved_and_never_to_be_run(forms: Forms, signed_in: As) -> None:
    file = forms.issue(blanks.a_pdf(), name="Tờ khai \u202egpj.pdf")
    client = signed_in("").client
    got = client.get(f"/f/{file.sha256}/{file.name}")
    assert got.headers["Content-Disposition"] == (
        "attachment; filename=\"To-khai-gpj.pdf\"; filename*=UTF-8''T%E1%BB%9D%20khai%20gpj.pdf"
    )
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert got.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert got.headers["Cache-Control"] == "no-cache"
    assert got.headers["ETag"] == f'"{file.sha256}"'
    again = client.get(got.request.path, headers={"If-None-Match": got.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    other = client.get(f"/f/{file.sha256}/khac.exe")
    assert (other.status_code, unquote(other.location)) == (303, got.request.path)


@sqlite_only
def test_bytes_that_are_no_longer_whole_are_never_sent(
    forms: Forms, signed_in: As, app: Flask
) -> None:
    file = forms.issue(blanks.a_pdf())
    (path,) = app.config["DATA_DIR"].glob(f"files/files/*/{file.sha256}")
    path.chmod(0o600)
    path.write_bytes(path.read_bytes().replace(b"%PDF-1", b"%PDF-2"))
    assert signed_in("").client.get(f"/f/{file.sha256}/{file.name}").status_code == 503


@sqlite_only
def test_what_only_those_who_work_here_may_read_has_no_public_address(
    forms: Forms, signed_in: As
) -> None:
    file = forms.issue(blanks.a_docx(), audience=Audience.INTERNAL)
    public, staff = signed_in("").client, signed_in("chuyenvien")
    assert public.get(f"/f/{file.sha256}/{file.name}").status_code == 404
    assert public.get(f"/b/song-lo/bm/{CODE}").status_code == 404
    assert public.get(f"/b/song-lo/bm/{CODE}/xem").status_code == 404
    number = forms.number
    assert staff.file("blanks.show", document_id=number, name="1").data == forms.data(file)


@sqlite_only
@pytest.mark.pdf
def test_an_old_pdf_stands_behind_a_page_and_is_stamped_while_the_kept_one_stays(
    forms: Forms, signed_in: As, clock: Clock
) -> None:
    file = forms.issue(blanks.a_pdf())
    forms.issue(blanks.a_docx(), after(7))
    clock.go(after(7))
    staff, number = signed_in("chuyenvien"), forms.number
    page = staff.get("blanks.show", document_id=number, name="1")
    assert "hết hiệu lực" in page.text.lower()
    answer = staff.client.post(f"/documents/{number}/files/1")
    assert answer.data.startswith(b"%PDF-")
    assert answer.data != forms.data(file)
    words = blanks.words_of(answer.data)
    assert "HẾT HIỆU LỰC" in words
    assert "Hết hiệu lực từ 10/08/2026" in words
    assert "KHÔNG KIỂM SOÁT" in words
    assert "HET-HIEU-LUC" in answer.headers["Content-Disposition"]
    assert digest(forms.data(file)) == file.sha256


@sqlite_only
@pytest.mark.pdf
def test_the_file_of_a_draft_says_that_it_is_one(forms: Forms, signed_in: As) -> None:
    _, line = forms.draft(blanks.a_pdf())
    secretary, number = signed_in("thuky"), forms.number
    page = secretary.get("blanks.show", document_id=number, name=f"d{line}")
    assert "dự thảo" in page.text
    answer = secretary.client.post(f"/documents/{number}/files/d{line}")
    assert "DỰ THẢO" in blanks.words_of(answer.data)
    assert (
        signed_in("chuyenvien").client.get(f"/documents/{number}/files/d{line}").status_code
        == 404
    )


@pytest.mark.parametrize("path", ["", "/xem"])
@sqlite_only
def test_a_day_that_is_none_is_refused_in_words(forms: Forms, signed_in: As, path: str) -> None:
    forms.issue(blanks.a_docx())
    answer = signed_in("").client.get(f"/b/song-lo/bm/{CODE}{path}?on=31/02/2026")
    assert answer.status_code == 422
    assert "31/02/2026" in answer.text


@sqlite_only
def test_the_page_of_a_form_tells_what_holds_what_comes_and_what_it_was(
    forms: Forms, signed_in: As, clock: Clock
) -> None:
    first = forms.issue(blanks.a_docx("Họ và tên bên nam"))
    forms.issue(blanks.a_pdf(), after(7))
    public = signed_in("")
    now = public.get("notices.forms.show", unit="song-lo", code=CODE)
    assert "Họ và tên bên nam" in now.text
    assert f"/f/{first.sha256}/" in now.html
    coming = public.get("notices.forms.show", unit="song-lo", code=CODE, on=after(7))
    assert "có hiệu lực từ 10/08/2026" in coming.text
    assert "/f/" not in coming.html
    address = f"/b/song-lo/bm/{CODE}/xem.png"
    assert public.client.get(f"{address}?on={after(7)}").status_code == 404
    clock.go(after(7))
    assert public.client.get(address).data.startswith(b"\x89PNG")
    past = public.get("notices.forms.show", unit="song-lo", code=CODE, on=MONDAY)
    assert "Họ và tên bên nam" not in past.text
    assert "nay không còn áp dụng" in past.text
    assert "/f/" not in past.html
    found = public.get("notices.forms.index", unit="song-lo", q="to khai cap")
    assert CODE in found.text
    none = public.get("notices.forms.index", unit="song-lo", q="máy bay")
    assert "Không thấy biểu mẫu nào" in none.text


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    plan=st.lists(
        st.tuples(st.integers(0, 7), st.sampled_from(["issue", "withdraw"])),
        min_size=1,
        max_size=4,
        unique_by=lambda step: step[0],
    )
)
@sqlite_only
def test_on_each_day_the_address_leads_to_the_file_in_force_that_day(
    forms: Forms, signed_in: As, clock: Clock, plan: list[tuple[int, str]]
) -> None:
    """INV-14: asked for a day, and asked on that day."""
    forms.count += 1
    forms.code = f"BM-{forms.count}"
    begin, client = forms.today, signed_in("").client
    days = [begin + timedelta(days=each) for each in range(8)]
    held: dict[date, FileRef | None] = {}
    standing: FileRef | None = None
    steps = dict(plan)
    for number, day in enumerate(days):
        if steps.get(number) == "issue":
            standing = forms.issue(blanks.a_docx(f"{forms.code} {number}"), day)
        elif steps.get(number) == "withdraw" and standing:
            forms.withdraw(day)
            standing = None
        held[day] = standing
    address = f"/b/song-lo/bm/{forms.code}"
    for day, file in held.items():
        leads = unquote(client.get(f"{address}?on={day}").headers.get("Location", ""))
        assert leads.startswith(f"/f/{file.sha256}/") if file else "/f/" not in leads
    for day, file in held.items():
        clock.go(day)
        got = client.get(address, follow_redirects=True)
        assert got.data == forms.data(file) if file else got.status_code == 404
    clock.go(days[-1] + timedelta(days=1))
