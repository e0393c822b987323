"""The password asked once more before a signature, with the same patience as at the door."""

from sqlalchemy.orm import Session

from qms.accounts import service, sign_in_service
from qms.accounts.sign_in_service import Attempt
from qms.trail import Act


def attempt(session: Session, act: Act, account: str, address: str) -> Attempt:
    """Count a password as wrong before it is looked at.

    Raises:
        NotAllowedError: too many were wrong lately.

    """
    return sign_in_service.attempt(session, act, account=account, address=address)


def check(session: Session, act: Act, password: str) -> None:
    """Refuse a password that is not the person's.

    Raises:
        NotAllowedError: it is wrong.

    """
    service.check_again(session, act, password)


def forget(session: Session, tried: Attempt) -> None:
    """Take back what counted as wrong: the password was right."""
    sign_in_service.forget(session, tried)
