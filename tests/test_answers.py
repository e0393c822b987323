"""The five answers a notice begins with."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qms.documents.kinds.fees import Channel, FeeLine, Rate, Step
from qms.documents.kinds.procedure import (
    DossierItem,
    LimitUnit,
    Method,
    Procedure,
    TimeLimit,
)
from qms.notices.answers import answers, heading

FIVE_DAYS = TimeLimit(count=5, unit=LimitUnit.WORKING_DAY)


def fee(rate: Rate = Rate.AMOUNT, amount: int | None = 8_000, **more: object) -> FeeLine:
    given = {"name": "", "rate": rate, "amount": amount if rate is Rate.AMOUNT else None}
    return FeeLine.model_validate(given | more)


def by_all_channels(**more: object) -> tuple[Method, ...]:
    return tuple(Method.model_validate({"channel": channel} | more) for channel in Channel)


def test_channels_that_take_equally_long_are_one_sentence() -> None:
    limits = answers(Procedure(methods=by_all_channels(limit=FIVE_DAYS))).limits

    assert len(limits) == 1
    assert limits[0].words == "05 ngày làm việc"
    assert limits[0].channels == tuple(Channel)


def test_limits_that_differ_stay_apart() -> None:
    slow = Method(channel=Channel.POSTAL, limit=TimeLimit(count=7, unit=LimitUnit.WORKING_DAY))
    quick = Method(channel=Channel.ONLINE, limit=FIVE_DAYS)

    limits = answers(Procedure(methods=(slow, quick))).limits

    assert [limit.count for limit in limits] == [7, 5]


def test_limits_of_one_channel_without_cases_are_told_apart_by_their_own_words() -> None:
    common = "Nộp tại Trung tâm."
    methods = tuple(
        Method(
            channel=channel,
            limit=TimeLimit(count=count, unit=LimitUnit.WORKING_DAY),
            note=f"{common}\n* {words}",
        )
        for channel in (Channel.DIRECT, Channel.ONLINE)
        for count, words in ((8, "Ở đồng bằng"), (18, "Ở miền núi"))
    )

    limits = answers(Procedure(methods=methods)).limits

    assert [(limit.count, limit.case) for limit in limits] == [
        (8, "Ở đồng bằng"),
        (18, "Ở miền núi"),
    ]


def test_where_the_limit_says_nothing_the_description_is_told() -> None:
    method = Method(channel=Channel.DIRECT, limit=None, note="Trả ngay khi nhận đủ hồ sơ.")

    (limit,) = answers(Procedure(methods=(method,))).limits

    assert (limit.words, limit.note) == ("", "Trả ngay khi nhận đủ hồ sơ.")


def test_a_nought_in_the_catalogue_is_unknown_not_free() -> None:
    (price,) = answers(Procedure(methods=by_all_channels(fees=(fee(amount=0),)))).prices

    assert price.rate is Rate.UNKNOWN
    assert price.words == ""


def test_a_procedure_without_fee_lines_has_an_unknown_price() -> None:
    found = answers(Procedure(methods=by_all_channels()))

    assert [price.rate for price in found.prices] == [Rate.UNKNOWN]


@pytest.mark.parametrize("rate", [Rate.NONE, Rate.EXEMPT, Rate.UNKNOWN])
def test_words_that_are_no_amount_keep_their_meaning(rate: Rate) -> None:
    (price,) = answers(Procedure(), [fee(rate)]).prices

    assert (price.rate, price.words) == (rate, "")


def test_the_fee_schedule_goes_before_the_catalogue() -> None:
    procedure = Procedure(methods=by_all_channels(fees=(fee(amount=5_000),)))

    found = answers(procedure, [fee(amount=7_000, channels=(Channel.ONLINE,))])

    assert not found.from_catalogue
    assert [price.words for price in found.prices] == ["7.000 đồng"]
    assert found.prices[0].channels == (Channel.ONLINE,)


def test_a_nought_of_a_schedule_is_an_amount_and_of_the_catalogue_nobodys_word() -> None:
    procedure = Procedure(methods=by_all_channels(fees=(fee(amount=0),)))

    assert [p.words for p in answers(procedure, [fee(amount=0)]).prices] == ["0 đồng"]
    assert [p.rate for p in answers(procedure).prices] == [Rate.UNKNOWN]


def test_without_a_schedule_the_catalogue_is_told_and_marked() -> None:
    found = answers(Procedure(methods=by_all_channels(fees=(fee(amount=5_000),))), [])

    assert found.from_catalogue
    assert [(p.words, p.channels) for p in found.prices] == [("5.000 đồng", tuple(Channel))]


def test_steps_name_each_price_and_the_cap() -> None:
    line = fee(
        Rate.STEPS,
        steps=(Step(from_unit=1, amount=2_000), Step(from_unit=3, amount=1_000)),
        cap=200_000,
        first_day=date(2025, 7, 1),
    )

    (price,) = answers(Procedure(), [line]).prices

    assert "2.000 đồng" in price.words
    assert "tối đa 200.000 đồng" in price.words


def test_papers_of_a_case_are_not_asked_of_everybody() -> None:
    dossier = (
        DossierItem(name="Tờ khai"),
        DossierItem(name="Biên bản", case="Trẻ em bị bỏ rơi"),
        DossierItem(name="Ảnh", optional=True),
        DossierItem(name="Trường hợp ủy quyền thì có văn bản ủy quyền"),
    )

    bring = answers(Procedure(dossier=dossier)).bring

    assert [paper.name for paper in bring.required] == ["Tờ khai"]
    assert [case.name for case in bring.cases] == ["Trẻ em bị bỏ rơi", ""]
    assert bring.count == len(dossier)


def test_headings_for_everybody_make_papers_required() -> None:
    dossier = (
        DossierItem(name="Tờ khai", case="* Giấy tờ phải nộp:"),
        DossierItem(name="Thẻ căn cước", case="* Giấy tờ phải xuất trình :"),
    )

    bring = answers(Procedure(dossier=dossier)).bring

    assert [(p.name, p.shown_only) for p in bring.required] == [
        ("Tờ khai", False),
        ("Thẻ căn cước", True),
    ]
    assert bring.cases == ()


def test_remarks_are_no_papers() -> None:
    dossier = (DossierItem(name="- Bản chụp phải rõ nét.", case="* Lưu ý :"),)

    bring = answers(Procedure(dossier=dossier)).bring

    assert bring.count == 0
    assert bring.remarks == ("- Bản chụp phải rõ nét.",)


def test_a_form_used_twice_is_named_once() -> None:
    dossier = (
        DossierItem(name="Tờ khai", form="CT01"),
        DossierItem(name="Tờ khai của người thứ hai", form="CT01"),
    )

    forms = answers(Procedure(dossier=dossier)).forms

    assert [(form.code, form.name) for form in forms] == [("CT01", "Tờ khai")]


@given(st.lists(st.builds(DossierItem, case=st.text(max_size=40), name=st.text(max_size=40))))
def test_no_paper_is_lost_whatever_the_headings(dossier: list[DossierItem]) -> None:
    bring = answers(Procedure(dossier=tuple(dossier))).bring

    named = [item for item in dossier if heading(item.name)]
    assert bring.count + len(bring.remarks) == len(named)


@given(st.text())
def test_a_heading_of_a_heading_is_itself(case: str) -> None:
    assert heading(heading(case)) == heading(case)
