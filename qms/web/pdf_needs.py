"""What must be installed for good paper, and the command that mends what is not."""

import contextlib
import subprocess
from ctypes.util import find_library
from typing import Final

FONT: Final = "Liberation Serif"
LIBRARIES: Final = {
    "gobject-2.0": "libglib2.0-0",
    "pango-1.0": "libpango-1.0-0",
    "pangoft2-1.0": "libpangoft2-1.0-0",
    "harfbuzz": "libharfbuzz0b",
    "harfbuzz-subset": "libharfbuzz-subset0",
    "fontconfig": "libfontconfig1",
}
_VIETNAMESE: Final = "1ec7"  # ệ: fonts-liberation (1.x) of Debian 12 has no Vietnamese


def problems() -> list[str]:
    """Return what is missing for good paper, each with the command that mends it."""
    found = [
        f"Thiếu thư viện {name}: chạy “apt-get install -y {package}” rồi khởi động lại."
        for name, package in LIBRARIES.items()
        if find_library(name) is None
    ]
    if not _has_font():
        found.append(
            f"Thiếu phông {FONT} có chữ Việt: chạy “apt-get install -y fonts-liberation2” "
            "rồi khởi động lại."
        )
    return found


def _has_font() -> bool:
    """Ask fontconfig itself; where its tool is not installed the font is assumed."""
    question = ["fc-list", f"{FONT}:style=Regular:charset={_VIETNAMESE}", "family"]
    with contextlib.suppress(OSError, subprocess.SubprocessError):
        answer = subprocess.run(question, capture_output=True, timeout=30, check=False)  # noqa: S603 - fixed words
        return FONT.encode() in answer.stdout
    return True
