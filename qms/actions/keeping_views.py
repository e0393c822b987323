"""That nobody deletes a finding: whoever tries is told why, and the trail tells who tried."""

from typing import NoReturn

from flask import Blueprint

from qms.accounts.rules import Permission
from qms.actions import queries, service
from qms.actions.who_views import who
from qms.db import transaction
from qms.web.guards import act, requires

bp = Blueprint("keeping", __name__, url_prefix="/findings/<int:finding_id>")


@bp.post("/delete")
@requires(Permission.ACTION_READ)
def delete(finding_id: int) -> NoReturn:
    """Refuse to delete a finding.

    Raises:
        RefusedError: always.

    """
    with transaction() as session:
        service.refuse_to_delete(session, act(), queries.finding(session, finding_id, who()))
