"""Writing into a draft which file it hands out."""

from sqlalchemy.orm import Session

from qms.documents import service
from qms.documents.file_models import StoredFile
from qms.documents.kinds.parts import FileRef
from qms.documents.models import Change
from qms.documents.rules import RevisionText
from qms.trail import Act


def enter(session: Session, act: Act, file: FileRef) -> None:
    """Enter a file whose bytes are kept."""
    if session.get(StoredFile, file.sha256) is None:
        session.add(
            StoredFile(
                sha256=file.sha256, media_type=file.media_type, size=file.size, stored_at=act.at
            )
        )


def edit(
    session: Session,
    act: Act,
    change: Change,
    text: RevisionText,
    file: FileRef,
    *,
    version: int,
) -> None:
    """Save the draft text of a line that hands out a file, read as of ``version``.

    Raises:
        StaleError: somebody saved it in the meantime.
        RefusedError: the line bears a signed text or none.

    """
    service.edit_text(session, act, change, text, version=version)
    enter(session, act, file)
