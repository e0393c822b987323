"""What every answer says to the browser about trust and about keeping it."""

from typing import Final

from flask import Flask, Response, request
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

PUBLIC_SECONDS: Final = 60
"""How long a public page may be kept; a new day shows on every board within a minute."""


def init_app(app: Flask) -> None:
    """Set them on every answer; what a view said itself stands."""
    app.after_request(_set)


def _set(response: Response) -> Response:
    for name, value in ALWAYS.items():
        response.headers.setdefault(name, value)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = (
            f"public, max-age={PUBLIC_SECONDS}" if _may_be_kept(response) else "no-store"
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
