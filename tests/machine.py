"""What this machine has. A test that needs more is skipped with the way to get it.

``QMS_REQUIRE_PDF``, ``QMS_REQUIRE_BROWSER`` and ``QMS_REQUIRE_POSTGRES`` turn such a skip
into a failure; whoever checks a release sets all three.
"""

import contextlib
import importlib
import io
import os
import shutil
from functools import cache
from typing import NoReturn

import pytest

PAPER = (
    "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0"
    " libharfbuzz-subset0 fonts-liberation2"
)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def missing(what: str, reason: str) -> NoReturn:
    """Skip the test, or fail it where ``what`` is required."""
    if os.environ.get(f"QMS_REQUIRE_{what}", "") not in {"", "0"}:
        pytest.fail(f"{reason} (QMS_REQUIRE_{what} is set)", pytrace=False)
    pytest.skip(reason)


@cache
def paper_is_possible() -> bool:
    """Tell whether WeasyPrint finds its libraries; it prints a banner when it does not."""
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            importlib.import_module("weasyprint")
        except OSError:
            return False
    return True


def need_paper() -> None:
    """Skip where no PDF can be made."""
    if not paper_is_possible():
        missing("PDF", f"WeasyPrint's libraries are missing: {PAPER}")


def chromium() -> str:
    """Return the path of a Chromium, or skip."""
    named = os.environ.get("QMS_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        missing("BROWSER", "Chromium is missing: sudo apt-get install chromium")
    return found
