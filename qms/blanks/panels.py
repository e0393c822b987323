"""What is shown of its file beside a form."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy.orm import Session

from qms.blanks import previews, queries
from qms.blanks.rules import PDF
from qms.documents.kinds.form import FormBlank
from qms.documents.panels import Looked, Panel
from qms.errors import N_


def file(session: Session, looked: Looked) -> Sequence[Panel]:
    """Return the file of a form with what it shows at a glance."""
    content = looked.content
    if not isinstance(content, FormBlank) or content.file is None:
        return []
    revision = looked.revision
    line = queries.line_of(session, revision.id) if looked.draft else None
    values = {
        "file": content.file,
        "document_id": looked.document.id,
        "name": f"d{line}" if looked.draft else str(revision.number),
        "pdf": content.file.media_type == PDF,
        "lines": previews.lines(content.file),
    }
    return [Panel(N_("Tải và xem tệp"), "blanks/_file.html", values)]


PANELS: Final = (file,)
