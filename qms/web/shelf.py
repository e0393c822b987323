"""Answers that are kept in memory: the least asked for make room, by bytes."""

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from datetime import date
from typing import Final

from qms.web import negotiation
from qms.web.version import Version

Key = tuple[str, str]
"""Path, and the query in its one spelling."""

Stamp = tuple[date, Version]
"""The civil day and the version for which an answer was made."""

_AROUND: Final = 1_500
"""Bytes that an answer takes beside its content: headers, tags, its place."""

_SHARE: Final = 8
"""One answer takes at most this part of a shelf, so that a few can't fill it."""

Headers = list[tuple[str, str]]


class Answer:
    """One answer as it is handed out: packed where that gains something, else as it is."""

    __slots__ = ("_as_is", "_packed", "_tags", "content", "packs", "size", "stamp")

    def __init__(
        self, stamp: Stamp, headers: Sequence[tuple[str, str]], media_type: str, data: bytes
    ) -> None:
        self.stamp = stamp
        smaller = negotiation.packed(data, media_type)
        self.packs = smaller is not None
        self.content = data if smaller is None else smaller
        self.size = len(self.content) + _AROUND
        digest = hashlib.sha256(data).hexdigest()[:32]
        vary = [("Vary", "Accept-Encoding")] if self.packs else []
        self._tags = f'"{digest}"', f'"{digest}-gz"'
        self._as_is = [
            *headers,
            ("Content-Length", str(len(data))),
            ("ETag", self._tags[0]),
            *vary,
        ]
        self._packed = [
            *headers,
            ("Content-Encoding", "gzip"),
            ("Content-Length", str(len(self.content))),
            ("ETag", self._tags[1]),
            *vary,
        ]

    def tag(self, *, packed: bool) -> str:
        """Return the strong tag of one form of the content."""
        return self._tags[packed]

    def headers(self, *, packed: bool) -> Headers:
        """Return the headers of one form, without how long it may be kept."""
        return list(self._packed if packed else self._as_is)

    def body(self, *, packed: bool) -> bytes:
        """Return one form of the content."""
        return gzip.decompress(self.content) if self.packs and not packed else self.content


class Shelf:
    """A bounded number of bytes of answers, all made for one stamp."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.answers: OrderedDict[Key, Answer] = OrderedDict()
        self.taken = 0
        self._lock = threading.Lock()
        self._stamp: Stamp | None = None

    def get(self, key: Key) -> Answer | None:
        """Return what is kept under a key; whoever asks looks at its stamp."""
        with self._lock:
            found = self.answers.get(key)
            if found is not None:
                self.answers.move_to_end(key)
            return found

    def put(self, key: Key, answer: Answer) -> None:
        """Keep an answer; those of another stamp are of no more use to anybody."""
        if answer.size > self.most // _SHARE:
            return
        with self._lock:
            if answer.stamp != self._stamp:
                self.answers.clear()
                self.taken, self._stamp = 0, answer.stamp
            before = self.answers.pop(key, None)
            self.taken += answer.size - (before.size if before else 0)
            self.answers[key] = answer
            while self.taken > self.most:
                _, oldest = self.answers.popitem(last=False)
                self.taken -= oldest.size
