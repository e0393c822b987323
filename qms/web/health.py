"""For whoever watches the server: does it live, and can it serve."""

import sqlalchemy as sa
from flask import Blueprint, Flask
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from qms.db import db, is_current
from qms.web.marks import public

bp = Blueprint("health", __name__)

_NEVER_KEPT = {"Cache-Control": "no-store", "Content-Type": "text/plain; charset=utf-8"}


@bp.get("/healthz")
@public
def alive() -> ResponseReturnValue:
    """Answer as long as the process does."""
    return "ok\n", 200, _NEVER_KEPT


@bp.get("/readyz")
@public
def ready() -> ResponseReturnValue:
    """Answer 200 while the database answers and is what this program is made for, else 503."""
    try:
        db.session.execute(sa.text("SELECT 1 FROM trail LIMIT 1"))
        current = is_current(db.session())
    except SQLAlchemyError:
        return "the database does not answer\n", 503, _NEVER_KEPT
    if not current:
        return "the database is of another version: qms db upgrade\n", 503, _NEVER_KEPT
    return "ready\n", 200, _NEVER_KEPT


def init_app(app: Flask) -> None:
    """Offer both addresses."""
    app.register_blueprint(bp)
