"""What papers are called."""

from typing import Final

from flask_babel import lazy_gettext as _l

from qms.notices.printing import Paper

PAPER_WORDS: Final = {
    Paper.A4: _l("A4"),
    Paper.A3: _l("A3"),
    Paper.LARGE: _l("A4, chữ lớn"),
    Paper.FOLDER: _l("A4, lề đục lỗ để kẹp"),
}
