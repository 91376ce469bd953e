"""Plain text: one article a file; its blocks and title are found when it is segmented."""

from collections.abc import Iterator

from annotator.errors import Invalid
from annotator.intake.clean import clean
from annotator.intake.incoming import Incoming, Rejected
from db.vocabulary import ImportFormat


def read(data: bytes) -> Iterator[Incoming | Rejected]:
    """The article, or why there is none."""
    try:
        yield Incoming(clean(data), ImportFormat.TXT)
    except Invalid as error:
        yield Rejected(None, error.field, error.message)
