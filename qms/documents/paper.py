"""What a printed decision says, with its annex; the layout of Nghị định 30/2020/NĐ-CP.

A query of this feature fills it in; ``templates/print/decision.html`` sets it. Words of the
paper are Vietnamese whatever the language of the pages.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from qms.documents.kinds.fees import Channel
from qms.documents.kinds.procedure import (
    CHANNEL_WORDS,
    Method,
    Procedure,
    limit_words,
    rate_words,
)
from qms.vietnamese import day, formal_day

UNSAID: Final = "Không quy định"
NBSP: Final = "\u00a0"
FORM: Final = "decision.html"
"""The print template this data is for."""


class LineGroup(StrEnum):
    """The parts of the annex, in their order."""

    NEW = "new"
    AMENDED = "amended"
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"
    MOVED = "moved"
    CANCELLED = "cancelled"


GROUP_TITLES: Final = {
    LineGroup.NEW: ("Thủ tục hành chính ban hành mới", "Tài liệu ban hành mới"),
    LineGroup.AMENDED: ("Thủ tục hành chính được sửa đổi, bổ sung", "Tài liệu được sửa đổi"),
    LineGroup.WITHDRAWN: ("Thủ tục hành chính bị bãi bỏ", "Tài liệu bị bãi bỏ"),
    LineGroup.CORRECTED: ("Thủ tục hành chính được đính chính", "Tài liệu được đính chính"),
    LineGroup.MOVED: (
        "Thủ tục hành chính đổi ngày có hiệu lực",
        "Tài liệu đổi ngày có hiệu lực",
    ),
    LineGroup.CANCELLED: (
        "Thủ tục hành chính không ban hành nữa",
        "Tài liệu không ban hành nữa",
    ),
}
GROUP_VERBS: Final = {
    LineGroup.NEW: "ban hành mới",
    LineGroup.AMENDED: "sửa đổi, bổ sung",
    LineGroup.WITHDRAWN: "bãi bỏ",
    LineGroup.CORRECTED: "đính chính",
    LineGroup.MOVED: "đổi ngày có hiệu lực",
    LineGroup.CANCELLED: "hủy việc ban hành đã ký",
}

_SHORT_CASE: Final = 80
"""Characters up to which a case is told in the annex beside its time limit."""

_LETTERS: Final = "ABCDĐEGHIKLM"


@dataclass(frozen=True)
class ProcedureCells:
    """The columns an announcement decision has for a procedure."""

    limit: str = ""
    place: str = ""
    online: str = ""
    agency: str = ""
    fee: str = ""
    legal: str = ""


@dataclass(frozen=True)
class PaperLine:
    """One line of the decision.

    ``cells`` is None for documents that are no procedures; they have their issue and
    amendment numbers instead. ``on`` is the line's own day. ``changed`` names the cells and
    ``title`` that differ from the text before: they are set in italics. ``replaces`` says in
    words which earlier line a correction, move or cancellation stands for.
    """

    group: LineGroup
    code: str
    title: str
    cells: ProcedureCells | None = None
    issue: int | None = None
    amendment: int | None = None
    on: date | None = None
    reason: str = ""
    replaces: str = ""
    changed: frozenset[str] = frozenset()


@dataclass(frozen=True)
class PaperSigner:
    """Who signs: "TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH", the name, and how it was signed."""

    power: str
    title: str
    name: str = ""
    note: str = ""


@dataclass(frozen=True)
class DecisionPaper:
    """A decision as it is printed; a draft has neither number nor day.

    ``authority`` is who decides ("Chủ tịch Ủy ban nhân dân xã …"), where it is not the
    issuer. ``acts`` say who reviewed and signed, when and in whose place. ``reason`` is the
    one given for a day before the signature.
    """

    superior: str
    issuer: str
    place: str
    number: str
    dated: date | None
    title: str
    effective_on: date | None
    lines: Sequence[PaperLine]
    signer: PaperSigner
    grounds: Sequence[str] = ()
    carried_out_by: str = ""
    receivers: Sequence[str] = ()
    acts: Sequence[str] = ()
    reason: str = ""
    symbol: str = "QĐ-UBND"
    authority: str = ""
    draft: bool = True


def decision_data(paper: DecisionPaper) -> dict[str, object]:
    """Return what ``decision.html`` needs."""
    number = "" if paper.draft else paper.number
    on = paper.dated if paper.dated and not paper.draft else None
    named = f"số {number} {formal_day(on)}" if number and on else "số …… ngày … tháng … năm …"
    return {
        "office": {"above": paper.superior, "name": paper.issuer},
        "number": f"Số: {number or NBSP * 8 + '/' + paper.symbol}",
        "place": paper.place,
        "on": formal_day(on) if on else "ngày … tháng … năm ……",
        "title": paper.title,
        "authority": (paper.authority or paper.issuer).replace("\n", " "),
        "grounds": _ended(paper.grounds),
        "articles": _articles(paper),
        "groups": _groups(paper.lines),
        "with_words": f"Kèm theo Quyết định {named} của {paper.issuer.replace(chr(10), ' ')}",
        "signer": {**asdict(paper.signer), "note": "" if paper.draft else paper.signer.note},
        "receivers": [*paper.receivers, "Lưu: VT."],
        "acts": list(paper.acts),
        "draft": paper.draft,
    }


def procedure_cells(content: Procedure) -> ProcedureCells:
    """Return the columns of the annex for a procedure."""
    methods = content.methods
    return ProcedureCells(
        limit=_by_case(methods, [limit_words(m.limit) for m in methods]),
        place=content.address or content.handled_by,
        online="\n".join(
            CHANNEL_WORDS[c] for c in Channel if any(m.channel is c for m in methods)
        ),
        agency=content.handled_by,
        fee=_distinct(rate_words(line) for m in methods for line in m.fees),
        legal=_distinct(b.number or b.name for b in content.legal_basis).replace("\n", "; "),
    )


def _by_case(methods: Sequence[Method], words: Sequence[str]) -> str:
    said = [
        f"{m.case}: {word}"
        if m.case and len(m.case) <= _SHORT_CASE and len(set(words)) > 1
        else word
        for m, word in zip(methods, words, strict=True)
        if word
    ]
    return _distinct(said)


def _distinct(words: Iterable[str]) -> str:
    return "\n".join(word for word in dict.fromkeys(words) if word)


def _ended(grounds: Sequence[str]) -> list[str]:
    """End each ground with a semicolon, the last with a full stop."""
    plain = [ground.rstrip(" .;") for ground in grounds if ground.strip(" .;")]
    return [f"{g}{'.' if i == len(plain) else ';'}" for i, g in enumerate(plain, 1)]


def _articles(paper: DecisionPaper) -> list[str]:
    about = [_counted(paper.lines, procedures=True), _counted(paper.lines, procedures=False)]
    who = paper.carried_out_by or "Các cơ quan, đơn vị, cá nhân có liên quan"
    listed = " và ".join(words for words in about if words) or "các nội dung sau"
    return [
        f"Công bố kèm theo Quyết định này danh mục {listed} (có Phụ lục kèm theo).",
        _force(paper),
        f"{who} chịu trách nhiệm thi hành Quyết định này.",
    ]


def _counted(lines: Sequence[PaperLine], *, procedures: bool) -> str:
    """Say "12 thủ tục hành chính (03 ban hành mới, 09 bãi bỏ)"; empty where there are none."""
    mine = [line.group for line in lines if (line.cells is not None) == procedures]
    parts = [
        f"{mine.count(group):02d} {GROUP_VERBS[group]}" for group in LineGroup if group in mine
    ]
    noun = "thủ tục hành chính" if procedures else "tài liệu"
    return f"{len(mine):02d} {noun} ({', '.join(parts)})" if mine else ""


def _force(paper: DecisionPaper) -> str:
    own = any(line.on and line.on != paper.effective_on for line in paper.lines)
    when = formal_day(paper.effective_on) if paper.effective_on else "ngày … tháng … năm ……"
    words = f"Quyết định này có hiệu lực từ {when}"
    words += "; dòng có ngày riêng thì theo ngày ghi tại Phụ lục." if own else "."
    why = f" Lý do của ngày có hiệu lực: {paper.reason.rstrip('.')}." if paper.reason else ""
    return words + why


def _groups(lines: Sequence[PaperLine]) -> list[dict[str, object]]:
    """Return the tables of the annex: procedures first, each in the order of the law."""
    found: list[dict[str, object]] = []
    for procedures in (True, False):
        for group in LineGroup:
            mine = [
                x for x in lines if x.group is group and (x.cells is not None) == procedures
            ]
            if mine:
                title = GROUP_TITLES[group][0 if procedures else 1]
                letter = _LETTERS[len(found)]
                rows = [_row(number, line) for number, line in enumerate(mine, 1)]
                short = group in {LineGroup.WITHDRAWN, LineGroup.MOVED, LineGroup.CANCELLED}
                columns = ("short" if short else "procedure") if procedures else "document"
                found.append({"title": f"{letter}. {title}", "columns": columns, "rows": rows})
    return found


def _row(number: int, line: PaperLine) -> dict[str, object]:
    cells = asdict(line.cells or ProcedureCells())
    return {
        **{name: words or UNSAID for name, words in cells.items()},
        "number": number,
        "code": line.code,
        "title": line.title,
        "issue": _two(line.issue),
        "amendment": _two(line.amendment),
        "on": day(line.on) if line.on else "",
        "remarks": [words for words in (line.replaces, line.reason) if words],
        "changed": sorted(line.changed),
    }


def _two(value: int | None) -> str:
    return "–" if value is None else f"{value:02d}"
