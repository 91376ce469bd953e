"""Text of people and the web as it is shown: nothing in it may pass for something else."""

from urllib.parse import urlsplit

# bidi controls and other invisible characters that could make a name read as another one
INVISIBLE = {
    code: f"⟨U+{code:04X}⟩" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)
}


def visible(text: str | None) -> str:
    """Text with direction controls shown as marks: for names, addresses and file names."""
    return (text or "").translate(INVISIBLE)


def web_address(url: str | None) -> str | None:
    """The address when a browser may follow it: http and https only."""
    try:
        return url if url and urlsplit(url).scheme in ("http", "https") else None
    except ValueError:  # brackets that hold no address
        return None


def initials(name: str) -> str:
    """The first letters of the first and the last word, for the round badge beside a name."""
    words = name.split()
    return "".join(word[0] for word in dict.fromkeys((words[0], words[-1]))).upper() if words else "?"
