"""From what stands to the shapes that are answered, with addresses that work from anywhere."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import url_for

from qms import clock
from qms.api import shapes
from qms.api.queries import Made, Shelf
from qms.documents.kinds.form import FormBlank
from qms.documents.kinds.procedure import (
    DossierItem,
    Method,
    Procedure,
    limit_words,
    rate_words,
)
from qms.documents.standing import Row
from qms.fees.rules import Row as PriceRow
from qms.following import telling_views
from qms.following.rules import Event
from qms.notices.answers import unsaid
from qms.text import slug
from qms.web.addresses import public_url

if TYPE_CHECKING:
    from qms.documents.kinds.fees import FeeLine
    from qms.units.models import Heading, Unit


def absolute(endpoint: str, **values: Any) -> str:  # noqa: ANN401 - parts of addresses
    """Return an address for readers elsewhere."""
    return public_url(url_for(endpoint, **values))


def unit_ref(unit: "Unit", heading: "Heading | None") -> shapes.UnitRef:
    """Return a unit with its addresses; of one that is no more, those of its last day."""
    ended = unit.last_day is not None and unit.last_day < clock.today()
    on = unit.last_day if ended else None
    return shapes.UnitRef(
        slug=unit.slug,
        name=heading.name if heading else unit.slug,
        level=heading.level.value if heading else "",
        first_day=unit.first_day,
        last_day=unit.last_day,
        url=absolute("api.board", unit=unit.slug, on=on),
        page=absolute("notices.board", unit=unit.slug, on=on),
    )


def procedure_ref(of: Shelf, row: Row, on: date | None) -> shapes.ProcedureRef:
    """Return a procedure of a list; ``on`` is None for today, whose addresses name no day."""
    where = {"unit": of.unit.slug, "code": row.slug, "on": on}
    return shapes.ProcedureRef(
        code=row.code,
        title=row.title,
        field=row.topic,
        first_day=row.first_day,
        decision_number=row.decision_number,
        url=absolute("api.procedure", **where),
        page=absolute("notices.procedure", **where),
        pdf=absolute("notices.procedure_pdf", **where),
    )


def procedures(of: Shelf, found: Sequence[Row], on: date | None) -> list[shapes.Procedure]:
    """Return procedures with all their parts."""
    contents, decisions = of.contents(found), of.decisions(found)
    return [
        procedure(of, row, text, decisions[row.decision_id], on)
        for row in found
        for text in [contents[row.revision_id]]
        if isinstance(text, Procedure)
    ]


def procedure(
    of: Shelf, row: Row, text: Procedure, made: Made, on: date | None
) -> shapes.Procedure:
    """Return one procedure: prices of the day, and the forms in force in their places."""
    ref = procedure_ref(of, row, on)
    forms = [code for code in dict.fromkeys(d.form_code for d in text.dossier) if code]
    return shapes.Procedure(
        unit=of.unit.slug,
        on=of.on,
        code=row.code,
        title=row.title,
        field=text.field,
        first_day=row.first_day,
        issue_no=row.issue_no,
        amendment_no=row.amendment_no,
        decision=shapes.Decision(number=made.number, dated=made.dated, issuer=made.issuer),
        levels=list(text.levels),
        category=text.category,
        announced_by=text.announced_by,
        steps=text.steps,
        ways=[_way(each) for each in text.methods],
        prices=_prices(of, row, text, on),
        dossier=[_paper(of, each) for each in text.dossier],
        sets=text.sets,
        applicants=text.applicants,
        handled_by=text.handled_by,
        decided_by=text.decided_by,
        delegated_to=text.delegated_to,
        coordinated_with=text.coordinated_with,
        address=text.address,
        result=text.result,
        conditions=text.conditions,
        legal_basis=[
            shapes.LegalBasis(number=each.number, name=each.name) for each in text.legal_basis
        ],
        description=text.description,
        note=text.note,
        forms=[_form_ref(of, of.form_rows[code], on) for code in forms if code in of.form_rows],
        url=ref.url,
        page=ref.page,
        pdf=ref.pdf,
    )


def prices(of: Shelf, found: Iterable[PriceRow], on: date | None) -> list[shapes.Price]:
    """Return prices of fee schedules."""
    return [
        _price(
            each.held.line,
            each.held.line.procedure,
            each.procedure_title,
            each.held.source.code,
            absolute(
                "notices.fees.schedule", unit=of.unit.slug, code=each.held.source.slug, on=on
            ),
        )
        for each in found
    ]


def forms(of: Shelf, found: Sequence[Row], on: date | None) -> list[shapes.Form]:
    """Return forms with their files."""
    contents = of.contents(found)
    return [
        form(of, row, text, on)
        for row in found
        for text in [contents[row.revision_id]]
        if isinstance(text, FormBlank)
    ]


def form(of: Shelf, row: Row, text: FormBlank, on: date | None) -> shapes.Form:
    """Return one form; its file is handed out only while it is in force, so today's alone."""
    ref, file = _form_ref(of, row, on), text.file
    return shapes.Form(
        code=row.code,
        title=row.title,
        field=text.field,
        first_day=row.first_day,
        decision_number=row.decision_number,
        instructions=text.instructions,
        file=shapes.FormFile(
            name=file.name,
            media_type=file.media_type,
            size=file.size,
            sha256=file.sha256,
            url=absolute("notices.forms.download", sha256=file.sha256, name=file.name),
        )
        if file and on is None
        else None,
        url=ref.url,
        page=ref.page,
    )


