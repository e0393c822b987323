"""What the page of one import shows: a list of what was found, doubts, answers."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from qms import clock
from qms.db import db
from qms.documents.rules import State
from qms.errors import QmsError
from qms.national import page_queries, queries
from qms.national.answers import SETTABLE, Answer, Found
from qms.national.doubts import QUESTIONS, DoubtKind
from qms.national.forms import (
    ANSWER_WORDS,
    DOUBTFUL,
    FOUND_WORDS,
    KIND_WORDS,
    LOST_WORDS,
    AnswerForm,
    FilterForm,
)
from qms.national.page_queries import PAGE_SIZE, Wanted
from qms.national.weighing import LABELS
from qms.text import whole_number
from qms.units.rules import LEVEL_WORDS
from qms.web.addresses import page_number
from qms.web.errors import sentence_of, status_of
from qms.web.guards import visitor

SETTLED: Final = "settled"
"""The list of answered doubts, which is no count of the import."""


def show_page(
    import_id: int,
    *,
    show: str = "",
    refused: QmsError | None = None,
    answer: AnswerForm | None = None,
) -> ResponseReturnValue:
    """Show what an import found, one kind at a time; with what was refused and typed."""
    session, page = db.session(), page_number()
    run = queries.one(session, import_id)
    page_queries.check_owner(session, run, visitor().id, clock.today())
    doubtful, doubted, left_out = page_queries.state(session, run)
    counts = {name: getattr(run, name) for name in FOUND_WORDS} | {DOUBTFUL: doubtful}
    asked = show or request.args.get("show", "")
    known = asked in counts or asked == SETTLED
    show = asked if known else next((name for name in counts if counts[name]), "new")
    wanted = wanted_now()
    doubts = _DOUBTS[show](run, wanted, page) if show in _DOUBTS else {}
    listed = {} if doubts else _listed(run, Found(show), wanted, page)
    body = render_template(
        "national/show.html",
        run=run,
        show=show,
        counts=counts,
        places=doubted,
        left_out=left_out,
        absent=page_queries.absent(session, run) if show == Found.GONE.value else (),
        found_words=FOUND_WORDS,
        wanted=wanted,
        page=page,
        size=PAGE_SIZE,
        form=_filter(run, show, wanted, doubts.get("kinds", {})),
        answer=answer or AnswerForm(formdata=None),
        refused=sentence_of(refused) if refused else "",
        levels=LEVEL_WORDS,
        labels=LABELS,
        kind_words=KIND_WORDS,
        **doubts,
        **listed,
    )
    return body, status_of(refused) if refused else HTTPStatus.OK


def _listed(run: Any, found: Found, wanted: Wanted, page: int) -> dict[str, Any]:  # noqa: ANN401
    """Return what the list of one kind shows."""
    session = db.session()
    rows, total = page_queries.items(session, run, found, wanted, page=page)
    if found is Found.GONE:
        waiting = len(page_queries.open_gone(session, run, wanted))
        past = page_queries.asked_again(session, rows)
        return {"rows": rows, "total": total, "past": past, "waiting": waiting}
    lines = page_queries.lines(session, run, [row.document_id for row in rows])
    past = page_queries.asked_again(session, rows) if found is Found.NEW else set()
    return {"rows": rows, "total": total, "lines": lines, "past": past}


def _doubts(run: Any, wanted: Wanted, page: int) -> dict[str, Any]:  # noqa: ANN401
    """Return what the list of doubts shows: groups, or the single ones of a group or search."""
    session = db.session()
    kinds = page_queries.kinds(session, run)
    lost = wanted.kind is DoubtKind.LOST
    common = {
        "kinds": kinds,
        "settled": page_queries.settled_places(session, run),
        "questions": QUESTIONS,
        "answers": LOST_WORDS if lost else ANSWER_WORDS,
        "safe": Answer.SUGGESTED if lost else Answer.UNKNOWN,
        "settable": wanted.kind in SETTABLE - {DoubtKind.LEVELS_SHORTER},
    }
    if wanted.group or wanted.words or request.args.get("one"):
        rows, total = page_queries.doubts(session, run, wanted, page=page)
        lines = page_queries.lines(session, run, [row.question.document_id for row in rows])
        return common | {"single": rows, "groups": None, "total": total, "lines": lines}
    groups, total = page_queries.groups(session, run, wanted, page=page)
    return common | {"groups": groups, "single": None, "total": total}


def _settled(run: Any, wanted: Wanted, page: int) -> dict[str, Any]:  # noqa: ANN401
    """Return what the list of answered doubts shows."""
    session = db.session()
    rows, total = page_queries.settled(session, run, wanted, page=page)
    draft = queries.open_import(session, run.owner_id)
    return {
        "single": rows,
        "total": total,
        "answers": ANSWER_WORDS,
        "lost_answers": LOST_WORDS,
        "may_reopen": draft is not None and draft.state is State.DRAFT,
    }


_DOUBTS: Final = {DOUBTFUL: _doubts, SETTLED: _settled}


def _filter(
    run: Any,  # noqa: ANN401 - views know no models
    show: str,
    wanted: Wanted,
    kinds: Mapping[DoubtKind, int],
) -> FilterForm:
    form = FilterForm(request.args)
    if show in _DOUBTS:
        form.kind.choices = [("", _("Mọi loại"))] + [
            (kind.value, _("%(kind)s (%(count)s chỗ)", kind=KIND_WORDS[kind], count=count))
            for kind, count in kinds.items()
        ]
        form.kind.data = wanted.kind.value if wanted.kind else ""
        form.field.choices = []
    else:
        known = page_queries.fields(db.session(), run, Found(show))
        form.kind.choices = []
        form.field.choices = [("", _("Mọi lĩnh vực"))] + [
            (name, name) for name in known if name
        ]
    return form


def numbers(typed: Iterable[str]) -> list[int]:
    """Return the numbers among what was chosen."""
    return [found for each in typed if (found := whole_number(each)) is not None]


def wanted_now() -> Wanted:
    """Return what the address asks a list to be filtered by."""
    asked = request.args
    kind = asked.get("kind", "")
    return Wanted(
        words=asked.get("q", "")[:200],
        field=asked.get("field", ""),
        kind=DoubtKind(kind) if kind in set(DoubtKind) else None,
        group=asked.get("group", "")[:60],
    )


def back(import_id: int, show: str) -> str:
    """Return the list one came from, its filter kept."""
    q, field, kind = (request.args.get(name) or None for name in ("q", "field", "kind"))
    return url_for("national.show", import_id=import_id, show=show, q=q, field=field, kind=kind)
