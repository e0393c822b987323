"""Pages of the library: documents in and out."""

from flask import Blueprint

from qms.library import fee_views

bp = Blueprint("library", __name__)
bp.register_blueprint(fee_views.bp)
