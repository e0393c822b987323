"""What an installation needs before its first page: keys and a database at head."""

from flask import current_app

from qms import db as database
from qms import keys, trail
from qms.db import db


def prepare() -> None:
    """Make the keys that are missing and bring the database to head."""
    for name in ("SECRET_KEY_FILE", "TRAIL_KEY_FILE"):
        keys.make(current_app.config[name])
    current_app.secret_key = keys.read(current_app.config["SECRET_KEY_FILE"])
    trail.init_app(current_app, keys.read(current_app.config["TRAIL_KEY_FILE"]))
    database.upgrade(database_url())


def database_url() -> str:
    """Return the address of the office's database, password included."""
    return db.engine.url.render_as_string(hide_password=False)
