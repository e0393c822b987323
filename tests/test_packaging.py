"""The wheel carries what git tracks, no more and no less, and runs anywhere."""

import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SHIPPED = ("config.py", "procedures_docs/", "templates/")


def run(*command: object, cwd: Path = ROOT) -> str:
    return subprocess.run(
        [str(part) for part in command], cwd=cwd, check=True, capture_output=True, text=True
    ).stdout


def tracked() -> list[str]:
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        pytest.skip("no git or no checkout here, so nobody can say what belongs to it")
    listed = run("git", "-c", "safe.directory=*", "ls-files", "-z")
    return listed.rstrip("\0").split("\0")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", out)
    return next(out.glob("*.whl"))


def test_the_wheel_carries_what_git_tracks(wheel: Path) -> None:
    names = tracked()
    expected = {name for name in names if name.startswith("qms/")}
    expected |= {f"qms/_shipped/{name}" for name in names if name.startswith(SHIPPED)}
    carried = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("qms/")}
    assert carried == expected


def test_the_wheel_runs_far_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", system_site_packages=True, with_pip=False)
    python = tmp_path / "venv/bin/python"
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    zipfile.ZipFile(wheel).extractall(site)
    libraries = str(Path(pytest.__file__).parent.parent)
    probe = (
        f"import sys; sys.path.append({libraries!r});"
        "from qms import paths; from qms.app import bare_app;"
        "app = bare_app({'TESTING': True, 'DATA_DIR': 'data'});"
        "print(paths.ROOT, paths.CONFIG.is_file(), any(paths.PROCEDURES.iterdir()));"
        "print(app.jinja_env.get_template('layout.html').filename)"
    )
    found = run(python, "-c", probe, cwd=tmp_path).splitlines()
    assert found[-2:] == [
        f"{site}/qms/_shipped True True",
        f"{site}/qms/_shipped/templates/layout.html",
    ]


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_a_lock_is_hashed_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    pinned = [line for line in text.splitlines() if "==" in line]
    assert pinned
    assert all(line.endswith("\\") for line in pinned), "every line continues with a hash"
    assert "://" not in text


def test_nothing_but_sources_is_tracked() -> None:
    foreign = (".min.js", ".min.css", ".ttf", ".otf", ".woff", ".woff2", ".mo", "uv.lock")
    assert not [name for name in tracked() if name.endswith(foreign)]
