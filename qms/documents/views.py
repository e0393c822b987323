"""Pages of documents."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from qms.accounts.rules import Permission
from qms.documents import (
    carrying_views,
    decision_views,
    document_views,
    export_views,
    keeping_views,
    line_views,
    link_views,
    paper_views,
    picking_views,
    search_views,
    signing_views,
    text_views,
)
from qms.web.menu import Group, Item

bp = Blueprint("documents", __name__)
for part in (
    document_views,
    text_views,
    decision_views,
    line_views,
    carrying_views,
    signing_views,
    paper_views,
    search_views,
    link_views,
    picking_views,
    keeping_views,
    export_views,
):
    bp.register_blueprint(part.bp)

MENU = (
    Item(
        Group.DOCUMENTS,
        _l("Danh mục tài liệu"),
        "documents.pages.index",
        (Permission.DOCUMENT_READ,),
    ),
    Item(
        Group.DOCUMENTS,
        _l("Tìm tài liệu"),
        "documents.search.index",
        (Permission.DOCUMENT_READ,),
    ),
    Item(
        Group.DOCUMENTS,
        _l("Quyết định"),
        "documents.decisions.index",
        (Permission.DECISION_READ,),
    ),
    Item(
        Group.SYSTEM,
        _l("Việc chạy nền"),
        "jobs.index",
        (Permission.DECISION_READ,),
    ),
)
