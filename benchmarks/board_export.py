"""Export of the board of a commune with 937 procedures, and again after one change.

Each run is a process of its own, as from cron; counted is the command without the start of
the program, which is printed beside it. The second run, after the text of one procedure was
amended from today on, may take at most a twentieth of the first and touch only the files that
are another then. The sheets lie in the store already or (``--no-pdf``) stay out: with sheets
to make the first run takes many minutes and the bound would say nothing.

Needs $QMS_SAMPLES, a folder with exports of the national catalogue; without it as many
procedures are made of the starter library, and that is said. Exit status 1 if a bound breaks.
"""

import gzip
import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import cycle, islice
from pathlib import Path
from typing import Final

from flask import Flask

from qms import clock, keys
from qms.app import create_app
from qms.db import db, transaction, upgrade
from qms.documents import queries
from qms.documents.kinds.procedure import Procedure
from qms.documents.rules import RevisionText, Scope
from qms.documents.standing import Row, cover
from qms.documents.timeline import Action
from qms.library import demo
from qms.library.rules import revision_text
from qms.static_board import exporting, folder, page_views
from qms.static_board import queries as board
from qms.static_board.cli import program
from qms.static_board.making import Wanted
from qms.units.queries import unit
from qms.units.rules import Level
from tests.posting import Posting, world
from tests.when import Clock

PROCEDURES: Final = 937
PART: Final = 20
"""The second run may take at most one so-manieth of the first."""
SINCE: Final = date(2026, 7, 1)
UNIT: Final = "song-lo"
PROVINCE: Final = "phu-tho"


def an_office(data: Path) -> Posting:
    """Make a province with two communes below it."""
    for name in ("secret.key", "trail.key"):
        keys.make(data / "keys" / name)
    app = create_app()
    upgrade(app.config["SQLALCHEMY_DATABASE_URI"])
    with app.app_context(), transaction() as session:
        office = world(session)
    return Posting(app, office, Clock(datetime.now(UTC)))


def fill(posting: Posting, samples: str | None) -> None:
    """Take the procedures of communes into force."""
    if samples:
        newest = max(Path(samples).glob("*.jsonl.gz"))
        words = ["national", "import", str(newest), "--unit", PROVINCE]
        words += ["--for", "xã", "--level", "xã", "--as", "thuky-pt"]
        said = posting.app.test_cli_runner().invoke(args=words, catch_exceptions=False)
        decision = int(said.stdout.split()[-1])
        posting.sign(decision, SINCE, PROVINCE)
        return
    print("QMS_SAMPLES names no folder with exports: texts of the starter library")
    texts = islice(cycle(map(alone, map(revision_text, demo.procedures()))), PROCEDURES)
    posting.issue(
        {
            f"9.{number:06}": replace(
                text,
                title=f"{text.title} ({number})",
                scope=Scope.LEVEL,
                scope_level=Level.COMMUNE,
            )
            for number, text in enumerate(texts)
        },
        SINCE,
        PROVINCE,
    )


def alone(text: RevisionText) -> RevisionText:
    """Take from a procedure the laws and forms it names: here are none."""
    content = text.content
    assert isinstance(content, Procedure)
    dossier = tuple(item.model_copy(update={"form_code": ""}) for item in content.dossier)
    return replace(
        text, content=content.model_copy(update={"legal_basis": (), "dossier": dossier})
    )


