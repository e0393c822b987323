"""YAML as the library writes it: one spelling for each value, and a reader that trusts nobody.

Every scalar is read as text (``1.000650`` keeps its nought); who reads it says what it is.
"""

import re
import sys
from collections.abc import Iterator
from datetime import date
from typing import Final, TypedDict

import yaml

from qms.errors import InvalidError
from qms.text import nfc

Tree = str | list["Tree"] | dict[str, "Tree"]
"""What a file holds before anybody says what its words mean."""

Value = str | int | bool | date | list["Value"] | dict[str, "Value"]
"""What can be written."""

LONGEST_PLAIN: Final = 100
"""Letters from which on a text stands in a block of its own."""
DEEPEST: Final = 12
MOST_EVENTS: Final = 200_000

_HARD: Final = re.compile("[\t\u2028\u2029\ufeff]")
_RAGGED: Final = re.compile(r"\A\s|[ \n]\Z| \n", re.MULTILINE)
_READER: Final[type] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Place(TypedDict):
    file: str
    line: int


class _Writer(yaml.SafeDumper):
    """A dumper that indents lists and puts long texts into blocks."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - the signature is PyYAML's
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002 - the signature is PyYAML's
        super().increase_indent(flow=flow, indentless=False)


def _text_node(writer: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style: str | None = None
    if _HARD.search(text):
        style = '"'
    elif ("\n" in text or len(text) > LONGEST_PLAIN) and not _RAGGED.search(text):
        style = "|"
    elif "\n" in text:
        style = '"'
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Writer.add_representer(str, _text_node)


def written(value: dict[str, Value]) -> str:
    """Return the one spelling of ``value``: keys in the order given, lines ended by LF."""
    return yaml.dump(
        value, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=sys.maxsize
    )


def read(name: str, text: str) -> dict[str, Tree]:
    """Return the mapping that ``text``, the content of the file ``name``, holds.

    Raises:
        InvalidError: it is no YAML, no mapping, names a key twice, or uses anchors or tags.

    """
    try:
        tree = _Builder(name, yaml.parse(text, Loader=_READER)).document()
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InvalidError(
            "Tệp %(file)s, dòng %(line)s: không đọc được YAML. Hãy kiểm tra thụt đầu dòng, "
            "dấu hai chấm và dấu nháy.",
            file=name,
            line=line,
        ) from error
    except yaml.YAMLError as error:
        raise InvalidError("Tệp %(file)s không phải là YAML.", file=name) from error
    if not isinstance(tree, dict):
        raise InvalidError(
            "Tệp %(file)s phải bắt đầu bằng các khóa, mỗi khóa một dòng: “khóa: giá trị”.",
            file=name,
        )
    return tree


class _Builder:
    """Builds a tree from events, so that nothing is made before it is known to be small."""

    def __init__(self, name: str, events: Iterator[yaml.Event]) -> None:
        self.name = name
        self.events = events
        self.left = MOST_EVENTS

    def document(self) -> Tree:
        """Return the only document of the stream; an empty stream is an empty mapping."""
        tree: Tree | None = None
        for event in self._stream():
            if isinstance(event, yaml.DocumentStartEvent) and tree is not None:
                raise InvalidError(
                    "Tệp %(file)s, dòng %(line)s: mỗi tệp chỉ một văn bản.", **self._at(event)
                )
            if isinstance(event, yaml.NodeEvent):
                tree = self._node(event, 0)
        return {} if tree is None else tree

    def _stream(self) -> Iterator[yaml.Event]:
        for event in self.events:
            self.left -= 1
            if self.left < 0:
                raise InvalidError("Tệp %(file)s có quá nhiều mục.", **self._at(event))
            yield event

    def _node(self, event: yaml.Event, depth: int) -> Tree:
        anchored = getattr(event, "anchor", None) or getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent) or anchored:
            raise InvalidError(
                "Tệp %(file)s, dòng %(line)s: không dùng neo (&, *) và thẻ (!).",
                **self._at(event),
            )
        if depth > DEEPEST:
            raise InvalidError(
                "Tệp %(file)s, dòng %(line)s: các mục lồng nhau quá sâu.", **self._at(event)
            )
        if isinstance(event, yaml.ScalarEvent):
            return nfc(event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(depth)
        return self._mapping(depth)

    def _list(self, depth: int) -> list[Tree]:
        found: list[Tree] = []
        for event in self._stream():
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self._node(event, depth + 1))
        return found

    def _mapping(self, depth: int) -> dict[str, Tree]:
        found: dict[str, Tree] = {}
        for event in self._stream():
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, depth + 1)
            if not isinstance(key, str):
                raise InvalidError(
                    "Tệp %(file)s, dòng %(line)s: khóa phải là chữ.", **self._at(event)
                )
            if key in found:
                raise InvalidError(
                    "Tệp %(file)s, dòng %(line)s: khóa “%(key)s” đã có ở trên. Hãy giữ một.",
                    key=key,
                    **self._at(event),
                )
            found[key] = self._node(next(self._stream()), depth + 1)
        return found

    def _at(self, event: yaml.Event) -> _Place:
        return {"file": self.name, "line": event.start_mark.line + 1 if event.start_mark else 1}
