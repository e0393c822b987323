"""The style sheet and the modules, joined at start; an address never changes its bytes."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import flask_bootstrap
from flask import Blueprint, Flask, Response, abort, request, url_for

from qms import paths
from qms.web import negotiation
from qms.web.marks import public

bp = Blueprint("assets", __name__)

IMMUTABLE: Final = "public, max-age=31536000, immutable"
_BOOTSTRAP: Final = Path("static/bootstrap5/css/bootstrap.min.css")


@dataclass(frozen=True)
class Asset:
    """Bytes, as they are and packed, and the short digest that stands in their address."""

    data: bytes
    packed: bytes | None
    digest: str
    media_type: str


@cache
def style() -> Asset:
    """Join Bootstrap's style sheet and ours."""
    bootstrap = (Path(flask_bootstrap.__file__).parent / _BOOTSTRAP).read_text("utf-8")
    # The map the last line names is a file of the package that is not served.
    bootstrap = bootstrap.split("/*# sourceMappingURL")[0]
    ours = (paths.STATIC / "look.css").read_text("utf-8")
    return _asset(f"{bootstrap}\n{ours}".encode(), "text/css")


@cache
def icon() -> Asset:
    """Return the mark of the house, for the browser's tab."""
    return _asset((paths.STATIC / "icon.svg").read_bytes(), "image/svg+xml")


@cache
def modules() -> dict[str, Asset]:
    """Return our ES modules by file name."""
    files = sorted((paths.STATIC / "js").glob("*.js"))
    return {file.name: _asset(file.read_bytes(), "text/javascript") for file in files}


@bp.get("/assets/<digest>/look.css", endpoint="style")
@public
def _style(digest: str) -> Response:
    return _answer(style(), digest)


@bp.get("/assets/<digest>/icon.svg", endpoint="icon")
@public
def _icon(digest: str) -> Response:
    return _answer(icon(), digest)


@bp.get("/assets/<digest>/<name>.js", endpoint="module")
@public
def _module(digest: str, name: str) -> Response:
    found = modules().get(f"{name}.js")
    if found is None:
        abort(404)
    return _answer(found, digest)


def style_url() -> str:
    """Return the address of the style sheet."""
    return url_for("assets.style", digest=style().digest)


def icon_url() -> str:
    """Return the address of the mark of the house."""
    return url_for("assets.icon", digest=icon().digest)


def module_url(name: str) -> str:
    """Return the address of one of our modules, such as ``autosave``."""
    return url_for("assets.module", digest=modules()[f"{name}.js"].digest, name=name)


def init_app(app: Flask) -> None:
    """Join everything now, so that a missing file stops the start and not a page."""
    for read in (style, icon, modules):
        read()
    app.register_blueprint(bp)
    app.jinja_env.globals.update(style_url=style_url, icon_url=icon_url, module_url=module_url)


def _asset(data: bytes, media_type: str) -> Asset:
    digest = hashlib.sha256(data).hexdigest()[:16]
    return Asset(data, negotiation.packed(data, media_type), digest, media_type)


def _answer(asset: Asset, digest: str) -> Response:
    packed = (
        asset.packed
        if negotiation.takes_gzip(request.headers.get("Accept-Encoding", ""))
        else None
    )
    response = Response(asset.data if packed is None else packed, mimetype=asset.media_type)
    response.set_etag(asset.digest if packed is None else f"{asset.digest}-gz")
    if packed is not None:
        response.headers["Content-Encoding"] = "gzip"
    if asset.packed is not None:
        response.headers["Vary"] = "Accept-Encoding"
    # A page from before an update asks for an old address: it gets today's bytes, briefly.
    response.headers["Cache-Control"] = (
        IMMUTABLE if digest == asset.digest else "public, max-age=60"
    )
    response.make_conditional(request)
    return response
