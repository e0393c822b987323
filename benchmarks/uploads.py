"""Looking into a docx and a PDF of 20 MB: seconds, and the memory of the child at its highest.

The targets are at most 2 s and at most 150 MB for each.
"""

import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Final

import docx
import pikepdf

from qms.blanks.rules import LARGEST

SECONDS: Final = 2.0
MEGABYTES: Final = 150
ROUNDS: Final = 3
ROOM: Final = 1 << 16
PARAGRAPHS: Final = 40_000
OBJECTS: Final = 20_000


def a_docx() -> bytes:
    """Return a text of many paragraphs and pictures that do not shrink."""
    made, out = docx.Document(), BytesIO()
    for each in range(PARAGRAPHS):
        made.add_paragraph(f"Điều {each}. Nội dung của một dòng trong biểu mẫu dài.")
    made.save(out)
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(1, 100):
            left = LARGEST - len(out.getvalue()) - ROOM
            if left < ROOM:
                break
            archive.writestr(f"word/media/image{number}.png", os.urandom(min(left, 1 << 20)))
    return out.getvalue()


def a_pdf() -> bytes:
    """Return scanned pages, and many small objects besides."""
    made, out = pikepdf.new(), BytesIO()
    for _ in range(19):
        made.add_blank_page()
        made.pages[-1].obj.Scan = made.make_stream(os.urandom(1 << 20))
    made.Root.Small = pikepdf.Array(
        [made.make_indirect(pikepdf.Dictionary(N=each)) for each in range(OBJECTS)]
    )
    made.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def looked_into(path: Path) -> tuple[float, float]:
    """Return how long a child took, and how much memory it had at its highest, in MB."""
    began = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "qms.blanks.inspection", str(path)], stdout=subprocess.PIPE
    )
    said = child.stdout.read() if child.stdout else b""
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    taken = time.perf_counter() - began
    if child.stdout:
        child.stdout.close()
    if child.returncode or b"media_type" not in said:
        raise RuntimeError(f"the file was refused: {said!r}")
    return taken, used.ru_maxrss / 1024


def main() -> None:
    made: Mapping[str, Callable[[], bytes]] = {"docx": a_docx, "pdf": a_pdf}
    for name, make in made.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, name)
            path.write_bytes(make())
            size = path.stat().st_size / 2**20
            rounds = [looked_into(path) for _ in range(ROUNDS)]
        seconds, memory = min(r[0] for r in rounds), max(r[1] for r in rounds)
        print(
            f"uploads: {name} of {size:.1f} MB in {seconds:.2f} s (at most {SECONDS}),"
            f" {memory:.0f} MB (at most {MEGABYTES})"
        )


if __name__ == "__main__":
    main()
