"""Who may open what: the table that every route is held to, written by hand, never derived."""

from typing import Final

EVERYBODY: Final = frozenset({"everybody"})
SIGNED_IN: Final = frozenset(
    {"quantri", "thuky", "truongphong", "lanhdao", "chuyenvien", "danhgia"}
)
ADMINISTRATOR: Final = frozenset({"quantri"})
SECRETARY: Final = frozenset({"thuky"})
READERS: Final = frozenset({"thuky", "truongphong", "lanhdao", "danhgia"})
PRINTERS: Final = frozenset({"thuky", "truongphong", "chuyenvien"})
UNITS: Final = frozenset({"quantri", "thuky", "truongphong", "lanhdao"})

TABLE: Final = {
    "accounts.sign_in": EVERYBODY,
    "accounts.enter": EVERYBODY,
    "accounts.sign_out": EVERYBODY,
    "accounts.first_password": EVERYBODY,
    "accounts.set_first_password": EVERYBODY,
    "accounts.own": SIGNED_IN,
    "accounts.change_password": SIGNED_IN,
    "accounts.sign_out_everywhere": SIGNED_IN,
    "accounts.people.index": ADMINISTRATOR,
    "accounts.people.new": ADMINISTRATOR,
    "accounts.people.add": ADMINISTRATOR,
    "accounts.people.person": ADMINISTRATOR,
    "accounts.people.give_post": ADMINISTRATOR,
    "accounts.people.end_post": ADMINISTRATOR,
    "accounts.people.set_last_day": ADMINISTRATOR,
    "accounts.people.link": ADMINISTRATOR,
    "accounts.people.close": ADMINISTRATOR,
    "accounts.units.index": UNITS,
    "accounts.units.unit": UNITS,
    "accounts.units.new": ADMINISTRATOR,
    "accounts.units.add": ADMINISTRATOR,
    "accounts.units.end": ADMINISTRATOR,
    "accounts.units.set_last_day": ADMINISTRATOR,
    "accounts.units.switch_review_rule": ADMINISTRATOR,
    "accounts.units.new_heading": SECRETARY,
    "accounts.units.enter_heading": SECRETARY,
    "accounts.units.confirm_heading": frozenset({"truongphong", "lanhdao"}),
    "blanks.take_in": SECRETARY,
    "blanks.show": SIGNED_IN,
    "blanks.copy": SIGNED_IN,
    "blanks.picture": SIGNED_IN,
    "desk.index": SIGNED_IN,
    "desk.trail.index": frozenset({"quantri", "thuky", "lanhdao", "danhgia"}),
    "documents.decisions.index": READERS,
    "documents.decisions.show": READERS,
    "documents.decisions.new": SECRETARY,
    "documents.decisions.edit": SECRETARY,
    "documents.decisions.abandon": SECRETARY,
    "documents.lines.show": READERS,
    "documents.lines.choose": SECRETARY,
    "documents.lines.issue": SECRETARY,
    "documents.lines.amend": SECRETARY,
    "documents.lines.withdraw": SECRETARY,
    "documents.lines.edit": SECRETARY,
    "documents.lines.drop": SECRETARY,
    "documents.lines.rebase": SECRETARY,
    "documents.lines.replace_line": SECRETARY,
    "documents.lines.replace_all": SECRETARY,
    "documents.carrying.index": SECRETARY,
    "documents.carrying.take": SECRETARY,
    "documents.pages.index": SIGNED_IN,
    "documents.pages.show": SIGNED_IN,
    "documents.links.naming": SIGNED_IN,
    "documents.links.touched": READERS,
    "documents.pages.revision": SIGNED_IN,
    "documents.pages.compare": SIGNED_IN,
    "documents.papers.decision": READERS,
    "documents.papers.scan": READERS,
    "documents.papers.long_paper": READERS,
    "documents.papers.make": READERS,
    "processes.paper": SIGNED_IN,
    "jobs.index": SIGNED_IN,
    "jobs.show": SIGNED_IN,
    "jobs.state": SIGNED_IN,
    "jobs.cancel": SIGNED_IN,
    "fees.index": SIGNED_IN,
    "library.fees.take_in": SECRETARY,
    "library.fees.workbook": SIGNED_IN,
    "national.index": SECRETARY,
    "national.fees.index": SECRETARY,
    "national.upload": SECRETARY,
    "national.show": SECRETARY,
    "national.item": SECRETARY,
    "national.answer_doubts": SECRETARY,
    "national.answer_gone": SECRETARY,
    "national.choose_new": SECRETARY,
    "laws.index": READERS,
    "laws.waive": SECRETARY,
    "laws.check": SECRETARY,
    "laws.texts.new": SECRETARY,
    "laws.texts.upload": SECRETARY,
    "laws.texts.file": SIGNED_IN,
    "laws.links.index": SECRETARY,
    "laws.links.accept": SECRETARY,
    "laws.links.accept_all": SECRETARY,
    "notices.copies.index": PRINTERS,
    "notices.copies.new": PRINTERS,
    "notices.copies.make": PRINTERS,
    "notices.copies.show": PRINTERS,
    "notices.copies.paper": PRINTERS,
    "registers.index": SIGNED_IN,
    "registers.show": SIGNED_IN,
    "registers.paper": SIGNED_IN,
    "registers.make": SIGNED_IN,
    "documents.search.index": SIGNED_IN,
    "documents.picking.index": SIGNED_IN,
    "documents.exports.revision": SIGNED_IN,
    "documents.exports.draft": READERS,
    "documents.keeping.keep": SECRETARY,
    "documents.keeping.drop": SECRETARY,
    "documents.signing.submit": SECRETARY,
    "documents.signing.review": frozenset({"truongphong"}),
    "documents.signing.send_back": READERS,
    "documents.signing.sign": frozenset({"lanhdao"}),
    "documents.signing.attach": SECRETARY,
    "documents.texts.new": SECRETARY,
    "documents.texts.amend": SECRETARY,
    "documents.texts.edit": SECRETARY,
    "documents.texts.preview": SECRETARY,
}
"""Endpoint by endpoint, which of the six may pass the door; a new one must be added here."""

EVERYBODY_BELOW: Final = ("assets.", "health.", "notices.")
"""What is open to everybody unless the table says otherwise: the board, its paper, its files."""


def expected(endpoint: str) -> frozenset[str] | None:
    """Return who may pass; None where nobody has said."""
    if endpoint in TABLE:
        return TABLE[endpoint]
    return EVERYBODY if endpoint.startswith(EVERYBODY_BELOW) else None
