"""Import of the real catalogue into an empty database, and of the same file again.

Each is a command of its own, start and all. Needs $QMS_SAMPLES, a folder with exports; prints
what the commands print, seconds (and how many of them the processor worked), the highest memory
and the second import as a part of the first. The targets are 30 s, 250 MB and a half.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from qms import clock, keys
from qms.accounts import service as accounts
from qms.accounts.rules import Role
from qms.app import create_app
from qms.cli import Program
from qms.db import transaction, upgrade
from qms.trail import Act
from qms.units import service as units
from qms.units.rules import Level

FOUNDED: Final = date(2025, 7, 1)
PEOPLE: Final = {
    "thuky": Role.SECRETARY,
    "truongphong": Role.HEAD,
    "lanhdao": Role.LEADER,
}
MEGABYTE: Final = 1024


def office() -> None:
    """Make a province with three people and a commune below it."""
    data = Path(os.environ["QMS_DATA_DIR"])
    for name in ("secret.key", "trail.key"):
        keys.make(data / "keys" / name)
    app = create_app()
    upgrade(app.config["SQLALCHEMY_DATABASE_URI"])
    with app.app_context(), transaction() as session:
        act = Act(None, clock.now(), clock.today())
        province = units.found(session, act, slug="phu-tho", first_day=FOUNDED, office=True)
        commune = units.found(
            session, act, slug="song-lo", first_day=FOUNDED, office=True, parent=province
        )
        for unit, level, name in (
            (province, Level.PROVINCE, "UBND tỉnh"),
            (commune, Level.COMMUNE, "UBND xã"),
        ):
            units.enter_heading(
                session, act, unit, from_day=FOUNDED, level=level, words={"name": name}
            )
        for account, role in PEOPLE.items():
            person = accounts.add(session, act, account=account, name=account)
            accounts.give_post(session, act, person, province, role, first_day=FOUNDED)


@dataclass(frozen=True)
class Cost:
    """What one command took."""

    seconds: float
    worked: float
    megabytes: int

    def __str__(self) -> str:
        """Say it."""
        return f"{self.seconds:.1f} s ({self.worked:.1f} s of work), {self.megabytes} MB"


def command(*words: str) -> Cost:
    """Run a command of the program by itself; return what it took."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run([sys.executable, __file__, "run", *words], check=True)
    seconds = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = Path(os.environ["QMS_DATA_DIR"], "peak").read_text("ascii")
    return Cost(seconds, worked, int(peak))


def run(words: list[str]) -> None:
    """Be the command, and note the memory it took."""
    from_program = Program(create_app=create_app)
    try:
        from_program.main(words, standalone_mode=False)
    finally:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MEGABYTE
        Path(os.environ["QMS_DATA_DIR"], "peak").write_text(str(peak), "ascii")


def main() -> None:
    samples = os.environ.get("QMS_SAMPLES")
    if not samples:
        print("QMS_SAMPLES names no folder with exports; nothing measured")
        return
    newest = max(Path(samples).glob("*.jsonl.gz"))
    with tempfile.TemporaryDirectory() as folder:
        os.environ["QMS_DATA_DIR"] = folder
        office()
        words = ("national", "import", str(newest), "--unit", "phu-tho", "--as", "thuky")
        first, again = command(*words), command(*words)
    print(f"first import: {first}")
    print(f"same file again: {again}, {again.worked / first.worked:.2f} of the first")


if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        run(sys.argv[2:])
    else:
        main()
