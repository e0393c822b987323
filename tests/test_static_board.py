"""The public board as static files: true, whole, and rewritten only where it changed."""

import fcntl
import io
import json
import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from random import Random
from urllib.parse import unquote, urljoin, urlsplit

import pypdfium2
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from hypothesis import assume, given
from hypothesis import strategies as st

from qms import files
from qms.cli import Program
from qms.db import transaction
from qms.documents.kinds.fee import FeeSchedule
from qms.documents.kinds.fees import FeeLine, Rate
from qms.documents.kinds.form import FormBlank
from qms.documents.kinds.parts import FileRef
from qms.documents.kinds.procedure import DossierItem
from qms.documents.rules import Audience, RevisionText
from qms.documents.timeline import Action
from qms.errors import QmsError
from qms.notices import fee_views
from qms.static_board import folder, making, page_views, plan, rules
from qms.units.rules import Level
from tests import blanks
from tests.engines import sqlite_only
from tests.factories import Office
from tests.pages import Page
from tests.posting import FOR_COMMUNES, LATER, Posting, procedure, world
from tests.when import MONDAY, Clock

BIRTH, MARRIAGE, FEE, FORM = "1.001193", "1.000894", "PHI-HT", "BM-01"
LINKS = re.compile(r'\s(?:href|src|action)="([^"]*)"')
LIVE = "http://127.0.0.1:8000"


@pytest.fixture
def office(app: Flask) -> Office:
    with app.app_context(), transaction() as session:
        return world(session)


@pytest.fixture
def posting(app: Flask, office: Office, clock: Clock) -> Posting:
    """Let a board hold what boards hold: texts of the commune and the province, prices, a form."""
    made = Posting(app, office, clock)
    made.issue({FORM: form(app, "cũ"), FEE: fees(8_000)})
    dossier = (DossierItem(name="Tờ khai", form="BM-01", form_code=FORM, originals=1),)
    made.issue(
        {
            BIRTH: procedure("Đăng ký khai sinh", dossier=dossier, keywords="giấy khai sinh"),
            MARRIAGE: procedure("Đăng ký kết hôn"),
        }
    )
    land = procedure("Đăng ký đất đai", "Đất đai", **FOR_COMMUNES)
    made.issue({"1.012796": land}, owner="phu-tho")
    return made


def form(app: Flask, words: str) -> RevisionText:
    with app.app_context():
        data = blanks.a_docx(words)
        sha256 = files.put(data)
    name = "Tờ khai đăng ký khai sinh.docx"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    file = FileRef(sha256=sha256, name=name, media_type=kind, size=len(data))
    return RevisionText("Tờ khai đăng ký khai sinh", FormBlank(file=file, field="Hộ tịch"))


def fees(amount: int, last: date | None = None) -> RevisionText:
    line = FeeLine(
        name="Lệ phí", procedure=BIRTH, rate=Rate.AMOUNT, amount=amount, last_day=last
    )
    return RevisionText("Lệ phí hộ tịch", FeeSchedule(lines=(line,), field="Hộ tịch"))


Export = Callable[..., dict[str, str]]


@pytest.fixture
def export(runner: FlaskCliRunner, posting: Posting) -> Export:
    """Run the command; return what it printed, by name."""
    del posting

    def run(target: Path, *words: str) -> dict[str, str]:
        words = words or ("--no-pdf",)
        done = runner.invoke(Program(), ["board", "export", str(target), *words])
        assert done.exit_code == 0, done.stderr
        return dict(line.split(" ", 1) for line in done.stdout.splitlines())

    return run


@pytest.fixture
def refused(runner: FlaskCliRunner, posting: Posting) -> Callable[[Path], str]:
    """Run the command where it is refused; return its sentence."""
    del posting

    def run(target: Path) -> str:
        done = runner.invoke(Program(), ["board", "export", str(target), "--no-pdf"])
        assert done.exit_code == 1, done.output
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        return done.stderr

    return run


def held(target: Path) -> dict[str, bytes]:
    return {
        file.relative_to(target).as_posix(): file.read_bytes()
        for file in target.rglob("*")
        if file.is_file()
    }


def times(target: Path) -> dict[str, tuple[int, int]]:
    return {
        name: (stat.st_mtime_ns, stat.st_ino)
        for name in held(target)
        for stat in [Path(target, name).stat()]
    }


def links(target: Path, page: str) -> Iterator[str]:
    """Give where a page leads, as a browser under any address would understand it."""
    for found in LINKS.findall(Path(target, page).read_text()):
        yield urljoin(f"https://cdn.example/some/where/{page}", unescape(found))


