"""What a procedure says in words: prices as a citizen reads them."""

import pytest

from qms.documents.kinds.fees import FeeLine, Rate, Step
from qms.documents.kinds.procedure import rate_words


def steps(unit: str, cap: int | None = None) -> FeeLine:
    prices = (Step(from_unit=1, amount=2_000), Step(from_unit=3, amount=1_000))
    return FeeLine(name="Phí", rate=Rate.STEPS, steps=prices, cap=cap, unit=unit)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            FeeLine(name="Phí", rate=Rate.AMOUNT, amount=8_000, unit="đồng/bản"),
            "8.000 đồng/bản",
        ),
        (
            FeeLine(name="Phí", rate=Rate.AMOUNT, amount=8_000, unit="mỗi hồ sơ"),
            "8.000 đồng mỗi hồ sơ",
        ),
        (FeeLine(name="Phí", rate=Rate.NONE), "Không thu"),
        (FeeLine(name="Phí", rate=Rate.UNKNOWN), "Chưa xác định"),
        (
            steps("đồng/trang", 200_000),
            "từ trang thứ 1: 2.000 đồng/trang; từ trang thứ 3: 1.000 đồng/trang; tối đa 200.000 đồng",
        ),
        (steps(""), "từ đơn vị thứ 1: 2.000 đồng; từ đơn vị thứ 3: 1.000 đồng"),
    ],
)
def test_a_price_is_said_with_what_it_is_counted_by(line: FeeLine, words: str) -> None:
    assert rate_words(line) == words
