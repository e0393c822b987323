"""Internal processes: bound to their procedures, on the page and on paper."""

from flask import Blueprint

bp = Blueprint("processes", __name__)
