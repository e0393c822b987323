"""Pages of national."""

from flask import Blueprint

bp = Blueprint("national", __name__)