def amend_one(posting: Posting) -> str:
    """Change a note in the text of one procedure from today on; return its address word."""
    row = standing(posting.app)[PROCEDURES // 2]
    with posting.app.app_context():
        revision = queries.revision(db.session(), row.revision_id)
        content = queries.content(revision)
    assert isinstance(content, Procedure)
    text = RevisionText(
        row.title,
        content.model_copy(update={"note": "Đã sửa."}),
        amendment_no=1,
        scope=Scope.LEVEL,
        scope_level=Level.COMMUNE,
    )
    with posting.app.app_context():
        today = clock.today()
    posting.decide({row.code: (Action.AMEND, text)}, today, PROVINCE)
    return row.slug


def standing(app: Flask) -> list[Row]:
    """Return what stands on the board today."""
    with app.app_context():
        session, today = db.session(), clock.today()
        seen = cover(session, unit(session, UNIT).id, today)
        assert seen is not None
        found = board.standing(session, seen, today)
        session.rollback()
        return found


def export(target: str, *, papers: bool) -> None:
    """Be one run; print what it took and did."""
    began = time.perf_counter()
    app = create_app()
    with app.app_context():
        start = time.perf_counter() - began
        began, worked = time.perf_counter(), time.process_time()
        wanted = Wanted(
            units=[UNIT],
            papers=papers,
            live=str(app.config["PUBLIC_URL"]),
            zone=str(app.config["TIMEZONE"]),
            program=program(),
            script=page_views.script(),
        )
        with folder.locked(Path(target)) as found:
            done = exporting.run(
                db.session(), found, wanted, page_views.Inside(app), lambda _done, _total: None
            )
        seconds, worked = time.perf_counter() - began, time.process_time() - worked
    print(seconds, worked, start, done.made, done.files, len(done.changed))


def run(target: Path, *words: str) -> list[float]:
    """Run an export in a process of its own; return what it printed."""
    said = subprocess.run(
        [sys.executable, __file__, "export", str(target), *words],
        check=True,
        capture_output=True,
        text=True,
    )
    return [float(word) for word in said.stdout.split()]


def looked(target: Path) -> Mapping[str, tuple[int, str]]:
    """Return time and digest of every file."""
    return {
        str(file.relative_to(target)): (
            file.stat().st_mtime_ns,
            hashlib.sha256(file.read_bytes()).hexdigest(),
        )
        for file in target.rglob("*")
        if file.is_file()
    }


def main() -> int:
    words = sys.argv[1:]
    with tempfile.TemporaryDirectory() as place:
        os.environ["QMS_DATA_DIR"] = os.environ.get("QMS_BENCH_DIR", place)
        data, target = Path(os.environ["QMS_DATA_DIR"]), Path(place, "board")
        posting = an_office(data)
        fill(posting, os.environ.get("QMS_SAMPLES"))
        count = sum(row.kind == "procedure" for row in standing(posting.app))
        if "--no-pdf" not in words:
            seconds, *_ = run(Path(place, "sheets"))
            print(f"with every sheet to make: {seconds:.0f} s")
        first = run(target, *words)
        before = looked(target)
        slug = amend_one(posting)
        second = run(target, *words)
        after = looked(target)
        index = Path(target, f"b/{UNIT}/search.js").read_bytes()
        fresh = Path(place, "fresh")
        run(fresh, *words)
        same = {name: sha for name, (_, sha) in looked(fresh).items()}
    touched = {name for name in after if before.get(name) != after[name]}
    differ = {name for name in after if name not in before or before[name][1] != after[name][1]}
    print(f"{count} procedures, {first[4]:.0f} files")
    for name, took in (("first run", first), ("after one change", second)):
        print(
            f"{name}: {took[0]:.2f} s ({took[1]:.2f} s of work), {took[5]:.0f} files written; "
            f"start of the program {took[2]:.2f} s"
        )
    print(f"first / second: {first[0] / second[0]:.1f} (at least {PART})")
    print(f"files touched: {len(touched)}, of them changed: {len(differ)}; {slug}")
    equal = same == {name: sha for name, (_, sha) in after.items()}
    print(f"equal to a fresh export: {equal}")
    print(
        f"index of the search: {len(index) / 1000:.0f} kB, {len(gzip.compress(index)) / 1000:.0f} kB packed"
    )
    holds = first[0] >= PART * second[0] and touched == differ and equal
    return 0 if holds and count >= PROCEDURES else 1


if __name__ == "__main__":
    if sys.argv[1:2] == ["export"]:
        export(sys.argv[2], papers="--no-pdf" not in sys.argv)
    else:
        sys.exit(main())
