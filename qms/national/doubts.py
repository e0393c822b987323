"""What looks wrong in the catalogue: kinds of doubts, and the checks that need no amount.

Pure. A doubt is shown to the person who imports; nothing is put right silently.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Final

from qms.documents.kinds.fees import FeeLine
from qms.documents.kinds.parts import LegalReference
from qms.documents.kinds.procedure import (
    CHANNEL_WORDS,
    Method,
    Procedure,
    limit_words,
)
from qms.errors import N_
from qms.national.losses import Loss
from qms.national.words import meaning

NAME_LIMIT: Final = 300
"""Characters above which a name is more likely a description."""

CODE: Final = re.compile(r"\d\.\d{6}(\.\d{2})?(\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})?")
"""The regular form of a code: national, with the branch or the agency that may follow."""

_DECISION: Final = re.compile(r"\d+[A-Za-z]?(/\d{4})?/QĐ-[A-ZĐ]+(-[A-ZĐ]+\d*)*")
_SLIPS: Final = (
    (re.compile(r"^(quyết định)?\s*(số)?\s*:?\s*", re.IGNORECASE), ""),
    (re.compile(r"\s+"), ""),
    (re.compile(r"\.?/\.?"), "/"),
    (re.compile(r"/Q[ĐD]_?-?(?=[^\W\d_])", re.IGNORECASE), "/QĐ-"),
    (re.compile(r"[.,;]+$"), ""),
)


class DoubtKind(StrEnum):
    """The ways in which the catalogue looks wrong."""

    FEE_ZERO = "fee_zero"
    FEE_AMOUNT = "fee_amount"
    TIME_UNIT = "time_unit"
    CHANNELS = "channels"
    DECISION = "decision"
    NAME_LONG = "name_long"
    CODE = "code"
    DOSSIER_TWICE = "dossier_twice"
    LEGAL_NUMBER = "legal_number"
    LEVELS_SHORTER = "levels_shorter"
    CODE_TWICE = "code_twice"
    LOST = "lost"


QUESTIONS: Final[Mapping[DoubtKind, str]] = {
    DoubtKind.FEE_ZERO: N_(
        "Danh mục ghi 0 đồng nhưng ghi chú nêu mức thu,"
        " nói do Hội đồng nhân dân quyết định hoặc dẫn văn bản khác."
    ),
    DoubtKind.FEE_AMOUNT: N_("Số tiền không khớp với ghi chú hoặc khó có thể đúng."),
    DoubtKind.TIME_UNIT: N_("Thời hạn không có đơn vị tính rõ ràng."),
    DoubtKind.CHANNELS: N_(
        "Thời hạn khác nhau theo hình thức nộp: có thể là các trường hợp khác nhau."
    ),
    DoubtKind.DECISION: N_("Số quyết định công bố không đúng dạng thường dùng."),
    DoubtKind.NAME_LONG: N_("Tên dài trên 300 ký tự: có thể đã lẫn phần mô tả."),
    DoubtKind.CODE: N_("Mã thủ tục không đúng dạng thường dùng."),
    DoubtKind.DOSSIER_TWICE: N_("Một giấy tờ được ghi hai lần trong cùng trường hợp."),
    DoubtKind.LEGAL_NUMBER: N_("Văn bản căn cứ không có số, ký hiệu."),
    DoubtKind.LEVELS_SHORTER: N_("Danh sách cấp thực hiện chỉ bớt đi so với bản đang có."),
    DoubtKind.CODE_TWICE: N_("Mã này đứng ở nhiều dòng của tệp; chỉ dòng đầu được dùng."),
    DoubtKind.LOST: N_(
        "Danh mục không còn nói rõ điều văn bản đang có. Thời hạn, hồ sơ và căn cứ được giữ như"
        " đang có cho tới khi xử lý; mức thu ghi “chưa xác định”."
    ),
}
"""What is asked about each kind of doubt."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that looks wrong at one place of one procedure.

    ``where`` names the place in the content ("methods.0.fees.1"; "name", "code", "levels"),
    ``said`` is what the catalogue says there, ``suggestion`` what may have been meant (empty
    where nobody can guess), ``group_key`` is shared by doubts that one answer may settle, and
    ``restore`` is the fee line as the catalogue has it, which a yes puts back, ``loss`` what the
    catalogue would take away.
    """

    kind: DoubtKind
    where: str
    said: str
    suggestion: str = ""
    group_key: str = ""
    restore: FeeLine | None = None
    loss: Loss | None = None


def doubt(
    kind: DoubtKind,
    where: str,
    said: str,
    suggestion: str = "",
    *,
    group: str | None = None,
    restore: FeeLine | None = None,
    loss: Loss | None = None,
) -> Doubt:
    """Return a doubt; those with the same ``group`` words (else ``said``) are one group."""
    words = meaning(said if group is None else group)
    key = f"{kind}:{blake2b(words.encode(), digest_size=8).hexdigest()}"
    return Doubt(kind, where, said, suggestion, key, restore, loss)


def of_identity(code: str, name: str) -> Iterator[Doubt]:
    """Give the doubts about code and name."""
    if not CODE.fullmatch(code):
        yield doubt(DoubtKind.CODE, "code", code)
    if len(name) > NAME_LIMIT:
        yield doubt(DoubtKind.NAME_LONG, "name", name, group="")


def of_content(content: Procedure) -> Iterator[Doubt]:
    """Give the doubts about everything but the fees."""
    if content.announced_by and not _DECISION.fullmatch(content.announced_by):
        said = content.announced_by
        yield doubt(DoubtKind.DECISION, "announced_by", said, tidy_decision(said))
    yield from _of_channels(content.methods)
    yield from _of_dossier(content)
    for number, basis in enumerate(content.legal_basis):
        if not basis.number:
            place = f"legal_basis.{number}"
            yield doubt(DoubtKind.LEGAL_NUMBER, place, basis.name, legal_number(basis))


def tidy_decision(said: str) -> str:
    """Return the regular number that was probably meant, or nothing."""
    for slip, right in _SLIPS:
        said = slip.sub(right, said)
    number, slash, rest = said.partition("/")
    said = number + slash + (rest.upper() if rest.removeprefix("QĐ").islower() else rest)
    return said if _DECISION.fullmatch(said) else ""


def legal_number(basis: LegalReference) -> str:
    """Return the number that stands in the name of a legal text, or nothing."""
    found = re.search(r"(?<!\d)\d{1,6}/\d{4}/[^\W\d_][\w-]*", basis.name)
    return found.group() if found else ""


def _of_channels(methods: tuple[Method, ...]) -> Iterator[Doubt]:
    """Doubt limits that differ only by the way a dossier comes in."""
    limits: dict[str, set[str]] = {}
    for method in methods:
        words = limit_words(method.limit)
        limits.setdefault(CHANNEL_WORDS[method.channel], set()).add(words)
    keys = {frozenset(meaning(words) for words in said) for said in limits.values()}
    if len(keys) > 1:
        said = "; ".join(
            f"{channel}: {', '.join(sorted(words)) or '–'}" for channel, words in limits.items()
        )
        yield doubt(DoubtKind.CHANNELS, "methods", said)


def _of_dossier(content: Procedure) -> Iterator[Doubt]:
    seen = Counter[tuple[str, str]]()
    for number, item in enumerate(content.dossier):
        key = (meaning(item.case), meaning(item.name))
        seen[key] += 1
        if seen[key] > 1 and key[1]:
            yield doubt(DoubtKind.DOSSIER_TWICE, f"dossier.{number}", item.name)
