"""The house rules, checked. A rule nobody checks is a wish."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from qms import app

QMS = Path(__file__).parent.parent / "qms"
MODULES = sorted(path for path in QMS.rglob("*.py") if "versions" not in path.parts)
FEATURES = tuple(feature.__name__.split(".")[1] for feature in app.FEATURES)
"""A feature may read from those before it and never from those after."""

LONGEST_MODULE = 350
LONGEST_FUNCTION = 60

ONE_DOOR = {
    "weasyprint": {"web/pdf.py"},
    "alembic": {"db.py", "migrations/env.py"},
    "flask_migrate": {"db.py"},
    "zoneinfo": {"clock.py"},
    "huey": {"job_queue.py"},
    "obstore": {"files.py"},
    "psycopg": {"db.py"},
    "smtplib": {"mail.py"},
}
"""Outside knowledge that one module alone may have."""

HEIGHT = {"rules": 0, "models": 1, "queries": 2, "service": 3, "forms": 4, "views": 4, "cli": 4}
"""How high a module stands: it imports nothing that stands higher."""

OUTSIDE = {
    "sqlalchemy": 1,
    "qms.db": 1,
    "qms.trail": 1,
    "qms.files": 3,
    "qms.jobs": 3,
    "qms.mail": 4,
    "flask": 4,
    "flask_babel": 4,
    "flask_login": 4,
    "flask_wtf": 4,
    "werkzeug": 4,
    "wtforms": 4,
    "qms.clock": 4,
    "qms.web": 4,
}
"""How high a module must stand to know what no feature owns; what is not named is plain."""


def name(path: Path) -> str:
    return path.relative_to(QMS).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _named_only(path: Path) -> frozenset[ast.AST]:
    """Return the imports that serve type checkers alone: a name in a signature."""
    return frozenset(
        inner
        for node in ast.walk(tree(path))
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
        for inner in node.body
    )


def imports(path: Path) -> Iterator[str]:
    """Give the dotted name of everything a module imports."""
    for node in ast.walk(tree(path)):
        if node in _named_only(path):
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                place = QMS.parent / full.replace(".", "/")
                is_module = place.with_suffix(".py").exists() or place.is_dir()
                yield full if is_module else str(node.module)


def ours(path: Path) -> Iterator[str]:
    yield from (module for module in imports(path) if module.startswith("qms."))


def feature_of(module: str) -> str:
    """Return the feature a dotted name belongs to, or nothing."""
    part = module.split(".")[1] if module.startswith("qms.") else ""
    return part if part in FEATURES else ""


def is_named(path: Path, kind: str) -> bool:
    return path.name == f"{kind}.py" or path.stem.endswith(f"_{kind}")


IN_FEATURES = [path for path in MODULES if path.relative_to(QMS).parts[0] in FEATURES]
WEB = [path for path in IN_FEATURES if is_named(path, "views") or is_named(path, "forms")]
COMMANDS = [path for path in IN_FEATURES if is_named(path, "cli")]
BELOW_WEB = [path for path in IN_FEATURES if path not in WEB and path not in COMMANDS]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_imports_are_absolute_and_at_the_top(path: Path) -> None:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            assert not node.level, "relative imports hide the direction"
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = [n for n in ast.walk(node) if isinstance(n, ast.Import | ast.ImportFrom)]
            assert not inside, f"{node.name} imports inside itself"


def known_height(module: str) -> int:
    """Return how high one must stand to import ``module``."""
    if feature_of(module):
        place = QMS.parent / module.replace(".", "/")
        return height(place / "__init__.py" if place.is_dir() else place.with_suffix(".py"))
    parts = module.split(".")
    return max(OUTSIDE.get(".".join(parts[:end]), 0) for end in range(1, len(parts) + 1))


@cache
def height(path: Path) -> int:
    """Return how high a module stands; one with a name of its own, as what it imports."""
    for kind, fixed in HEIGHT.items():
        if is_named(path, kind):
            return fixed
    return max(map(known_height, imports(path)), default=0)


@pytest.mark.parametrize("path", IN_FEATURES, ids=name)
def test_a_layer_imports_only_the_layers_below(path: Path) -> None:
    too_high = [module for module in imports(path) if known_height(module) > height(path)]
    assert not too_high


@pytest.mark.parametrize("path", BELOW_WEB, ids=name)
def test_below_the_views_nobody_knows_the_web_or_the_clock(path: Path) -> None:
    assert height(path) < HEIGHT["views"], "days, instants and people come in as values"


@pytest.mark.parametrize("path", [path for path in WEB if is_named(path, "views")], ids=name)
def test_views_ask_and_answer_but_do_not_work(path: Path) -> None:
    here = path.relative_to(QMS).parts[0]
    for module in imports(path):
        assert not module.startswith("sqlalchemy"), "views write no queries"
        assert not module.endswith(".models"), "views touch no models"
        if module.endswith(".service"):
            assert feature_of(module) == here, "views act on their own feature only"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_feature_reads_only_from_those_before_it(path: Path) -> None:
    here = path.relative_to(QMS).parts[0]
    for module in ours(path):
        there = feature_of(module)
        if here in FEATURES and there and here != there:
            assert FEATURES.index(there) < FEATURES.index(here), f"{here} imports {there}"
        if here == "web":
            assert there in {"", "units", "accounts"}, f"web imports {there}"


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_what_no_feature_is_knows_no_feature(path: Path) -> None:
    """Only the two that put everything together know features by name."""
    if path.parent == QMS and path.name not in {"app.py", "cli.py", "__main__.py"}:
        assert not [module for module in ours(path) if feature_of(module)]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_outside_knowledge_has_one_door(path: Path) -> None:
    for module in imports(path):
        for outside, doors in ONE_DOOR.items():
            if module == outside or module.startswith(f"{outside}."):
                assert name(path) in doors, f"{outside} is for {doors}"


def calls(path: Path) -> Iterator[tuple[str, str]]:
    """Give what is called: the thing before the dot and the name after it."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func.value), node.func.attr


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_db_commits(path: Path) -> None:
    assert name(path) == "db.py" or "commit" not in {called for _, called in calls(path)}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_the_clock_tells_time(path: Path) -> None:
    told = {
        f"{thing}.{called}"
        for thing, called in calls(path)
        if called in {"now", "today", "utcnow", "fromtimestamp", "time", "localtime"}
        and thing.rpartition(".")[2] in {"datetime", "date", "time"}
    }
    assert name(path) == "clock.py" or not told


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_modules_and_functions_stay_short(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST_MODULE
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, node.name
