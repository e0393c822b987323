"""The lists that the ISO secretary keeps."""

from flask import Blueprint

bp = Blueprint("registers", __name__)
