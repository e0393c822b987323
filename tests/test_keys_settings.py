"""Keys are made once and never weak; settings come in one order and are named when wrong."""

import signal
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import waitress
from click.testing import CliRunner
from flask import Flask, request, request_started
from flask.cli import ScriptInfo
from werkzeug.test import EnvironBuilder, run_wsgi_app

from qms import keys, settings
from qms.__main__ import main
from qms.accounts import passwords
from qms.app import command_app, create_app
from qms.db import db
from qms.errors import InvalidError, RefusedError

GOOD = "8f" * 3 + bytes(range(29)).hex()
WEAK = {
    "empty": "",
    "short": GOOD[:-2],
    "no key at all": "không phải là khóa",
    "always the same": "00" * 32,
    "one word again and again": b"secret!".hex() * 6,
}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Name a folder for the data of an office that is not installed yet."""
    monkeypatch.setenv("QMS_DATA_DIR", str(tmp_path / "var"))
    return tmp_path / "var"


def command(*words: str) -> tuple[int, str, str]:
    """Run a command as the shell does; return its exit status and what it said."""
    made: list[Flask] = []

    def create() -> Flask:
        made.append(command_app())
        return made[0]

    result = CliRunner().invoke(main, words, obj=ScriptInfo(create_app=create))
    for app in made:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    return result.exit_code, result.stdout, result.stderr


def values(**overrides: object) -> Flask:
    app = Flask("qms")
    settings.load(app, overrides)
    return app


# Keys.


def test_a_key_is_long_random_and_for_the_server_alone(tmp_path: Path) -> None:
    first, second = tmp_path / "keys/a.key", tmp_path / "keys/b.key"
    keys.make(first)
    keys.make(second)
    assert len(keys.read(first)) == keys.LENGTH
    assert keys.read(first) != keys.read(second)
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert stat.S_IMODE(first.parent.stat().st_mode) == 0o700
    assert sorted(each.name for each in first.parent.iterdir()) == ["a.key", "b.key"]


def test_a_key_is_never_overwritten_not_even_a_bad_one(tmp_path: Path) -> None:
    path = tmp_path / "a.key"
    path.write_text("cũ")
    keys.make(path)
    assert path.read_text() == "cũ"


def test_many_who_make_a_key_at_once_get_the_same(tmp_path: Path) -> None:
    path, barrier = tmp_path / "keys/a.key", threading.Barrier(8, timeout=30)

    def make() -> bytes:
        barrier.wait()
        keys.make(path)
        return keys.read(path)

    with ThreadPoolExecutor(8) as threads:
        found = {running.result() for running in [threads.submit(make) for _ in range(8)]}
    assert len(found) == 1


@pytest.mark.parametrize("weakness", WEAK)
def test_a_weak_key_is_refused(tmp_path: Path, weakness: str) -> None:
    path = tmp_path / "a.key"
    path.write_text(WEAK[weakness])
    with pytest.raises(RefusedError, match=r"a\.key quá ngắn, dễ đoán"):
        keys.read(path)


def test_a_key_that_is_missing_or_no_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"Chưa có khóa .*qms init"):
        keys.read(tmp_path / "a.key")
    with pytest.raises(RefusedError, match="Không đọc được khóa"):
        keys.read(tmp_path)


@pytest.mark.parametrize("name", ["secret.key", "trail.key"])
def test_an_office_does_not_open_on_a_missing_or_weak_key(data: Path, name: str) -> None:
    for each in ("secret.key", "trail.key"):
        keys.make(data / "keys" / each)
    create_app()
    (data / "keys" / name).unlink()
    with pytest.raises(RefusedError, match=f"Chưa có khóa .*{name}"):
        create_app()
    status, said, wrong = command("serve")
    assert (status, said) == (1, "")
    assert "Chưa có khóa" in wrong
    assert name in wrong
    (data / "keys" / name).write_text(WEAK["always the same"])
    with pytest.raises(RefusedError, match="dễ đoán"):
        create_app()
    status, said, wrong = command("serve")
    assert (status, said) == (1, "")
    assert "dễ đoán" in wrong


def test_an_office_that_was_never_installed_does_not_open(data: Path) -> None:
    status, said, wrong = command("serve")
    assert (status, said) == (1, "")
    assert "Hãy chạy “qms init”" in wrong
    assert not (data / "keys").exists()


def test_a_password_is_kept_as_a_hash_that_is_slow_to_guess() -> None:
    hashed = passwords.hashed("trời xanh")
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.matches(hashed, "trời xanh")
    assert not passwords.matches(hashed, "trời xám")


# Installing.


def snapshot(data: Path) -> dict[str, bytes]:
    return {str(p.relative_to(data)): p.read_bytes() for p in data.rglob("*") if p.is_file()}


def test_installing_twice_changes_nothing(data: Path) -> None:
    status, said, _ = command("init", "--office", "song-lo", "--name", "UBND xã Sông Lô")
    assert (status, said.startswith("http://127.0.0.1:8000/first-password/")) == (0, True)
    before = snapshot(data)
    assert set(before) == {"keys/secret.key", "keys/trail.key", "qms.sqlite"}
    assert command("init", "--office", "khac", "--name", "Khác") == (
        0,
        "Đã cài đặt từ trước; không có gì thay đổi.\n",
        "",
    )
    assert snapshot(data) == before
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    assert command("trail", "verify")[0] == 0


def test_no_new_key_is_made_for_an_old_trail(data: Path) -> None:
    assert command("init")[0] == 0
    (data / "keys/trail.key").unlink()
    before = snapshot(data)
    status, _, wrong = command("init")
    assert status == 1
    assert "Đã có nhật ký nhưng thiếu khóa" in wrong
    assert snapshot(data) == before


def test_installing_makes_an_empty_database_whole(
    engine: str, empty_url: str, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert engine in empty_url
    monkeypatch.setenv("QMS_DATABASE_URL", empty_url)
    assert command("init")[0] == 0
    assert command("db", "check") == (0, "Database is what the program expects.\n", "")
    assert not (data / "qms.sqlite").exists()


def test_a_database_of_another_shape_is_told_in_words(data: Path) -> None:
    assert command("init")[0] == 0
    with closing(sqlite3.connect(data / "qms.sqlite")) as connection:
        connection.execute("ALTER TABLE unit ADD COLUMN colour TEXT")
    status, said, wrong = command("db", "check")
    assert (status, said) == (1, "")
    assert "colour" in wrong


# Settings.


def test_later_sources_win(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = tmp_path / "office.py"
    office.write_text("SESSION_HOURS = 8\nIDLE_MINUTES = 30\nMAX_UPLOAD_MB = 1\n")
    monkeypatch.setenv("QMS_DATA_DIR", str(tmp_path / "var"))
    assert values().config["SESSION_HOURS"] == 10
    monkeypatch.setenv("QMS_CONFIG", str(office))
    monkeypatch.setenv("QMS_IDLE_MINUTES", "20")
    monkeypatch.setenv("QMS_MAX_UPLOAD_MB", "2")
    found = values(MAX_UPLOAD_MB=3).config
    assert [found[each] for each in settings.NUMBERS] == [8, 20, 3, 64]
    assert found["MAX_CONTENT_LENGTH"] == 3 * 2**20
    assert found["TIMEZONE"] == "Asia/Ho_Chi_Minh"


def test_what_names_no_place_lies_in_the_folder_of_the_data(data: Path) -> None:
    found = values().config
    assert found["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{data}/qms.sqlite"
    assert found["SECRET_KEY_FILE"] == data / "keys/secret.key"
    assert found["TRAIL_KEY_FILE"] == data / "keys/trail.key"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_server_of_postgresql_is_named_in_any_usual_way(data: Path, scheme: str) -> None:
    found = values(DATABASE_URL=f"{scheme}://qms:b%40d@db/qms", DATA_DIR=str(data)).config
    assert found["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://qms:b%40d@db/qms"


def test_an_address_is_kept_without_its_last_stroke(data: Path) -> None:
    app = values(PUBLIC_URL="https://qms.example.vn/bang/", DATA_DIR=str(data))
    assert app.config["PUBLIC_URL"] == "https://qms.example.vn/bang"
    assert app.config["SESSION_COOKIE_SECURE"]


@pytest.mark.parametrize(
    ("cookies", "address", "secure"),
    [
        ("auto", "http://qms.example.vn", False),
        ("on", "http://qms.example.vn", True),
        ("OFF", "https://qms.example.vn", False),
    ],
)
def test_cookies_are_kept_to_https_as_the_office_says(
    data: Path,
    cookies: str,
    address: str,
    secure: bool,  # noqa: FBT001
) -> None:
    app = values(SECURE_COOKIES=cookies, PUBLIC_URL=address, DATA_DIR=str(data))
    assert app.config["SESSION_COOKIE_SECURE"] is secure


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("QMS_DATABASE_URL", "not an address"),
        ("QMS_DATABASE_URL", "mysql://db/qms"),
        ("QMS_PUBLIC_URL", "qms.example.vn"),
        ("QMS_PUBLIC_URL", "ftp://qms.example.vn"),
        ("QMS_PUBLIC_URL", "https://"),
        ("QMS_PUBLIC_URL", "https://qms.example.vn/?a=b"),
        ("QMS_TIMEZONE", "Sao_Hoa"),
        ("QMS_TIMEZONE", "../etc/passwd"),
        ("QMS_TIMEZONE", "Asia"),
        ("QMS_MAX_UPLOAD_MB", "nhiều"),
        ("QMS_MAX_UPLOAD_MB", "0"),
        ("QMS_SESSION_HOURS", "-1"),
        ("QMS_IDLE_MINUTES", "inf"),
        ("QMS_IDLE_MINUTES", "nan"),
        ("QMS_CLI_SIGN", "of"),
        ("QMS_SECURE_COOKIES", "yes"),
        ("QMS_TRUSTED_PROXIES", "-1"),
        ("QMS_TRUSTED_PROXIES", "10"),
        ("QMS_TRUSTED_PROXIES", "10.0.0.1"),
        ("QMS_FILES_URL", "ftp://files"),
        ("QMS_CONFIG", "/nowhere/office.py"),
        ("QMS_DATA_DIR", "/dev/null/var"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    data: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    monkeypatch.setenv(name, said)
    status, out, wrong = command("db", "check")
    assert (status, out) == (1, "")
    assert name in wrong
    assert "Traceback" not in wrong
    assert command("--help") == (1, "", wrong)
    assert not (data / "qms.sqlite").exists()


@pytest.mark.usefixtures("data")
@pytest.mark.parametrize(
    ("proxies", "asked_by"), [("0", "127.0.0.1"), ("1", "10.0.0.1"), ("2", "203.0.113.9")]
)
def test_only_as_many_proxies_as_there_are_say_who_asks(
    monkeypatch: pytest.MonkeyPatch, proxies: str, asked_by: str
) -> None:
    monkeypatch.setenv("QMS_TRUSTED_PROXIES", proxies)
    assert command("init")[0] == 0
    seen: list[str | None] = []
    served: dict[str, object] = {}

    def serve(app: Callable[..., Iterable[bytes]], **options: object) -> None:
        served.update(options)
        forged = [("X-Forwarded-For", "198.51.100.7, 203.0.113.9, 10.0.0.1")]
        environ = EnvironBuilder("/healthz", headers=forged).get_environ()
        environ["REMOTE_ADDR"] = "127.0.0.1"
        run_wsgi_app(app, environ)

    def note(_app: Flask, **_more: object) -> None:
        seen.append(request.remote_addr)

    monkeypatch.setattr(waitress, "serve", serve)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with request_started.connected_to(note):
        assert command("serve")[0] == 0
    assert seen == [asked_by]
    assert served["clear_untrusted_proxy_headers"] is (proxies == "0"), "waitress has a say too"


def test_a_server_that_waits_for_its_first_reader_holds_up_no_writer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert command("init")[0] == 0
    held: list[bool] = []
    monkeypatch.setattr(
        waitress, "serve", lambda *_, **__: held.append(db.session().in_transaction())
    )
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    assert command("serve")[0] == 0
    assert held == [False]


def test_a_file_of_settings_that_is_no_python_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = tmp_path / "office.py"
    office.write_text("SESSION_HOURS = \n")
    monkeypatch.setenv("QMS_CONFIG", str(office))
    with pytest.raises(InvalidError, match=r"QMS_CONFIG.*office\.py"):
        values()


def test_the_password_of_a_database_is_not_told(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert data
    monkeypatch.setenv("QMS_DATABASE_URL", "mysql://qms:mật-khẩu@db/qms")
    assert "mật-khẩu" not in "".join(map(str, command("db", "check")))
