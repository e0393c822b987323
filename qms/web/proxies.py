"""Who asks, where proxies stand before the server: believed only of as many as there are."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix


def init_app(app: Flask) -> None:
    """Take address, scheme and host from what the trusted proxies add; with none, from nobody."""
    trusted = app.config["TRUSTED_PROXIES"]
    app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
        app.wsgi_app, x_for=trusted, x_proto=trusted, x_host=trusted
    )
