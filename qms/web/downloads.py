"""Handing out files that others made: saved, never opened in our name, never from a stale cache."""

from urllib.parse import quote

from flask import Response, request

from qms.text import file_name


def attachment(data: bytes, *, media_type: str, name: str, tag: str = "") -> Response:
    """Return bytes to be saved under a name; with a tag a browser asks whether it has them."""
    response = Response(data, mimetype=media_type)
    response.headers.update(
        {
            "Content-Disposition": (
                f"attachment; filename=\"{file_name(name)}\"; filename*=UTF-8''{quote(name, safe='')}"
            ),
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-cache" if tag else "no-store",
        }
    )
    if not tag:
        return response
    response.set_etag(tag)
    response.make_conditional(request)
    return response


def paper(data: bytes, name: str) -> Response:
    """Return a PDF of this moment, to be looked at and printed."""
    response = Response(data, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{file_name(name)}.pdf"'
    response.headers["Cache-Control"] = "no-store"
    return response
