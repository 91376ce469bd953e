"""Bytes -> text as it is stored: strict UTF-8, no BOM, LF at line ends, nothing else changed."""

from annotator.errors import Invalid
from annotator.intake import limits

BOM = "\ufeff"
SURROGATE = b"\xed"  # UTF-8 begins nothing else with ED A0 to ED BF


def clean(data: bytes) -> str:
    """The text of a file. Raises Invalid with the byte position of what is not text."""
    return clean_text(decode(data))


def decode(data: bytes, *, offset: int = 0) -> str:
    """Strict UTF-8; `offset` is where the data begin in their file. Raises Invalid with the byte position."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        bad = data[error.start : error.start + 2]
        what = "a lone surrogate" if bad[:1] == SURROGATE and bad[1:] >= b"\xa0" else "not valid UTF-8"
        raise Invalid(f"byte {offset + error.start} is {what}") from error
    if "\0" in text:
        raise Invalid(f"byte {offset + data.index(0)} is NUL, which no text may hold")
    return text


def clean_text(text: str, *, field: str | None = None) -> str:
    """A text that is decoded already. Raises Invalid when it is empty, too long, or holds NUL or a lone surrogate."""
    refuse_unstorable(text, field=field)
    text = text.removeprefix(BOM).replace("\r\n", "\n").replace("\r", "\n")
    if not text or text.isspace():
        raise Invalid("there is no text in it", field=field)
    if len(text) > limits.ARTICLE_CODE_POINTS:
        message = f"the text has {len(text):,} characters, an article may have {limits.ARTICLE_CODE_POINTS:,}"
        raise Invalid(message, field=field)
    return text


def refuse_unstorable(text: str, *, field: str | None = None) -> None:
    """Raises Invalid with the position of NUL or a lone surrogate, which JSON escapes can smuggle in."""
    if "\0" in text:
        raise Invalid(f"character {text.index(chr(0))} is NUL, which no text may hold", field=field)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Invalid(f"character {error.start} is a lone surrogate", field=field) from error