def reachable(target: Path) -> set[str]:
    """Name the files that a reader comes to from the start."""
    found, reached, waiting = held(target), set[str](), ["index.html"]
    while waiting:
        page = waiting.pop()
        if page in reached or page not in found:
            continue
        reached.add(page)
        for link in links(target, page) if page.endswith(".html") else ():
            path = unquote(urlsplit(link).path).removeprefix("/some/where/")
            waiting.append(path + "index.html" if path.endswith("/") or not path else path)
    return reached


def dangling(target: Path, pages: Collection[str] = ()) -> list[str]:
    """Name the links of all pages, or of some, that lead to no file of their folder."""
    found = []
    for page in [name for name in pages or held(target) if name.endswith(".html")]:
        for link in links(target, page):
            parts = urlsplit(link)
            if parts.netloc == "cdn.example":
                place = unquote(parts.path).removeprefix("/some/where/")
                place = place + "index.html" if place.endswith("/") or not place else place
                if not Path(target, place).is_file():
                    found.append(f"{page} → {place}")
    return found


def test_every_page_lies_where_its_address_says_and_every_link_leads_somewhere(
    export: Export, tmp_path: Path
) -> None:
    target = tmp_path / "bang"
    said = export(target)
    found = held(target)
    assert int(said["files"]) == int(said["changed"]) == len(found) - 1  # and the manifest
    for path in (
        "index.html",
        "b/song-lo/index.html",
        f"b/song-lo/{BIRTH}/index.html",
        "b/song-lo/1.012796/index.html",
        "b/song-lo/danh-sach/index.html",
        "b/song-lo/danh-sach/dat-dai/index.html",
        "b/song-lo/phi/index.html",
        f"b/song-lo/phi/{FEE}/index.html",
        "b/song-lo/bm/index.html",
        f"b/song-lo/bm/{FORM}/index.html",
        f"b/song-lo/bm/{FORM}/xem/index.html",
        f"en/b/song-lo/{BIRTH}/index.html",
    ):
        assert path in found, path
    assert dangling(target) == []
    for name in (name for name in found if name.endswith(".html")):
        Page(200, found[name].decode(), name).check()
        for link in links(target, name):
            assert urlsplit(link).netloc in {"cdn.example", "127.0.0.1:8000", ""}, link
    reached = reachable(target)
    apart = {name for name in found if name not in reached}
    moved = {f"{at}b/song-lo/bm/{FORM}/index.html" for at in ("", "en/")}
    assert apart == {folder.MANIFEST, "board.json", "en/index.html", *moved}


def test_links_to_what_only_the_server_can_say_lead_there(
    export: Export, posting: Posting, tmp_path: Path
) -> None:
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"))
    export(tmp_path / "bang")
    page = f"b/song-lo/{BIRTH}/index.html"
    there = {link for link in links(tmp_path / "bang", page) if link.startswith(LIVE)}
    assert f"{LIVE}/b/song-lo/{BIRTH}?on={LATER}" in there
    assert f"{LIVE}/k" in there
    html = (tmp_path / "bang" / page).read_text()
    assert f'<link rel="canonical" href="{LIVE}/b/song-lo/{BIRTH}">' in html
    assert "Content-Security-Policy" in html
    search = (tmp_path / "bang/b/song-lo/tim/index.html").read_text()
    assert f'href="{LIVE}/b/song-lo">Xem bản trực tuyến' in search


def test_the_file_of_a_form_is_the_one_that_was_signed(
    export: Export, posting: Posting, app: Flask, tmp_path: Path
) -> None:
    target = tmp_path / "bang"
    export(target)
    (old,) = (target / "f").rglob("*.docx")
    with app.app_context():
        assert old.read_bytes() == files.get(old.parent.name)
    moved = (target / f"b/song-lo/bm/{FORM}/index.html").read_text()
    (to,) = re.findall(r"url=([^\"]+)\"", moved)
    assert (target / f"b/song-lo/bm/{FORM}" / unquote(to)).resolve() == old
    posting.amend(FORM, form(app, "mới"), MONDAY)
    export(target)
    (new,) = (target / "f").rglob("*.docx")
    assert new.parent.name != old.parent.name
    assert dangling(target) == []


def test_the_same_board_again_touches_no_file(export: Export, tmp_path: Path) -> None:
    export(tmp_path / "bang")
    before = times(tmp_path / "bang")
    said = export(tmp_path / "bang")
    assert (said["changed"], said["removed"]) == ("0", "0")
    assert times(tmp_path / "bang") == before


