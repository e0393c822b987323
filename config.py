"""The values one office sets.

This file is read by path and never imported, so its name clashes with nothing. An office
keeps its own copy outside the program and names it in ``$QMS_CONFIG``; each value can also
be set as a variable of the environment with ``QMS_`` before its name.
"""

DATA_DIR = "var"
"""Database, files and keys lie under it unless another setting names a place."""

DATABASE_URL = ""
"""Empty: SQLite under DATA_DIR. Else such as postgresql+psycopg://user@host/name."""

FILES_URL = ""
"""Empty: a folder under DATA_DIR. Else file:///folder or s3://bucket/prefix."""

JOBS_URL = ""
"""Empty: background work runs inside the server. Else postgresql://… or redis://…."""

SECRET_KEY_FILE = ""
"""Empty: keys/secret.key under DATA_DIR, made by ``qms init``."""

TRAIL_KEY_FILE = ""
"""Empty: keys/trail.key under DATA_DIR, made by ``qms init``."""

PUBLIC_URL = "http://127.0.0.1:8000"
"""How citizens reach the board; printed under every QR, so a promise for ever."""

WATCH_URL = ""
"""Where the system itself asks every minute whether the board answers; empty: ``qms serve``
asks itself, a worker asks PUBLIC_URL."""

TIMEZONE = "Asia/Ho_Chi_Minh"

DEFAULT_UNIT = ""
"""Address word of the unit whose board stands at ``/``; empty: the office people work in."""

CLI_SIGN = "on"
"""``off`` closes ``qms decision sign``; then only the browser, with a password, signs."""

SESSION_HOURS = 10
"""A sign-in ends after so many hours, used or not."""

IDLE_MINUTES = 60
"""A sign-in ends when nothing was asked for so long."""

TRUSTED_PROXIES = 0
"""How many proxies stand between the browsers and the server; each adds whom it was asked by."""

SECURE_COOKIES = "auto"
"""``auto``: cookies are sent over https only when PUBLIC_URL is https."""

MAX_UPLOAD_MB = 64

MAIL_URL = ""
"""Empty: no letters are sent. Else smtp://host:25 (a server of the house), or
smtp+tls://name:password@host:587 or smtps://name:password@host:465."""

MAIL_FROM = ""
"""Whom letters are from, such as bangniemyet@songlo.gov.vn; needed where MAIL_URL is set."""

CACHE_MB = 64
"""Memory each server process may use to keep public pages that were made."""
