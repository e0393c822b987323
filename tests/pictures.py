"""The pictures of the README, taken of a demonstration that is served: ``make pictures``."""

import io
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pypdfium2
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests import machine
from tests.servers import DESK, PHONE, QUIET

PICTURES: Final = Path(__file__).parent.parent / "docs/pictures"
PASSWORD: Final = "trình diễn cho ảnh chụp"  # opens a demonstration that is thrown away
NOTICE: Final = "/b/song-lo/2.000635"
PROGRAM: Final = [sys.executable, "-m", "qms"]
COLOURS: Final = 128
WAIT_SECONDS: Final = 120


@contextmanager
def served() -> Iterator[str]:
    """Serve a demonstration of its own; lend its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        env = {
            **os.environ,
            "QMS_DATA_DIR": folder,
            "QMS_DEMO_PASSWORD": PASSWORD,
            "QMS_PUBLIC_URL": address,
        }
        subprocess.run([*PROGRAM, "demo"], env=env, check=True, capture_output=True)
        with subprocess.Popen([*PROGRAM, "serve", "--port", str(port)], env=env) as server:
            try:
                _await(address)
                yield address
            finally:
                server.terminate()


def _await(address: str) -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < WAIT_SECONDS:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):  # noqa: S310 - our own
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError(address)


def keep(name: str, picture: bytes | Image.Image) -> None:
    """Keep a picture with few colours: it is of text and flat areas."""
    found = picture if isinstance(picture, Image.Image) else Image.open(io.BytesIO(picture))
    small = found.convert("RGB").quantize(COLOURS)
    PICTURES.mkdir(parents=True, exist_ok=True)
    small.save(PICTURES / f"{name}.png", optimize=True)


def sheet(address: str) -> tuple[Image.Image, str]:
    """Return the first page of a notice on paper, and its code."""
    with urllib.request.urlopen(f"{address}{NOTICE}.pdf", timeout=60) as answer:  # noqa: S310 - our own
        paper = pypdfium2.PdfDocument(io.BytesIO(answer.read()))
    (code,) = re.findall(
        r"Mã kiểm tra: ([0-9A-Z-]+)", paper[0].get_textpage().get_text_bounded()
    )
    return paper[0].render(scale=1.5).to_pil(), code


def walk(page: Page) -> bytes:
    """Return the walk list as the secretary sees it on a phone."""
    page.goto("/sign-in")
    page.get_by_label("Tên đăng nhập").fill("thuky")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/desk")
    page.goto("/postings/walk")
    return page.screenshot()


def main() -> None:
    """Take all pictures anew."""
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=machine.chromium(), args=list(QUIET)
        )
        desk = browser.new_page(base_url=address, viewport=DESK, locale="vi-VN")
        phone = browser.new_page(
            base_url=address, viewport=PHONE, device_scale_factor=2, locale="vi-VN"
        )
        desk.goto("/")
        keep("board", desk.screenshot())
        phone.goto(NOTICE)
        keep("notice", phone.screenshot())
        paper, code = sheet(address)
        keep("sheet", paper)
        phone.goto(f"/k/{code}")
        keep("check", phone.screenshot())
        keep("walk", walk(phone))
        browser.close()


if __name__ == "__main__":
    main()
