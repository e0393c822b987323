"""Legal texts of other bodies: what they make due, and their register."""

from flask import Blueprint

bp = Blueprint("laws", __name__)
