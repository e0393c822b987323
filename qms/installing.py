"""What an installation needs before its first page: keys and a database at head."""

from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from qms import db as database
from qms import keys, trail
from qms.db import db
from qms.errors import RefusedError


def prepare() -> None:
    """Make the keys that are missing and bring the database to head.

    Raises:
        RefusedError: there is a trail already, and its key is missing.

    """
    trail_key: Path = current_app.config["TRAIL_KEY_FILE"]
    if not trail_key.exists() and _has_trail():
        raise RefusedError(
            "Đã có nhật ký nhưng thiếu khóa %(path)s. Hãy chép lại khóa từ nơi cất giữ.",
            path=trail_key,
        )
    for name in ("SECRET_KEY_FILE", "TRAIL_KEY_FILE"):
        keys.make(current_app.config[name])
    current_app.secret_key = keys.read(current_app.config["SECRET_KEY_FILE"])
    trail.init_app(current_app, keys.read(trail_key))
    database.upgrade(database_url())


def database_url() -> str:
    """Return the address of the office's database, password included."""
    return db.engine.url.render_as_string(hide_password=False)


def _has_trail() -> bool:
    """Tell whether somebody has acted on this database before."""
    there = sa.inspect(db.engine).has_table(trail.Entry.__tablename__)
    return there and trail.head(db.session()).seq > 0
