"""Fee schedules: what a thing cost on a day, and the pages about it."""

from flask import Blueprint

bp = Blueprint("fees", __name__)
