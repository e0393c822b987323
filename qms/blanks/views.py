"""Forms with their files: taken in, looked at, handed out."""

from flask import Blueprint

bp = Blueprint("blanks", __name__)
