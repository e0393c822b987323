"""The files of the library: read strictly, written one way."""

import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qms.documents.kinds.fees import Channel, FeeLine, FeeType, Rate, Step
from qms.documents.kinds.parts import LegalReference, Mark
from qms.documents.kinds.procedure import (
    Certainty,
    DossierItem,
    LimitUnit,
    Method,
    Procedure,
    TimeLimit,
)
from qms.documents.kinds.text import Genre, WrittenText
from qms.errors import InvalidError
from qms.library.format import LARGEST, LibraryFile, file_name, parse, written
from qms.library.rules import Source, library_file, revision_text
from qms.library.yamls import MOST_EVENTS
from qms.text import nfc

LIBRARY = Path(__file__).parent.parent / "procedures_docs"
SHIPPED = sorted(p for p in LIBRARY.rglob("*") if p.suffix in {".yaml", ".md"})

SMALL = b"""kind: procedure
code: 1.000650
title: T
issue: 1
amendment: 0
scope: owner
audience: public
"""

FEE = b"""methods:
  - channel: direct
    fees:
      - name: x
        rate: none
"""


letters = st.characters(exclude_categories=("Cc", "Cs"), include_characters="\n\t")
texts = st.text(letters, max_size=130).map(nfc)
lines = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=60).map(nfc)
counts = st.none() | st.integers(0, 99)
days = st.none() | st.dates(date(1990, 1, 1), date(2040, 1, 1))
channels = st.sampled_from(Channel)


@st.composite
def fee_lines(draw: st.DrawFn) -> FeeLine:
    rate = draw(st.sampled_from(Rate))
    first, last = draw(days), draw(days)
    if first and last and last < first:
        first, last = last, first
    return FeeLine(
        name=draw(lines),
        type=draw(st.sampled_from(FeeType)),
        case=draw(texts),
        channels=tuple(draw(st.lists(channels, max_size=2))),
        rate=rate,
        amount=draw(st.integers(0, 10**9)) if rate is Rate.AMOUNT else None,
        steps=(Step(from_unit=1, amount=2000),) if rate is Rate.STEPS else (),
        first_day=first,
        last_day=last,
        exemptions=tuple(draw(st.lists(texts, max_size=2))),
        note=draw(texts),
    )


limits = st.builds(TimeLimit, count=counts, unit=st.sampled_from(LimitUnit), note=texts)
methods = st.builds(
    Method,
    channel=channels,
    case=texts,
    limit=st.none() | limits,
    fees=st.lists(fee_lines(), max_size=2).map(tuple),
    note=texts,
)
items = st.builds(
    DossierItem, name=texts, case=texts, originals=counts, copies=counts, optional=st.booleans()
)
procedures = st.builds(
    Procedure,
    label=lines,
    field=lines,
    levels=st.lists(lines, max_size=2).map(tuple),
    steps=texts,
    methods=st.lists(methods, max_size=2).map(tuple),
    dossier=st.lists(items, max_size=2).map(tuple),
    sets=st.none() | st.integers(1, 9),
    status=st.sampled_from(["", "repealed"]),
    legal_basis=st.lists(st.builds(LegalReference, name=texts, number=lines), max_size=2).map(
        tuple
    ),
    certainty=st.lists(
        st.builds(Certainty, mark=st.sampled_from(Mark), fields=st.tuples(lines), note=lines),
        max_size=2,
    ).map(tuple),
)
written_texts = st.builds(
    WrittenText,
    genre=st.sampled_from(Genre),
    edition=lines,
    clauses=st.lists(lines, max_size=3).map(tuple),
    body=texts,
)


@st.composite
def library_files(draw: st.DrawFn) -> LibraryFile:
    content = draw(procedures | written_texts)
    slugs = st.sampled_from([("song-lo",), ("song-lo", "tam-son")])
    return LibraryFile(
        kind=content.kind,
        code=draw(
            st.from_regex(r"\A[A-Z0-9Đ./ -]{1,20}\Z").map(nfc).map(str.strip).filter(bool)
        ),
        title=draw(lines.filter(bool)),
        content=content,
        issue=draw(st.integers(1, 99)),
        amendment=draw(st.integers(0, 99)),
        scope=draw(st.sampled_from(["owner", "level:xa"]) | slugs),
        audience=draw(st.sampled_from(["public", "internal", "restricted"])),
        review_months=draw(st.none() | st.integers(1, 60)),
        retention=draw(lines),
        summary=draw(texts),
        reason=draw(texts),
    )


