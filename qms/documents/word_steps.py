"""The table of steps of a process in a Word file: phases, steps, times, merged cells. Pure."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from qms.documents import word_tables
from qms.documents.kinds.process import StepUnit
from qms.documents.kinds.typing import Typed
from qms.documents.word_blocks import Item, Line, Row
from qms.documents.word_sections import Left, Note, bare
from qms.documents.word_tables import Columns
from qms.errors import N_
from qms.text import fold

ROLES: Final[Mapping[str, str]] = {
    "number": r"tt|stt|so tt|buoc|b|so thu tu",
    "who": r".*\b(?:trach nhiem|nguoi thuc hien|nguoi phu trach|don vi thuc hien|chuc danh|vi tri"
    r"|bo phan thuc hien|don vi nguoi thuc hien|co quan thuc hien|chu tri)\b.*",
    "time": r"(?:thoi gian|thoi han)\b.*",
    "form": r"(?:ma )?(?:bieu mau|mau bieu|mau)(?: su dung)?",
    "result": r"(?:bieu mau|ket qua|san pham|ho so|tai lieu|mo ta cac bieu mau)\b.*|mo ta bieu mau.*",
    "what": r"(?!.*\bsua doi)(?:cac )?(?:trinh tu|noi dung|cong viec|buoc thuc hien|buoc cong viec|luu do|mo ta"
    r"|dien giai|hoat dong|cac buoc|ten buoc)\b.*",
}
"""Words at the head of columns, without accents."""

BESIDE: Final = N_("Dòng tổng tự cộng từ các bước.")
_SHARED: Final = N_(
    "%(count)s bước dùng chung thời gian với bước trên; thời gian để ở bước trên."
)
_DAYS: Final = N_("%(count)s bước ghi “ngày”, được hiểu là ngày làm việc.")
_UNCLEAR: Final = N_("%(count)s bước chưa đọc được thời gian; hãy ghi lại ở ô thời gian.")
_FORMS: Final = N_("%(count)s mã biểu mẫu được tách ra khỏi cột kết quả.")
_NO_WHO: Final = N_("%(count)s bước chưa có người chịu trách nhiệm.")

_TOTAL: Final = re.compile(r"(?:tong|cong)\b(?: (?:cong|so|thoi gian|thoi han).*)?")
_UNTIMED: Final = re.compile(r"(?:khong tinh|khong quy dinh)(?: thoi gian)?(?: .*)?")
_PHASE: Final = re.compile(r"[IVX]{1,4}|[A-D]")
_FORM: Final = re.compile(r"\b(?:BM|MB)[-._ ]?[\w.\-/]*\d[\w.\-/]*")
_STEP_IN_WORDS: Final = re.compile(r"bước\s+\d{1,2}\s*[:.–-]\s*(.+)", re.IGNORECASE | re.DOTALL)


@dataclass
class Steps:
    """What a table says so far."""

    phases: list[Typed] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    left: list[Left] = field(default_factory=list)
    where: Columns | None = None
    width: int = 0

    @property
    def notes(self) -> list[Note]:
        """Return what is to be checked."""
        return [Note(sentence, count) for sentence, count in self.seen.items() if count]

    def read(self, items: Sequence[Item]) -> list[Item]:
        """Read the tables of a part; return what stands beside them."""
        beside: list[Item] = []
        for item in items:
            if isinstance(item, Line):
                if (spoken := _STEP_IN_WORDS.fullmatch(item.text)) is not None:
                    self._add({"what": spoken[1].strip(), "who": "", "result": ""}, "")
                elif _is_phase(item.text):
                    self.phases.append({"name": item.text, "steps": []})
                else:
                    beside.append(item)
            elif not self._row(item):
                beside.append(item)
        return beside

    def _row(self, row: Row) -> bool:
        head = _head(row)
        if head is not None:
            self.where, self.width = head, len(row.cells)
            return True
        if self.where is None or len(row.cells) != self.width:
            return False
        own = row.own
        if any(_TOTAL.fullmatch(fold(each)) for each in own[:2]):
            self.left.append(Left(own[0], BESIDE, " – ".join(own)))
        elif (name := self._phase(row)) is not None:
            self.phases.append({"name": name, "steps": []})
        elif own:
            self._step(row, self.where)
        return True

    def _phase(self, row: Row) -> str | None:
        """Return the name of the phase that a row begins: one cell over all, or I., A. before it."""
        own = row.own
        if len(own) == 1 and sum(cell.from_left for cell in row.cells) >= len(row.cells) // 2:
            return own[0]
        first = own[0].strip(" .)") if own else ""
        if len(own) == 2 and _PHASE.fullmatch(first):  # noqa: PLR2004 - a number and a name
            return f"{first}. {own[1]}"
        return own[0] if len(own) == 1 and _is_phase(own[0]) else None

    def _step(self, row: Row, where: Columns) -> None:
        said = {role: word_tables.cell(row, where, role) for role in (*ROLES, "time")}
        if not said["what"] and not bare(said["number"]).strip(" .").isdigit():
            said["what"] = said["number"]
        goes_on = self._goes_on(row, where, said)
        steps = self.phases[-1]["steps"] if self.phases else []
        if goes_on and steps:
            for role in ("what", "who", "result"):
                told = (
                    "\n".join((steps[-1][role], said[role])) if steps[-1][role] else said[role]
                )
                steps[-1][role] = "\n".join(dict.fromkeys(told.split("\n"))).strip()
            return
        shared = _above(row, where, "time")
        result = "\n".join(each for each in (said["form"], said["result"]) if each)
        self._add({**said, "result": result}, said["time"], shared=shared)

    def _goes_on(self, row: Row, where: Columns, said: Mapping[str, str]) -> bool:
        """Say whether a row belongs to the step above: no number, or what is done reaches down."""
        timed = bool(said["time"]) and not _above(row, where, "time")
        if timed:
            return False
        if _above(row, where, "what") or _above(row, where, "number"):
            return True
        return "number" in where and not said["number"] and not said["who"]

    def _add(self, said: Mapping[str, str], time: str, *, shared: bool = False) -> None:
        if not self.phases:
            self.phases.append({"name": "", "steps": []})
        code = _FORM.search(said["result"])
        result = said["result"]
        if code is not None:
            result = (result[: code.start()] + result[code.end() :]).strip(" \n:;,.–-")
            self.seen[_FORMS] += 1
        step: Typed = {
            "what": said["what"],
            "who": said["who"],
            "result": result,
            "case": "",
            "form_code": code[0].rstrip("./-") if code else "",
            **self._time(time, shared=shared),
        }
        self.seen[_NO_WHO] += not step["who"]
        self.phases[-1]["steps"].append(step)

    def _time(self, said: str, *, shared: bool) -> Typed:
        if shared:
            self.seen[_SHARED] += 1
        if shared or _UNTIMED.fullmatch(fold(said)):
            return {"time": "", "unit": StepUnit.WORKING_DAY.value, "untimed": "y"}
        found = word_tables.time_of(said)
        if found is None:
            self.seen[_UNCLEAR] += 1
            typed = " ".join(said.split())
            return {"time": typed, "unit": StepUnit.WORKING_DAY.value, "untimed": ""}
        self.seen[_DAYS] += "ngày" in said.lower() and "ngày làm việc" not in said.lower()
        return {"time": found[0], "unit": found[1].value, "untimed": ""}


def is_table(items: Sequence[Item]) -> bool:
    """Say whether there is a table of steps among these."""
    return any(isinstance(item, Row) and _head(item) is not None for item in items)


def _head(row: Row) -> Columns | None:
    """Return the columns of a table of steps; who or how long tells it from other tables."""
    found = word_tables.columns(row, ROLES)
    if found is None or "who" not in found:
        return None
    if "what" not in found and "number" in found:
        found["what"] = found.pop("number")
    return found if "what" in found else None


def _above(row: Row, where: Columns, role: str) -> bool:
    places = where.get(role, ())
    return bool(places) and all(row.cells[place].from_above for place in places)


def _is_phase(text: str) -> bool:
    number, _, name = text.partition(".")
    return bool(_PHASE.fullmatch(number.strip()) and name.strip()) and "\n" not in text
