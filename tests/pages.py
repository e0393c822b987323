"""A browser for tests: opens endpoints, gives back pages, and complains about bad HTML."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import cssselect2
import tinyhtml5
from flask import url_for
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

LABELLED = "input:not([type=hidden]):not([type=submit]):not([type=button]), select, textarea"


@dataclass(frozen=True)
class Page:
    """What came back. Parsed with the parsers WeasyPrint brings along."""

    status: int
    html: str
    address: str = ""

    @cached_property
    def root(self) -> cssselect2.ElementWrapper:
        """The document as a tree."""
        tree = tinyhtml5.parse(self.html, namespace_html_elements=False)
        return cssselect2.ElementWrapper.from_html_root(tree)

    def all(self, selector: str) -> list[str]:
        """Return the text of every element matching a CSS selector."""
        return [
            " ".join("".join(found.etree_element.itertext()).split())
            for found in self.root.query_all(selector)
        ]

    def one(self, selector: str) -> str:
        """Return the text of the only element matching a CSS selector."""
        (text,) = self.all(selector)
        return text

    def attributes(self, selector: str, name: str) -> list[str]:
        """Return one attribute of every element matching a CSS selector."""
        return [found.etree_element.get(name, "") for found in self.root.query_all(selector)]

    @property
    def text(self) -> str:
        """What the main part of the page says."""
        return " ".join(self.all("main"))

    def check(self) -> None:
        """Hold the page to the house rules."""
        assert len(self.all("h1")) == 1, f"a page has one heading: {self.all('h1')}"
        assert self.one("head title").startswith(self.one("h1")), "the title starts with it"
        assert len(self.all("main")) == 1, "a page has one main part"
        assert self.attributes("html", "lang")[0] in {"vi", "en"}, "a page says its language"
        ids = Counter(self.attributes("[id]", "id"))
        assert not [name for name, count in ids.items() if count > 1], "ids are unique"
        unlabelled = [
            found.etree_element.get("name")
            for found in self.root.query_all(LABELLED)
            if not self._has_label(found)
        ]
        assert not unlabelled, f"every input has a label: {unlabelled}"

    def _has_label(self, found: cssselect2.ElementWrapper) -> bool:
        element = found.etree_element
        return (
            element.get("id") in self.attributes("label", "for")
            or bool(element.get("aria-label") or element.get("aria-labelledby"))
            or any(parent.etree_element.tag == "label" for parent in found.ancestors)
        )


class Browser:
    """Opens pages by endpoint name and holds each of them to the house rules."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def sign_in(self, account: str, password: str) -> Page:
        """Sign in through the page people use."""
        return self.post(
            "accounts.sign_in", {"account": account, "password": password}, status=303
        )

    def get(self, endpoint: str, *, status: int = 200, **values: object) -> Page:
        """Open a page."""
        return self.check(self.client.get(self._url(endpoint, values)), status)

    def open(self, address: str, *, status: int = 200) -> Page:
        """Open a page by its address, where the address itself is promised."""
        return self.check(self.client.get(address), status)

    def file(self, endpoint: str, *, status: int = 200, **values: object) -> TestResponse:
        """Fetch what is no page: paper, a file, a feed."""
        response = self.client.get(self._url(endpoint, values))
        assert response.status_code == status, response.get_data(as_text=True)[:500]
        return response

    def post(
        self,
        endpoint: str,
        form: Mapping[str, object | Sequence[object]],
        *,
        status: int,
        **values: object,
    ) -> Page:
        """Send a form; a redirect is followed and its page returned."""
        url = self._url(endpoint, values)
        response = self.client.post(url, data=dict(form), content_type="multipart/form-data")
        if response.status_code == 303:
            assert status == 303, f"expected {status}, was sent to {response.location}"
            return self.check(self.client.get(response.location), 200)
        return self.check(response, status)

    def _url(self, endpoint: str, values: Mapping[str, object]) -> str:
        with self.client.application.test_request_context():
            return url_for(endpoint, **values)  # type: ignore[arg-type]

    def check(self, response: TestResponse, status: int) -> Page:
        """Hold an answer to the house rules and give back its page."""
        page = Page(
            response.status_code, response.get_data(as_text=True), response.request.path
        )
        assert page.status == status, f"{page.address}: {page.status} {page.all('main')}"
        page.check()
        return page
