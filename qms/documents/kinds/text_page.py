"""A written text as a page: Markdown to HTML that can do no harm."""

from collections.abc import Sequence
from typing import Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

_SHIFT: Final = 1
"""The page's own heading stands above those of the text."""

_TAGS: Final = {
    *("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "s", "code", "pre"),
    *("blockquote", "hr", "br", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES: Final = {
    "a": {"href", "title"},
    "ol": {"start"},
    "table": {"class", "role"},
    **{tag: {"role", "scope", "data-label"} for tag in ("thead", "tbody", "tr", "th", "td")},
}
_ROLES: Final = {
    "thead": "rowgroup",
    "tbody": "rowgroup",
    "tr": "row",
    "th": "columnheader",
    "td": "cell",
}
_MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def html(body: str) -> Markup:
    """Return a text as HTML: no tags of its own, headings below the page's, tables as cards."""
    tokens = _MARKDOWN.parse(body)
    _headings(tokens)
    _tables(tokens)
    made = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    safe = nh3.clean(made, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes={"http", "https"})
    return Markup(safe)  # noqa: S704 - cleaned on the line above


def _headings(tokens: Sequence[Token]) -> None:
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + _SHIFT, 6)}"


def _tables(tokens: Sequence[Token]) -> None:
    """Give tables what they need to be cards on a phone."""
    labels: list[str] = []
    column = 0
    for token, inner in zip(tokens, [*tokens[1:], None], strict=False):
        if token.type == "table_open":
            labels = []
            token.attrs = {"role": "table", "class": "table cards"}
        elif token.type == "tr_open":
            column = 0
        if token.nesting != 1 or token.tag not in _ROLES:
            continue
        token.attrs = {"role": _ROLES[token.tag]}
        if token.tag == "th":
            labels.append(inner.content if inner else "")
            token.attrs["scope"] = "col"
        elif token.tag == "td":
            token.attrs["data-label"] = labels[column] if column < len(labels) else ""
            column += 1
