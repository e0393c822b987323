"""How findings name the audits they come from."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from flask import url_for

from qms.actions.source_views import Ask, Named
from qms.audits import queries
from qms.audits.access_views import viewer
from qms.db import db


def named(refs: Collection[str]) -> Mapping[str, Named]:
    """Name audits by number and title, with their pages where the visitor may open them."""
    return {
        audit.ref: Named(
            f"{audit.words} – {audit.title}",
            url_for("audits.show", audit_id=audit.id) if opens else "",
        )
        for audit, opens in queries.by_refs(db.session(), refs, viewer())
    }


SOURCES: Final[Sequence[Ask]] = (named,)