def change(unit: str, event: Event) -> shapes.Change:
    """Return one change of a board."""
    compares = event.kind == "procedure" and event.compares
    return shapes.Change(
        id=event.mark,
        day=event.day,
        action=event.action,
        kind=event.kind,
        code=event.code,
        title=event.title,
        field=event.topic,
        summary=event.summary,
        words=telling_views.what(event),
        decision=shapes.Decision(number=event.number, dated=event.dated, issuer=event.issuer)
        if event.number
        else None,
        signed_at=event.signed_at,
        moved_from=event.moved,
        corrects=event.corrects,
        changed_parts=list(event.parts),
        beside=[
            shapes.Beside(label=each.label, old=each.old, new=each.new) for each in event.sides
        ],
        page=public_url(telling_views.page_of(unit, event)),
        compare=absolute("notices.compare", unit=unit, code=event.slug, on=event.day)
        if compares
        else None,
    )


def difference(said: Mapping[str, Any]) -> shapes.Difference:
    """Return one part that a paper says otherwise."""
    return shapes.Difference(label=said["label"], old=said["old"], new=said["new"])


def _way(method: Method) -> shapes.Way:
    limit = method.limit
    return shapes.Way(
        channel=method.channel,
        case=method.case,
        limit=shapes.TimeLimit(
            count=limit.count, unit=limit.unit, words=limit_words(limit), note=limit.note
        )
        if limit
        else None,
        note=method.note,
    )


def _prices(of: Shelf, row: Row, text: Procedure, on: date | None) -> list[shapes.Price]:
    """Return the prices of fee schedules, or where none answers the catalogue's own."""
    if held := of.prices_of.get(row.code):
        return prices(of, [PriceRow(each, row.title) for each in held], on)
    return [
        _price(
            unsaid(line).model_copy(
                update={
                    "channels": (method.channel,),
                    "case": line.case or method.case,
                }
            ),
            row.code,
            row.title,
        )
        for method in text.methods
        for line in method.fees
        if line.holds(of.on)
    ]


def _price(
    line: "FeeLine", code: str, title: str, schedule: str = "", page: str | None = None
) -> shapes.Price:
    return shapes.Price(
        procedure=code,
        procedure_title=title,
        name=line.name,
        type=line.type,
        case=line.case,
        channels=list(line.channels),
        territory=line.territory or ", ".join(line.units),
        rate=line.rate,
        amount=line.amount,
        steps=[
            shapes.PriceStep(from_unit=step.from_unit, amount=step.amount)
            for step in line.steps
        ],
        cap=line.cap,
        unit=line.unit,
        words=rate_words(line),
        first_day=line.first_day,
        last_day=line.last_day,
        exemptions=list(line.exemptions),
        legal_basis=line.legal_basis,
        transition=line.transition,
        note=line.note,
        schedule=schedule,
        page=page,
    )


def _paper(of: Shelf, item: DossierItem) -> shapes.Paper:
    return shapes.Paper(
        name=item.name,
        case=item.case,
        originals=item.originals,
        copies=item.copies,
        shown_only=item.shown_only,
        optional=item.optional,
        form=item.form_code if item.form_code in of.form_rows else item.form,
        note=item.note,
    )


def _form_ref(of: Shelf, row: Row, on: date | None) -> shapes.FormRef:
    where = {"unit": of.unit.slug, "code": slug(row.code), "on": on}
    return shapes.FormRef(
        code=row.code,
        title=row.title,
        url=absolute("api.form", **where),
        page=absolute("notices.forms.show", **where),
    )
