"""From ``config.py``, ``$QMS_CONFIG`` and ``QMS_*`` variables to the values that apply."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from flask import Flask

from qms import paths

PREFIX: Final = "QMS_"


def load(app: Flask, overrides: Mapping[str, object] | None) -> None:
    """Fill ``app.config``; later sources win, ``overrides`` last."""
    app.config.from_pyfile(str(paths.CONFIG))
    known = [key for key in app.config if key.isupper()]
    app.config.from_envvar("QMS_CONFIG", silent=True)
    for key in known:
        if f"{PREFIX}{key}" in os.environ:
            app.config[key] = os.environ[f"{PREFIX}{key}"]
    app.config.from_mapping(overrides)
    data_dir = Path(app.config["DATA_DIR"]).resolve()
    public_url = urlsplit(app.config["PUBLIC_URL"])
    secure = str(app.config["SECURE_COOKIES"])
    app.config.update(
        DATA_DIR=data_dir,
        SECRET_KEY_FILE=Path(app.config["SECRET_KEY_FILE"] or data_dir / "keys/secret.key"),
        TRAIL_KEY_FILE=Path(app.config["TRAIL_KEY_FILE"] or data_dir / "keys/trail.key"),
        SQLALCHEMY_DATABASE_URI=app.config["DATABASE_URL"]
        or f"sqlite:///{data_dir}/qms.sqlite",
        MAX_CONTENT_LENGTH=int(app.config["MAX_UPLOAD_MB"]) * 2**20,
        MAX_FORM_MEMORY_SIZE=8 * 2**20,
        MAX_FORM_PARTS=5_000,
        SESSION_COOKIE_NAME="qms",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure == "on"
        or (secure == "auto" and public_url.scheme == "https"),
        WTF_CSRF_TIME_LIMIT=None,
    )