def test_one_change_touches_its_own_pages_and_those_that_name_it(
    export: Export, posting: Posting, tmp_path: Path
) -> None:
    target = tmp_path / "bang"
    export(target)
    before = times(target)
    posting.amend(MARRIAGE, procedure("Đăng ký kết hôn", summary="Bớt giấy tờ"), MONDAY)
    export(target)
    touched = {name for name, at in times(target).items() if before.get(name) != at}
    pages = (f"{MARRIAGE}/", "danh-sach/", "danh-sach/ho-tich/", "")
    expected = {f"{at}b/song-lo/{page}index.html" for at in ("", "en/") for page in pages}
    expected.add("b/song-lo/feed.atom")
    homes = {"index.html", "en/index.html", "board.json", folder.MANIFEST}
    assert touched == expected | homes


def test_what_left_the_board_leaves_the_folder_and_what_others_put_there_stays(
    export: Export, posting: Posting, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    target = tmp_path / "bang"
    export(target)
    (target / "robots.txt").write_text("User-agent: *")
    (target / f"b/song-lo/{BIRTH}/anh.png").write_bytes(b"x")
    foreign = target / f"en/b/song-lo/{MARRIAGE}/index.html"
    foreign.write_text("của người khác")
    posting.withdraw(BIRTH, MONDAY)
    posting.withdraw(MARRIAGE, MONDAY)
    done = runner.invoke(Program(), ["board", "export", str(target), "--no-pdf"])
    assert done.exit_code == 0
    assert str(foreign.relative_to(target)) in done.stderr
    assert not (target / f"b/song-lo/{BIRTH}/index.html").exists()
    assert (target / f"b/song-lo/{BIRTH}/anh.png").exists()
    assert (target / "robots.txt").read_text() == "User-agent: *"
    assert foreign.read_text() == "của người khác"
    assert not (target / f"b/song-lo/{MARRIAGE}").exists()


def test_a_page_says_for_which_days_it_is_true_and_board_json_says_it_to_programs(
    export: Export, posting: Posting, clock: Clock, tmp_path: Path
) -> None:
    target = tmp_path / "bang"
    said = export(target)
    assert (said["day"], said["valid"]) == ("2026-08-03", "until unknown")
    told = json.loads((target / "board.json").read_text())
    assert (told["day"], told["valid_until"]) == ("2026-08-03", None)
    posting.amend(BIRTH, procedure("Đăng ký khai sinh mới"))
    assert export(target)["valid"] == "until 2026-08-31"
    now = json.loads((target / "board.json").read_text())
    assert now["valid_until"] == now["boards"][0]["valid_until"] == "2026-08-31"
    assert now["version"] != told["version"]
    page = (target / f"b/song-lo/{BIRTH}/index.html").read_text()
    assert 'data-last="2026-08-31"' in page
    assert "đúng từ ngày 01/07/2026 đến hết ngày 31/08/2026" in page
    start = (target / "index.html").read_text()
    assert "lập cho ngày 03/08/2026, đúng đến hết ngày 31/08/2026" in start
    clock.go(LATER)
    export(target)
    page = (target / f"b/song-lo/{BIRTH}/index.html").read_text()
    assert "Đăng ký khai sinh mới" in page
    assert "đúng từ ngày 01/09/2026" in page


def test_the_night_alone_changes_no_notice(
    export: Export, clock: Clock, tmp_path: Path
) -> None:
    target = tmp_path / "bang"
    export(target)
    before = times(target)
    clock.go(MONDAY + timedelta(days=1))
    export(target)
    for name, at in times(target).items():
        if re.search(r"/(1\.\d+|BM-01/xem)/", name):
            assert at == before[name], name


def acts(posting: Posting, step: int, day: date, soon: date) -> dict[str, Callable[[], object]]:
    """Return what may happen to a board on a day, some of it from a coming day on."""
    return {
        "title": lambda: posting.amend(BIRTH, procedure(f"Khai sinh {day}"), day),
        "later": lambda: posting.amend(MARRIAGE, procedure("Kết hôn", "Mới"), soon),
        "new": lambda: posting.issue({f"3.{step}": procedure(f"Mới {step}")}, day),
        "gone": lambda: posting.withdraw(f"3.{step - 1}", day),
        "price": lambda: posting.amend(FEE, fees(step * 1_000, soon), day),
        "form": lambda: posting.amend(FORM, form(posting.app, f"{step}"), day),
        "own": lambda: posting.issue({"1.012796": procedure("Đất của xã", "Đất đai")}, soon),
        "heading": lambda: posting.heading("song-lo", soon, Level.COMMUNE, name=f"Xã {step}"),
        "inner": lambda: posting.amend(
            MARRIAGE, procedure("Kín", audience=Audience.INTERNAL), day
        ),
        "wait": lambda: None,
    }


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_an_export_over_the_last_is_like_a_new_one(
    seed: int, export: Export, posting: Posting, clock: Clock, tmp_path: Path
) -> None:
    random, target, day = Random(seed), tmp_path / "bang", MONDAY  # noqa: S311 - repeatable
    for step in range(10):
        soon = day + timedelta(days=random.randint(1, 3))
        offered = acts(posting, step, day, soon)
        for name in random.sample(sorted(offered), 2):
            with suppress(QmsError):  # what the timeline does not allow
                offered[name]()
        export(target)
        fresh = tmp_path / f"fresh-{step}"
        export(fresh)
        assert differing(held(target), held(fresh)) == []
        assert dangling(target) == []
        day += timedelta(days=random.randint(0, 2))
        clock.go(day, 10 + step)


def differing(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> list[str]:
    return [name for name in one.keys() | other.keys() if one.get(name) != other.get(name)]


def test_drafts_change_no_byte(
    export: Export, posting: Posting, app: Flask, tmp_path: Path
) -> None:
    export(tmp_path / "before")
    posting.draft({BIRTH: (Action.AMEND, procedure("Bí mật"))})
    posting.draft({"9.9": (Action.ISSUE, procedure("Bí mật mới", "Lĩnh vực kín"))})
    posting.draft({MARRIAGE: (Action.WITHDRAW, None)})
    posting.draft({FEE: (Action.AMEND, fees(1)), FORM: (Action.AMEND, form(app, "kín"))})
    posting.issue({"9.8": procedure("Nội bộ", audience=Audience.INTERNAL)}, MONDAY)
    export(tmp_path / "after")
    assert differing(held(tmp_path / "before"), held(tmp_path / "after")) == []
    assert export(tmp_path / "before")["changed"] == "0"


def test_a_folder_that_holds_anything_else_is_refused(
    refused: Callable[[Path], str], tmp_path: Path
) -> None:
    target = tmp_path / "bang"
    target.mkdir()
    (target / "thu.txt").write_text("của tôi")
    assert "không phải của bảng niêm yết" in refused(target)
    assert held(target) == {"thu.txt": "của tôi".encode()}


@pytest.mark.parametrize(
    "said",
    ["{}", "không phải JSON", "[]", '{"format": 9, "files": {}}']
    + [
        json.dumps({"format": 1, "files": {path: {"sha256": "0"}}})
        for path in ("../ngoai.txt", "/etc/passwd", "b/../../x", ".ssh/id", "b//x", "")
    ],
)
def test_a_list_of_files_that_leads_out_of_the_folder_is_refused(
    said: str, refused: Callable[[Path], str], tmp_path: Path
) -> None:
    target = tmp_path / "bang"
    target.mkdir()
    (tmp_path / "ngoai.txt").write_text("giữ lại")
    (target / folder.MANIFEST).write_text(said)
    assert "Hãy xuất vào một thư mục trống" in refused(target)
    assert (tmp_path / "ngoai.txt").exists()


def test_nothing_is_written_through_a_link_or_over_a_file_of_others(
    export: Export, refused: Callable[[Path], str], posting: Posting, tmp_path: Path
) -> None:
    target, outside = tmp_path / "bang", tmp_path / "ngoai"
    export(target)
    outside.mkdir()
    (target / "b/song-lo/3.1").symlink_to(outside)
    posting.issue({"3.1": procedure("Mới")}, MONDAY)
    before = held(target)
    assert "3.1" in refused(target)
    assert list(outside.iterdir()) == []
    (target / "b/song-lo/3.1").unlink()
    (target / "b/song-lo/3.1").mkdir()
    (target / "b/song-lo/3.1/index.html").write_text("của người khác")
    assert "không ghi đè" in refused(target)
    (target / "b/song-lo/3.1/index.html").unlink()
    assert held(target) == before
    export(target)
    (target / "b/song-lo/3.1/index.html").unlink()
    (target / "b/song-lo/3.1/index.html").symlink_to(tmp_path / "ngoai/x")
    assert "không ghi đè" in refused(target)
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("code", ["..", ".", "phi", "tim", "search.js", "a\\b", "a:b", ".git"])
def test_a_hostile_code_gets_no_file_and_its_links_lead_to_the_server(
    code: str, posting: Posting, runner: FlaskCliRunner, tmp_path: Path
) -> None:
    posting.issue({code: procedure("Thủ tục lạ")}, MONDAY)
    target = tmp_path / "trong/bang"
    done = runner.invoke(Program(), ["board", "export", str(target), "--no-pdf"])
    assert done.exit_code == 0, done.stderr
    assert f"/b/song-lo/{code}: no file can bear this name" in done.stderr
    assert [each.name for each in (tmp_path / "trong").iterdir()] == ["bang"]
    assert "Thủ tục lạ" not in (target / "b/song-lo/search.js").read_text()
    assert "Thủ tục lạ" in (target / "b/song-lo/danh-sach/index.html").read_text()
    assert dangling(target) == []


def test_two_exports_into_one_folder_at_once_are_refused(
    export: Export, refused: Callable[[Path], str], tmp_path: Path
) -> None:
    export(tmp_path / "bang")
    handle = os.open(tmp_path / "bang", os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    before = times(tmp_path / "bang")
    assert "Một lần xuất khác" in refused(tmp_path / "bang")
    os.close(handle)
    assert times(tmp_path / "bang") == before
    export(tmp_path / "bang")


def test_an_export_that_is_stopped_leaves_the_board_as_it_was(
    export: Export,
    refused: Callable[[Path], str],
    posting: Posting,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    target = tmp_path / "bang"
    export(target)
    before = times(target)
    posting.amend(BIRTH, procedure("Khác"), MONDAY)
    posting.issue({"3.1": procedure("Mới")}, MONDAY)
    with monkeypatch.context() as patch:
        patch.setattr(making.Maker, "start", _stop)
        assert "Đã dừng giữa chừng" in refused(target)
    assert times(target) == before
    export(target)
    export(tmp_path / "fresh")
    assert differing(held(target), held(tmp_path / "fresh")) == []


def _stop(*_args: object, **_more: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("after", [0, 1, 5, 12, 17])
def test_a_crash_while_files_take_their_places_leaves_a_board_and_the_next_run_mends_it(
    after: int,
    export: Export,
    posting: Posting,
    runner: FlaskCliRunner,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    target = tmp_path / "bang"
    export(target)
    posting.amend(BIRTH, procedure("Khác"), MONDAY)
    posting.issue({"3.1": procedure("Mới")}, MONDAY)
    posting.withdraw(MARRIAGE, MONDAY)
    count = 0
    replace = Path.replace

    def failing(place: Path, to: Path) -> Path:
        nonlocal count
        count += 1
        if count > after:
            raise SystemExit(9)
        return replace(place, to)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", failing)
        done = runner.invoke(Program(), ["board", "export", str(target), "--no-pdf"])
        assert done.exit_code == 9
    assert dangling(target, reachable(target)) == []
    posting.withdraw("3.1", MONDAY + timedelta(days=1))
    posting.clock.go(MONDAY + timedelta(days=1))
    export(target)
    export(tmp_path / "fresh")
    assert differing(held(target), held(tmp_path / "fresh")) == []


def test_what_is_signed_while_an_export_runs_is_in_it(
    export: Export, posting: Posting, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = page_views.Inside.page
    signed: list[int] = []

    def page(inside: page_views.Inside, *words: object) -> str:
        if not signed:
            signed.append(0)
            signed.append(posting.amend(BIRTH, procedure("Ký giữa chừng"), MONDAY))
        return asked(inside, *words)  # type: ignore[arg-type]

    monkeypatch.setattr(page_views.Inside, "page", page)
    export(tmp_path / "bang")
    assert "Ký giữa chừng" in (tmp_path / f"bang/b/song-lo/{BIRTH}/index.html").read_text()


def test_a_file_that_was_damaged_is_made_again(export: Export, tmp_path: Path) -> None:
    target = tmp_path / "bang"
    export(target)
    whole = held(target)
    (target / f"b/song-lo/{BIRTH}/index.html").write_bytes(b"")
    (target / "b/song-lo/search.js").unlink()
    assert export(target)["changed"] == "2"
    assert held(target) == whole


def test_several_boards_lie_in_one_folder_with_a_page_that_names_them(
    export: Export, tmp_path: Path
) -> None:
    target = tmp_path / "bang"
    export(target, "--no-pdf", "--unit", "phu-tho", "--below")
    assert dangling(target) == []
    start = Page(200, (target / "index.html").read_text())
    start.check()
    assert start.attributes("main li a", "href") == [
        "b/phu-tho/",
        "b/song-lo/",
        "b/tan-lap/",
    ]
    told = json.loads((target / "board.json").read_text())
    assert [each["procedures"] for each in told["boards"]] == [0, 3, 1]
    assert (target / "b/tan-lap/1.012796/index.html").exists()


def test_of_a_unit_that_is_no_more_the_folder_names_the_successor(
    export: Export, posting: Posting, clock: Clock, tmp_path: Path
) -> None:
    target = tmp_path / "bang"
    posting.end("song-lo", MONDAY, "tan-lap")
    assert export(target)["valid"] == f"until {MONDAY}"
    clock.go(MONDAY + timedelta(days=1))
    export(target)
    assert dangling(target) == []
    assert not (target / f"b/song-lo/{BIRTH}").exists()
    assert f'href="{LIVE}/b/tan-lap"' in (target / "index.html").read_text()


def test_the_feed_and_the_sheets_for_walls_lie_at_their_addresses(
    export: Export, posting: Posting, tmp_path: Path
) -> None:
    target = tmp_path / "bang"
    export(target)
    board = target / "b/song-lo"
    assert "Đăng ký khai sinh" in (board / "feed.atom").read_text()
    assert "Đăng ký khai sinh" in (board / "linh-vuc/ho-tich/index.html").read_text()
    assert 'href="feed.atom"' in (board / "index.html").read_text()
    posting.amend(MARRIAGE, procedure("Đăng ký kết hôn mới"), MONDAY)
    export(target)
    assert "kết hôn mới" in (board / "feed.atom").read_text()
    assert "kết hôn mới" in (board / "linh-vuc/ho-tich/index.html").read_text()


@pytest.mark.pdf
@sqlite_only
def test_sheets_and_prices_lie_beside_their_pages_as_paper(
    export: Export, app: Flask, tmp_path: Path
) -> None:
    target = tmp_path / "bang"
    export(target, "--unit", "song-lo")
    assert dangling(target) == []
    for name in (f"{BIRTH}.pdf", "phi.pdf", f"phi/{FEE}.pdf"):
        data = (target / "b/song-lo" / name).read_bytes()
        with pypdfium2.PdfDocument(io.BytesIO(data)) as paper:
            words = paper[0].get_textpage().get_text_bounded()
        assert "8.000" in words
        assert data == app.test_client().get(f"/b/song-lo/{name}").data
    assert export(target, "--unit", "song-lo")["changed"] == "0"
    export(target)
    assert not (target / f"b/song-lo/{BIRTH}.pdf").exists()


def test_a_list_of_prices_is_as_long_as_on_the_server() -> None:
    assert plan.FEES_PAGE == fee_views.PAGE


SEGMENT = st.from_regex(r"[a-zA-Z0-9Đđ%#&+ ._-]{1,8}", fullmatch=True).filter(rules.safe)
PATH = st.lists(SEGMENT, min_size=1, max_size=4).map("/".join)


@given(PATH, PATH, st.booleans(), st.booleans())
def test_a_relative_address_leads_from_any_page_to_any_file(
    page: str,
    target: str,
    from_page: bool,  # noqa: FBT001 - both ways
    to_page: bool,  # noqa: FBT001
) -> None:
    here = f"{page}/index.html" if from_page else f"{page}.html"
    there = f"{target}/index.html" if to_page else target
    assume(not here.startswith(f"{there}/"))  # no file is a folder too
    led = urljoin(
        f"https://x.example/a/b/{here.replace('%', '%25').replace('#', '%23')}",
        rules.leading(here, there),
    )
    reached = unquote(urlsplit(led).path).removeprefix("/a/b/")
    assert reached + ("index.html" if to_page else "") == there


@given(st.text(max_size=30))
def test_a_safe_path_never_leaves_its_folder(path: str) -> None:
    if rules.safe(path):
        place = Path("/srv/board", path)
        assert os.path.normpath(place) == str(place)
        assert not {".", "..", ""} & set(path.split("/"))


@given(st.lists(st.text(max_size=12), unique=True, max_size=8))
def test_each_field_has_a_folder_of_its_own(names: list[str]) -> None:
    found = rules.folders(names)
    assert len(set(found.values())) == len(names)
    assert all(map(rules.safe, found.values()))
