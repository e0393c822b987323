"""What every answer says to the browser about trust and about keeping it."""

from typing import Final

from flask import Flask, Response, after_this_request, request
from flask.globals import request_ctx

from qms.web import marks

POLICY: Final = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "img-src 'self' data:; object-src 'none'"
)
"""Pictures inside addresses are Bootstrap's arrows and ticks."""

ALWAYS: Final = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}

ASK_EACH_TIME: Final = "public, max-age=0, must-revalidate"
"""Of a public page: who keeps it asks before each use, so nobody is shown yesterday's fee."""

ASK_EACH_SECOND: Final = "public, max-age=0, s-maxage=1, must-revalidate, proxy-revalidate"
"""The same where a proxy may answer a rush for one second."""


def init_app(app: Flask) -> None:
    """Set them on every answer; what a view said itself stands."""
    app.after_request(_set)


def not_kept() -> None:
    """Let nobody keep the answer of this request: what is empty, anybody can ask for endlessly."""
    after_this_request(_keep_nothing)


def _keep_nothing(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    return response


def _set(response: Response) -> Response:
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = (
            ASK_EACH_TIME if _may_be_kept(response) else "no-store"
        )
    return response


def _may_be_kept(response: Response) -> bool:
    return (
        request.method in {"GET", "HEAD"}
        and response.status_code in {200, 301, 302, 304, 308}
        and marks.is_public(request.endpoint)
        and not _session_used()
    )


def _session_used() -> bool:
    session = request_ctx._session  # noqa: SLF001 - asking by its name would count as using it
    return session is None or session.accessed
