"""The password asked once more before a signature, with the same patience as at the door."""

from qms.accounts import service, sign_in_service
from qms.db import db, touch
from qms.trail import Act


def check(act: Act, password: str) -> None:
    """Refuse a password that is not the person's.

    It counts as wrong, in a write of its own, until it is proved right.

    Raises:
        NotAllowedError: it is wrong, or too many were lately.

    """
    with touch() as session:
        tried = sign_in_service.attempt_again(session, act)
    service.check_again(db.session(), act, password)
    with touch() as session:
        sign_in_service.forget(session, tried)
