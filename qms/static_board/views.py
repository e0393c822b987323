"""What pages of the board say of themselves when they are made for a folder."""

from flask import Blueprint, g
from flask.blueprints import BlueprintSetupState

from qms.static_board.rules import Standing

bp = Blueprint("static_board", __name__)


def in_folder() -> Standing | None:
    """Return for which days the page at hand is true in a folder; None on the server."""
    found: Standing | None = g.get("standing")
    return found


@bp.record_once
def _teach(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["in_folder"] = in_folder
