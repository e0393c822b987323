"""Import of the real catalogue into an empty database, and of the same file again.

Needs $QMS_SAMPLES, a folder with exports; prints seconds, the highest memory and the ratio.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
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


def command(*words: str) -> tuple[float, int]:
    """Run a command of the program by itself; return its seconds and peak megabytes."""
    began = time.perf_counter()
    subprocess.run([sys.executable, __file__, "run", *words], check=True)
    seconds = time.perf_counter() - began
    peak = Path(os.environ["QMS_DATA_DIR"], "peak").read_text("ascii")
    return seconds, int(peak)


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
        first, peak = command(*words)
        again, peak_again = command(*words)
    print(f"first import: {first:.1f} s, {peak} MB")
    print(f"same file again: {again:.1f} s, {peak_again} MB, {again / first:.2f} of the first")


if __name__ == "__main__":
    if sys.argv[1:2] == ["run"]:
        run(sys.argv[2:])
    else:
        main()
