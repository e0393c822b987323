"""What signed texts are found by, and the index each database keeps over it.

The index is built of words that the program has folded, cut at blanks and nothing else: so
both databases find the same. It stands outside the models, which can't say what it is; its
names begin with ``fts_``.
"""

from typing import Final

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, mapped_column

from qms.db import Base


class SearchText(Base):
    """The words of one signed revision. Made from it and may be made again at any time."""

    __tablename__ = "search_text"

    revision_id: Mapped[int] = mapped_column(sa.ForeignKey("revision.id"), primary_key=True)
    code_key: Mapped[str] = mapped_column(sa.Text, comment="without dots and blanks")
    title_exact: Mapped[str] = mapped_column(sa.Text, comment="in lower case, with accents")
    title_fold: Mapped[str] = mapped_column(sa.Text, comment="without accents")
    topic_fold: Mapped[str] = mapped_column(sa.Text)
    body: Mapped[str] = mapped_column(sa.Text, comment="code, title, topic and text, folded")


WORDS_OF_BODY: Final = "array_to_tsvector(string_to_array(btrim(body), ' '))"
"""What PostgreSQL's index is over; a query must say it alike."""

FTS_SQLITE: Final = (
    "CREATE VIRTUAL TABLE fts_search USING fts5(body, content='search_text',"
    " content_rowid='revision_id', detail=none, columnsize=0,"
    " tokenize=\"ascii tokenchars '.'\")"
)
FTS_POSTGRESQL: Final = f"CREATE INDEX fts_search ON search_text USING gin (({WORDS_OF_BODY}))"

event.listen(
    SearchText.__table__,
    "after_create",
    sa.DDL(FTS_SQLITE).execute_if(dialect="sqlite"),  # type: ignore[no-untyped-call]
)
event.listen(
    SearchText.__table__,
    "after_create",
    sa.DDL(FTS_POSTGRESQL).execute_if(dialect="postgresql"),  # type: ignore[no-untyped-call]
)
