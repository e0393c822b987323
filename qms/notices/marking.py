"""What a notice says to machines that look for services: schema.org, and one sentence about it."""

from typing import Final

from qms.documents.kinds.fees import Channel, Rate
from qms.documents.kinds.procedure import CHANNEL_WORDS, Procedure
from qms.notices.answers import Answers, Price
from qms.notices.queries import Office

LONGEST: Final = 300
"""Letters of a description; search engines show no more."""
_NAME: Final = 160
"""Letters of a name in it: the rest is for what people ask first."""


def service(
    page: str, code: str, title: str, content: Procedure, told: Answers, office: Office
) -> dict[str, object]:
    """Return a procedure as a ``GovernmentService`` in JSON-LD; what nobody said is left out."""
    provider = _known(
        {
            "@type": "GovernmentOrganization",
            "name": office.name,
            "address": office.seat,
            "telephone": office.phone,
            "email": office.email,
            "url": office.website,
        }
    )
    return _known(
        {
            "@context": "https://schema.org",
            "@type": "GovernmentService",
            "@id": page,
            "url": page,
            "identifier": code,
            "name": title,
            "inLanguage": "vi",
            "category": content.field,
            "description": description(title, told, office),
            "audience": _known(
                {"@type": "Audience", "audienceType": content.applicants[:LONGEST]}
            )
            if content.applicants
            else None,
            "serviceOutput": {"@type": "Thing", "name": content.result[:LONGEST]}
            if content.result
            else None,
            "provider": provider,
            "availableChannel": [
                _known(
                    {
                        "@type": "ServiceChannel",
                        "name": CHANNEL_WORDS[each],
                        "serviceLocation": {"@type": "Place", "address": office.seat}
                        if each is Channel.DIRECT and office.seat
                        else None,
                    }
                )
                for each in told.channels
            ],
            "offers": [_offer(each) for each in told.prices if each.rate is not Rate.UNKNOWN],
        }
    )


def description(title: str, told: Answers, office: Office) -> str:
    """Return one sentence for lists of what was found: where, how long, how much."""
    limits = list(dict.fromkeys(each.words for each in told.limits if each.words))
    prices = list(dict.fromkeys(_words(each) for each in told.prices))
    name = title if len(title) <= _NAME else f"{title[:_NAME].rstrip()}…"
    said = [f"{name} tại {office.name}"]
    said += [f"Thời hạn: {limits[0]}"] if len(limits) == 1 else []
    said += [f"Phí, lệ phí: {prices[0]}"] if len(prices) == 1 and prices[0] else []
    whole = ". ".join(said) + "."
    return whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 1].rstrip()}…"


def _offer(price: Price) -> dict[str, object]:
    return _known(
        {
            "@type": "Offer",
            "name": price.name,
            "priceCurrency": "VND",
            "price": 0 if price.rate in {Rate.NONE, Rate.EXEMPT} else price.amount,
            "description": _words(price),
        }
    )


def _words(price: Price) -> str:
    return price.words or {Rate.NONE: "Không thu", Rate.EXEMPT: "Miễn"}.get(price.rate, "")


def _known(said: dict[str, object]) -> dict[str, object]:
    """Leave out what nobody said."""
    return {name: value for name, value in said.items() if value not in ("", None, [])}
