"""The ways the system says no.

The first argument is a Vietnamese sentence for the reader and, as it stands, the key under
which its translation is found; values are set into it by name.
"""

from collections.abc import Callable, Sequence


class QmsError(Exception):
    """Base of all refusals; knows nothing of HTTP."""

    def __init__(
        self,
        sentence: str,
        *,
        parts: Sequence["QmsError"] = (),
        gate: str = "",
        **values: object,
    ) -> None:
        """Refuse with ``sentence``, in which ``%(name)s`` stands for a value.

        ``parts`` are the single refusals, such as one for each line of a decision; ``gate``
        names what is watched: the trail tells who tried to pass it (:mod:`qms.refusals`).
        """
        super().__init__(sentence)
        self.sentence = sentence
        self.parts = tuple(parts)
        self.gate = gate
        self.values = values

    def __str__(self) -> str:
        whole = self.sentence % self.values if self.values else self.sentence
        return "\n".join((whole, *(f"– {part}" for part in self.parts)))


class NotFoundError(QmsError):
    """There is no such thing."""


class NotAllowedError(QmsError):
    """The thing exists, but not for this person."""


class RefusedError(QmsError):
    """The thing exists and is yours, but a rule forbids the step."""


class InvalidError(QmsError):
    """What was given cannot be read or used; the sentence says how to mend it."""


class StaleError(QmsError):
    """Somebody else was faster: what this step was based on has changed."""


class BusyError(QmsError):
    """The step could not begin in time; nothing was changed, it may be tried again."""


class LateError(BusyError):
    """Paper is not ready in time but still being made; ``then`` hands it to who wants to keep it."""

    def __init__(
        self, sentence: str, then: Callable[[Callable[[bytes], None]], object]
    ) -> None:
        super().__init__(sentence)
        self.then = then


def N_(sentence: str) -> str:  # noqa: N802 - the name by which gettext finds it
    """Mark a sentence that is translated where it is shown."""
    return sentence
