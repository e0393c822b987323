"""Acts about what lies beside a line of a checklist: sampled dossiers, files and pictures."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from qms import refusals, trail
from qms.audits import answers, checklist_queries, standing
from qms.audits.checklist_models import Evidence, Line, Sample
from qms.audits.models import Audit
from qms.documents.file_models import StoredFile
from qms.documents.scans import Scan
from qms.errors import InvalidError, NotFoundError
from qms.trail import Act


@dataclass(frozen=True)
class Sampled:
    """A dossier as a device sends it."""

    token: str
    number: str
    dossier: answers.Dossier


def sample(session: Session, act: Act, audit: Audit, line: Line, new: Sampled) -> Sample:
    """Add a dossier that was looked at; sent twice under one name it is one."""
    before = checklist_queries.sample_with(session, new.token)
    if before is not None and before.line_id == line.id:
        return before
    with refusals.on_record(session, act, audit.ref):
        answers.check_token(new.token, taken=before is not None)
    actor = standing.auditor(session, act.actor, audit)
    if not new.number:
        raise InvalidError("Hãy ghi số hoặc mã của hồ sơ.")
    answers.check_dossier(new.dossier)
    made = Sample(
        line_id=line.id,
        token=new.token,
        number=new.number,
        received=new.dossier.received,
        due=new.dossier.due,
        returned=new.dossier.returned,
        added_by=actor,
        added_at=act.at,
    )
    session.add(made)
    session.flush()
    trail.record(
        session,
        act,
        action="audit.dossier_sampled",
        subject=audit.ref,
        detail={"line": line.id, "id": made.id},
    )
    return made


def drop_sample(
    session: Session, act: Act, audit: Audit, line: Line, sample_id: int, reason: str
) -> None:
    """Put a dossier aside that was entered by mistake, for a reason."""
    standing.auditor(session, act.actor, audit)
    if not reason:
        raise InvalidError("Hãy ghi vì sao bỏ hồ sơ này.")
    for each in checklist_queries.samples_of(session, line.id):
        if each.id == sample_id:
            each.dropped_at, each.drop_reason = act.at, reason
            trail.record(
                session,
                act,
                action="audit.dossier_dropped",
                subject=audit.ref,
                detail={"line": line.id, "id": each.id, "reason": reason},
            )
            return
    raise NotFoundError("Dòng này không có hồ sơ ấy.")


def attach(
    session: Session, act: Act, audit: Audit, line: Line, token: str, kept: Scan
) -> Evidence:
    """Keep a file with a line; sent twice under one name it is one."""
    before = checklist_queries.evidence_with(session, token)
    if before is not None and before.line_id == line.id:
        return before
    with refusals.on_record(session, act, audit.ref):
        answers.check_token(token, taken=before is not None)
    actor = standing.auditor(session, act.actor, audit)
    if session.get(StoredFile, kept.sha256) is None:
        session.add(
            StoredFile(
                sha256=kept.sha256,
                media_type=kept.media_type,
                size=kept.size,
                stored_at=act.at,
            )
        )
    made = Evidence(
        line_id=line.id,
        token=token,
        sha256=kept.sha256,
        name=kept.name,
        media_type=kept.media_type,
        size=kept.size,
        added_by=actor,
        added_at=act.at,
    )
    session.add(made)
    session.flush()
    trail.record(
        session,
        act,
        action="audit.evidence_added",
        subject=audit.ref,
        detail={"line": line.id, "file": kept.sha256},
    )
    return made
