"""Bytes are kept once, under their own hash, and proven whenever they are handed out."""

import stat
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
from flask import Flask

from qms import files
from qms.digests import digest
from qms.errors import BusyError, InvalidError, NotFoundError

DATA = "Nội dung của tệp".encode()
NAME = digest(DATA)
OBJECT = f"files/{NAME[:2]}/{NAME}"
PRINT = "1/a4/0a1b/0-song-lo.pdf"


class Place:
    """A store, and a back door to it."""

    def __init__(self, app: Flask, folder: Path | None, bucket: str = "") -> None:
        self.app, self.folder, self.bucket = app, folder, bucket
        self.client: Any = boto3.client("s3") if bucket else None

    def objects(self) -> dict[str, bytes]:
        """Return all that lies there."""
        if self.folder is not None:
            found = [path for path in self.folder.rglob("*") if path.is_file()]
            return {str(p.relative_to(self.folder)): p.read_bytes() for p in found}
        listed = self.client.list_objects_v2(Bucket=self.bucket, Prefix="office/")
        keys = [each["Key"] for each in listed.get("Contents", [])]
        bodies = [self.client.get_object(Bucket=self.bucket, Key=key)["Body"] for key in keys]
        return {
            key.removeprefix("office/"): body.read()
            for key, body in zip(keys, bodies, strict=True)
        }

    def overwrite(self, name: str, data: bytes) -> None:
        """Put other bytes there, past our door."""
        if self.folder is not None:
            (self.folder / name).write_bytes(data)
        else:
            self.client.put_object(Bucket=self.bucket, Key=f"office/{name}", Body=data)


@pytest.fixture(params=["folder", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """Lend an empty store of each kind; the application is no more than its settings."""
    app = Flask("qms")
    if request.param == "folder":
        found = Place(app, tmp_path / "kho tệp 100%")
        app.config["FILES_URL"] = (tmp_path / "kho tệp 100%").as_uri()
    else:
        bucket = request.getfixturevalue("s3")
        found = Place(app, None, bucket.removeprefix("s3://"))
        app.config["FILES_URL"] = f"{bucket}/office"
    files.init_app(app)
    with app.app_context():
        yield found


def test_bytes_come_back_under_their_hash(place: Place) -> None:
    assert files.put(DATA) == NAME
    assert files.get(NAME) == DATA
    assert files.names() == {NAME}
    assert place.objects() == {OBJECT: DATA}


def test_the_same_bytes_twice_are_one_object(place: Place) -> None:
    assert files.put(DATA) == files.put(DATA)
    assert files.put(b"") != NAME
    assert len(place.objects()) == 2


def test_many_who_put_the_same_bytes_at_once_all_get_the_name(place: Place) -> None:
    barrier = threading.Barrier(8, timeout=30)

    def put() -> str:
        with place.app.app_context():
            barrier.wait()
            return files.put(DATA * 50_000)

    with ThreadPoolExecutor(8) as threads:
        found = {running.result() for running in [threads.submit(put) for _ in range(8)]}
    assert found == {digest(DATA * 50_000)}
    assert files.get(found.pop()) == DATA * 50_000


def test_bytes_that_were_changed_are_handed_out_to_nobody(place: Place) -> None:
    files.put(DATA)
    for broken in (b"", DATA[:-1], DATA + b" ", b"khac" * 4):
        place.overwrite(OBJECT, broken)
        with pytest.raises(BusyError, match="không còn nguyên vẹn"):
            files.get(NAME)
        with pytest.raises(BusyError, match="không còn nguyên vẹn"):
            files.put(DATA)
        assert place.objects() == {OBJECT: broken}, "what is broken is told, never mended"


def test_what_is_not_there_is_said_so(place: Place) -> None:
    assert place.objects() == {}
    with pytest.raises(NotFoundError, match="Không có tệp này"):
        files.get(NAME)
    assert files.kept(PRINT) is None


def test_only_a_hash_names_a_file(place: Place) -> None:
    files.put(DATA)
    place.overwrite("secret", DATA)
    for hostile in ("", "..", "../secret", NAME.upper(), NAME[1:], f"{NAME}\n", f"x/{NAME}"):
        with pytest.raises(NotFoundError):
            files.get(hostile)


def test_a_print_cannot_be_kept_outside_its_folder(place: Place) -> None:
    for hostile in (
        "",
        "/a",
        "a/../b",
        "..",
        "a//b",
        "a/",
        "./a",
        "a b",
        "Ấ",
        "a\n",
        "a" * 201,
    ):
        with pytest.raises(ValueError, match="no name for a print"):
            files.keep(hostile, DATA)
    assert place.objects() == {}


def test_the_first_print_kept_stays(place: Place) -> None:
    files.keep(PRINT, b"%PDF-1")
    files.keep(PRINT, b"%PDF-2")
    assert files.kept(PRINT) == b"%PDF-1"
    assert files.names() == set()
    assert list(place.objects()) == [f"prints/{PRINT}"]


def test_a_print_that_is_no_longer_whole_is_made_again(place: Place) -> None:
    files.keep(PRINT, b"%PDF-1")
    for broken in (b"", b"%PDF-1", place.objects()[f"prints/{PRINT}"][:-1]):
        place.overwrite(f"prints/{PRINT}", broken)
        assert files.kept(PRINT) is None
        files.keep(PRINT, b"%PDF-2")
        assert files.kept(PRINT) == b"%PDF-2"


def test_an_empty_print_is_a_print(place: Place) -> None:
    files.keep(PRINT, b"")
    assert files.kept(PRINT) == b""
    assert place.objects()[f"prints/{PRINT}"]


def test_a_folder_of_files_is_open_to_the_server_alone(tmp_path: Path) -> None:
    app = Flask("qms")
    app.config.update(DATA_DIR=tmp_path / "var", FILES_URL="")
    files.init_app(app)
    assert stat.S_IMODE((tmp_path / "var/files").stat().st_mode) == 0o700


def test_a_store_that_does_not_answer_is_said_to_be_busy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ALLOW_HTTP", "true")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")  # nobody listens there
    app = Flask("qms")
    app.config.update(FILES_URL="s3://qms-test")
    files.init_app(app)
    with app.app_context():
        for act in (lambda: files.put(DATA), lambda: files.get(NAME), files.names):
            with pytest.raises(BusyError, match="Kho tệp chưa trả lời"):
                act()


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "ftp://x/y",
        "s3://",
        "http://x/y",
        "file://files",
        "file:files",
        "memory:///",
    ],
)
def test_a_store_that_is_none_is_refused_at_the_start(tmp_path: Path, url: str) -> None:
    app = Flask("qms")
    app.config.update(DATA_DIR=tmp_path, FILES_URL=url)
    with pytest.raises(InvalidError, match="QMS_FILES_URL"):
        files.init_app(app)


def test_a_folder_that_cannot_be_made_is_refused_at_the_start(tmp_path: Path) -> None:
    app = Flask("qms")
    (tmp_path / "in-the-way").write_text("")
    app.config.update(DATA_DIR=tmp_path, FILES_URL=(tmp_path / "in-the-way/files").as_uri())
    with pytest.raises(InvalidError, match="QMS_FILES_URL"):
        files.init_app(app)
