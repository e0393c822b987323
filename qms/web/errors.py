"""From a refusal to a page. The only module that gives errors an HTTP status."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import structlog
from flask import Flask, Response, current_app, jsonify, make_response, request, url_for
from flask_babel import gettext, lazy_gettext
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from qms.errors import (
    BusyError,
    InvalidError,
    NotAllowedError,
    NotFoundError,
    QmsError,
    RefusedError,
    StaleError,
)
from qms.web.i18n import without_session
from qms.web.marks import is_public

STATUS: Final[Mapping[type[QmsError], int]] = {
    NotAllowedError: 403,
    NotFoundError: 404,
    RefusedError: 409,
    StaleError: 409,
    InvalidError: 422,
    BusyError: 503,
}

RETRY_SECONDS: Final = 10
_FOR_PROGRAMS: Final = "/api/"
_API: Final = "api"

TITLES: Final = {
    400: lazy_gettext("Yêu cầu gửi lên chưa đúng"),
    401: lazy_gettext("Cần đăng nhập"),
    403: lazy_gettext("Không được phép làm việc này"),
    404: lazy_gettext("Không có trang này"),
    405: lazy_gettext("Trang này không nhận cách gửi đó"),
    409: lazy_gettext("Chưa làm được bước này"),
    410: lazy_gettext("Nội dung này không còn ở đây"),
    413: lazy_gettext("Tệp hoặc nội dung quá lớn"),
    422: lazy_gettext("Có chỗ ghi chưa đúng"),
    429: lazy_gettext("Quá nhiều lần trong thời gian ngắn"),
    500: lazy_gettext("Máy chủ gặp lỗi"),
    503: lazy_gettext("Máy chủ đang bận"),
}

SENTENCES: Final = {
    400: lazy_gettext(
        "Địa chỉ hoặc biểu mẫu gửi lên có chỗ không đọc được. Mời quay lại và thử lại."
    ),
    401: lazy_gettext("Mời đăng nhập rồi mở lại trang."),
    403: lazy_gettext("Nếu công việc cần đến, xin hỏi quản trị viên của đơn vị."),
    404: lazy_gettext("Có thể địa chỉ gõ thiếu một chữ, hoặc nội dung đã chuyển chỗ."),
    405: lazy_gettext("Mời quay lại trang trước và dùng nút trên trang."),
    409: lazy_gettext("Mời quay lại trang trước, xem tình trạng mới nhất rồi làm tiếp."),
    410: lazy_gettext("Mời tìm bản đang có hiệu lực trên bảng niêm yết."),
    413: lazy_gettext("Mời chọn tệp nhỏ hơn rồi gửi lại."),
    422: lazy_gettext("Mời quay lại và sửa chỗ đã nêu."),
    429: lazy_gettext("Mời đợi vài phút rồi thử lại."),
    500: lazy_gettext(
        "Lỗi đã được ghi lại. Mời mở lại trang xem việc vừa làm đã được lưu chưa, rồi hãy làm tiếp."
    ),
    503: lazy_gettext("Chưa có gì thay đổi. Mời thử lại sau ít phút."),
}

_LOG = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Show one page for every kind of error."""
    app.register_error_handler(QmsError, refusal)
    app.register_error_handler(OperationalError, _no_database)
    app.register_error_handler(HTTPException, _http)


def refusal(error: QmsError) -> Response:
    """Answer a refusal with its sentence, translated."""
    without_session()
    return answer(status_of(error), sentence_of(error), no_unit="slug" in error.values)


def status_of(error: QmsError) -> int:
    """Return the status of a refusal, for a page that keeps what was typed."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def sentence_of(error: QmsError) -> str:
    """Return what a refusal says, in the language of the page."""
    sentence = str(gettext(error.sentence))
    return sentence % error.values if error.values else sentence


def answer(status: int, reason: str = "", *, no_unit: bool = False) -> Response:
    """Return the page (or the text, to a client that wants no page) for ``status``.

    Where nothing is found on a board there is a search of it; with ``no_unit`` of the default one.
    """
    without_session()
    known = status if status in TITLES else _kind(status)
    title, sentence = str(TITLES[known]), str(SENTENCES[known])
    if request.path.startswith(_FOR_PROGRAMS) or request.blueprint == _API:
        response = _problem(status, title, reason or sentence)
    elif _wants_page():
        # Not render_template: what features add to every page may ask the database.
        template = current_app.jinja_env.get_template("errors/error.html")
        page = template.render(
            status=status,
            title=title,
            reason=reason,
            sentence=sentence,
            search_in=_board(no_unit=no_unit) if status == HTTPStatus.NOT_FOUND else "",
            missed=(request.view_args or {}).get("code", ""),
        )
        response = make_response(page, status)
    else:
        response = make_response(f"{reason or title}\n", status)
        response.mimetype = "text/plain"
    if status == STATUS[BusyError]:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    response.headers["Cache-Control"] = "no-store"
    return response


def _problem(status: int, title: str, detail: str) -> Response:
    """Return an error as programs of other sites read it (RFC 9457)."""
    said = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    response = make_response(jsonify(said), status)
    response.mimetype = "application/problem+json"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _http(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < HTTPStatus.BAD_REQUEST:
        return make_response(error.get_response())
    if cause := getattr(error, "original_exception", None):
        _LOG.error("failed", path=request.path, error=type(cause).__name__)
    response = answer(error.code)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after", "www-authenticate"}:
            response.headers[name] = value
    return response


def _no_database(error: OperationalError) -> Response:
    _LOG.error("no database", path=request.path, error=str(error.orig))
    return answer(STATUS[BusyError], str(gettext("Cơ sở dữ liệu không trả lời.")))


def _board(*, no_unit: bool) -> str:
    """Return the address of the board on which to look for what is not there; none for staff."""
    if not is_public(request.endpoint):
        return ""
    unit = (request.view_args or {}).get("unit")
    if unit and not no_unit:
        return url_for("notices.board", unit=unit)
    return url_for("notices.home")


def _kind(status: int) -> int:
    """Return the status whose words fit one that has none of its own."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return int(HTTPStatus.INTERNAL_SERVER_ERROR)
    return int(HTTPStatus.BAD_REQUEST)


def _wants_page() -> bool:
    wanted = request.accept_mimetypes
    if request.path.endswith((".pdf", ".json", ".atom", ".xlsx")):
        return "text/html" in wanted.values()
    return not wanted or wanted.accept_html