@settings(deadline=None)
@given(library_files())
def test_what_is_written_is_read_back_as_it_was(file: LibraryFile) -> None:
    data = written(file)
    assert parse("x", data) == file
    assert written(parse("x", data)) == data


@settings(deadline=None)
@given(library_files())
def test_a_file_and_the_revision_it_describes_say_the_same(file: LibraryFile) -> None:
    text = revision_text(Source("x", file))
    assert library_file(file.kind, file.code, text) == file


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_shipped_file_is_in_the_one_spelling_and_place(path: Path) -> None:
    data = path.read_bytes()
    file = parse(path.name, data)
    assert written(file) == data
    assert file_name(file) == path.relative_to(LIBRARY).as_posix()


def test_a_code_keeps_the_nought_at_its_end() -> None:
    assert parse("x.yaml", SMALL).code == "1.000650"


def test_windows_line_ends_byte_order_mark_and_decomposed_letters_are_mended() -> None:
    text = SMALL.decode().replace("title: T", "title: Tiếp nhận")
    messy = "\ufeff" + unicodedata.normalize("NFD", text).replace("\n", "\r\n")
    assert parse("x.yaml", messy.encode()) == parse("x.yaml", text.encode())


@pytest.mark.parametrize(
    ("extra", "said"),
    [
        (b"tittle: x\n", "khóa lạ “tittle”. Có phải là “title”?"),
        (b"code: 2\n", "dòng 8: khóa “code” đã có ở trên"),
        (b"sets: many\n", "khóa “sets”: phải là số nguyên"),
        (b"review_months: 0\n", "khóa “review_months”: phải là số nguyên"),
        (b"steps: &a x\n", "dòng 8: không dùng neo"),
        (b"steps: !!python/name:os.system x\n", "không dùng neo"),
        (b"steps: [\n", "không đọc được YAML"),
        (b"steps: " + b"[" * 40 + b"\n", "lồng nhau quá sâu"),
        (b"---\ncode: 2\n", "mỗi tệp chỉ một văn bản"),
        (b"steps: \x07\n", "dòng 8 có ký tự điều khiển"),
        (b"? [a]\n: b\n", "khóa phải là chữ"),
        (b"levels: x\n", "khóa “levels”: phải là danh sách"),
        (b"field: " + b"x" * 1001 + b"\n", "khóa “field”: dài quá 1000 ký tự"),
        (b"methods:\n  - channel: fax\n", "khóa “methods.0.channel”: phải là một trong"),
        (b"methods:\n  - channel: direct\n    phi: 1\n", "khóa lạ “methods.0.phi”"),
        (b"dossier:\n  - name: x\n    optional: maybe\n", "phải là true hoặc false"),
        (FEE + b"        first_day: 2025-02-31\n", "phải là ngày có thật"),
        (FEE + b"        amount: 5\n", "không khớp nhau"),
    ],
)
def test_a_fault_is_named_with_the_file_and_the_way_to_mend_it(extra: bytes, said: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse("tthc/x.yaml", SMALL + extra)
    assert "tthc/x.yaml" in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "thiếu khóa “kind”"),
        (b"- a\n", "phải bắt đầu bằng các khóa"),
        (b"\xff\xfe\x00", "không phải chữ Unicode"),
        (b"x" * (LARGEST + 1), "lớn hơn 1 MB"),
        (SMALL.replace(b"procedure", b"poem"), "khóa “kind”: phải là một trong"),
        (SMALL.replace(b"audience: public\n", b""), "thiếu khóa “audience”"),
        (SMALL.replace(b"scope: owner", b"scope: all"), "khóa “scope”: phải là owner"),
        (SMALL.replace(b"scope: owner", b"scope: []"), "khóa “scope”: phải là owner"),
        (b"[" + b"a," * MOST_EVENTS + b"]", "có quá nhiều mục"),
        (b"a: \x00", "có ký tự điều khiển"),
        ("a: \ufffe".encode(), "không phải là YAML"),
        (SMALL.replace(b"title: T", b"title: ''"), "khóa “title”: không đúng dạng"),
        (b"---\n" + SMALL, "thiếu dòng “---”"),
        (b"---\n" + SMALL + b"---\nbody\n", "không có phần Markdown"),
    ],
)
def test_a_file_that_is_no_document_is_refused_with_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(InvalidError) as caught:
        parse("x.yaml", data)
    assert said in str(caught.value)


def test_a_name_cannot_leave_its_folder() -> None:
    file = LibraryFile("procedure", "../../etc/x y", "T", Procedure(), audience="public")
    assert file_name(file) == "tthc/etc-x-y.yaml"
