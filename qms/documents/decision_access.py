"""One decision as one person sees it: what it is, and what that person may do with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from qms.accounts.rules import Permission
from qms.documents import decision_queries, queries, rules
from qms.documents.models import Decision, Signature
from qms.documents.rules import Deed, State
from qms.errors import QmsError
from qms.units.models import Heading
from qms.units.queries import headings


@dataclass(frozen=True)
class Seen:
    """A decision, who worked on it, and what the person looking may do."""

    decision: Decision
    me: int
    drafters: Mapping[int, str]
    names: Sequence[Signature]
    allowed: frozenset[Permission]
    heads: Mapping[int, Heading]

    @property
    def standing(self) -> list[Signature]:
        """The signatures that no return has voided."""
        return queries.standing_signatures(self.names)

    @property
    def reviewer(self) -> Signature | None:
        """The last reviewer whose signature stands."""
        found = [each for each in self.standing if each.deed is Deed.REVIEWED]
        return found[-1] if found else None

    @property
    def owner_name(self) -> str:
        """The name of the unit whose people review and sign."""
        return self._name(self.decision.owner_id, self.decision.owner.slug)

    @property
    def issuer_name(self) -> str:
        """The name of whoever issues it."""
        issuer = self.decision.issuer
        return self._name(issuer.id, issuer.slug) if issuer else self.decision.issuer_name

    @property
    def may_edit(self) -> bool:
        """Whether lines and head can be changed by this person."""
        return self._is(State.DRAFT, Permission.DECISION_DRAFT)

    @property
    def may_review(self) -> bool:
        """Whether this person may review it now."""
        return (
            self._is(State.IN_REVIEW, Permission.DECISION_REVIEW)
            and self.me not in self.drafters
            and not self._has_reviewed
        )

    @property
    def may_return(self) -> bool:
        """Whether this person may give it back with a reason."""
        return self._is(State.IN_REVIEW, Permission.DECISION_REVIEW, Permission.DECISION_SIGN)

    @property
    def may_take_back(self) -> bool:
        """Whether this person may take it back to work on it."""
        return self._is(State.IN_REVIEW, Permission.DECISION_DRAFT)

    @property
    def signs(self) -> bool:
        """Whether it waits for a signature that this person's post allows."""
        return self._is(State.IN_REVIEW, Permission.DECISION_SIGN)

    @property
    def why_not_sign(self) -> QmsError | None:
        """What keeps this person from signing, or nothing."""
        try:
            rules.check_signer(
                self.me,
                self.drafters,
                self.me if self._has_reviewed else getattr(self.reviewer, "user_id", None),
                outside=self.decision.outside,
                may_review=self.decision.owner.signer_may_review,
            )
        except QmsError as error:
            return error
        return None

    @property
    def may_attach(self) -> bool:
        """Whether this person may add the scan."""
        signed = self._is(State.SIGNED, Permission.DECISION_DRAFT)
        return signed and self.decision.scan_sha256 is None

    @property
    def may_replace(self) -> bool:
        """Whether this person may draft what moves, corrects or cancels signed lines."""
        return self._is(State.SIGNED, Permission.DECISION_DRAFT)

    @property
    def _has_reviewed(self) -> bool:
        mine = [each for each in self.standing if each.user_id == self.me]
        return any(each.deed is Deed.REVIEWED for each in mine)

    def _is(self, state: State, *permissions: Permission) -> bool:
        return self.decision.state is state and any(p in self.allowed for p in permissions)

    def _name(self, unit_id: int, slug: str) -> str:
        head = self.heads.get(unit_id)
        return head.name if head else slug


def look(session: Session, decision_id: int, user_id: int, today: date) -> Seen:
    """Return a decision as a person sees it.

    Raises:
        NotFoundError: there is none.
        NotAllowedError: it is not for this person.

    """
    decision = queries.decision(session, decision_id)
    allowed = decision_queries.powers(session, user_id, today)
    decision_queries.check_reader(decision, allowed)
    units = [decision.owner_id, *([decision.issuer_id] if decision.issuer_id else [])]
    return Seen(
        decision=decision,
        me=user_id,
        drafters=decision_queries.drafter_names(session, decision_id),
        names=queries.signatures(session, decision_id),
        allowed=allowed.get(decision.owner_id, frozenset()),
        heads=headings(session, decision.dated or today, units),
    )
