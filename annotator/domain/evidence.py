"""Sources and evidence: addresses in one form, what makes two sources the same, dates as far as they are known."""

import re
from collections.abc import Sequence
from datetime import date
from urllib.parse import SplitResult, quote, urlsplit, urlunsplit

from annotator.domain.ids import name_key
from annotator.errors import Invalid
from annotator.language import gettext as _

LONGEST_ADDRESS = 4096
DEFAULT_PORTS = {"http": 80, "https": 443}
TRACKING = {
    "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid", "ttclid", "igshid", "igsh",
    "mc_cid", "mc_eid", "_ga", "_gl", "_hsenc", "_hsmi", "mkt_tok", "vero_id", "oly_anon_id", "oly_enc_id",
}  # fmt: skip
ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:|//|www\.", re.ASCII)
DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
DOI_HOSTS = ("doi.org", "dx.doi.org", "www.doi.org")
PARTIAL_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def looks_like_address(text: str) -> bool:
    """Whether somebody meant an address rather than a title: a scheme, “//” or “www.” in front, and no space."""
    return ADDRESS.match(text) is not None and not re.search(r"\s", text)


def address(text: str, field: str = "url") -> str | None:
    """An address as it is stored: as typed, with the scheme in lower case; None for none.

    Raises Invalid for anything that is not http or https with a host, or holds a password.
    """
    typed = text.strip()
    if not typed:
        return None
    parts = _parts(typed, field)
    return parts.scheme + typed[len(parts.scheme) :]


def _parts(typed: str, field: str) -> SplitResult:
    if len(typed) > LONGEST_ADDRESS:
        raise Invalid(_("An address has at most {n} characters.").format(n=LONGEST_ADDRESS), field=field)
    if re.search(r"[\s\x00-\x1f\x7f]", typed):
        raise Invalid(_("An address holds no spaces."), field=field)
    try:
        parts = urlsplit(typed)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise Invalid(_("This is not an address: its host or port cannot be read."), field=field) from None
    if parts.scheme not in DEFAULT_PORTS or not host or not typed[len(parts.scheme) :].startswith("://"):
        raise Invalid(_("An address starts with http:// or https:// and names a host."), field=field)
    if "@" in parts.netloc:
        raise Invalid(_("An address with a user name or password in it is not stored."), field=field)
    return parts


def canonical_url(url: str, *, field: str = "url") -> str:
    """One form for every way to write an address; applying it twice changes nothing. Raises Invalid.

    Scheme and host in lower case (IDNA), no default port, no dot after the host, no fragment, no parameters that only
    track the reader; the other parameters stay in their order.
    """
    parts = _parts(url.strip(), field)
    kept = [part for part in parts.query.split("&") if part and not _tracks(part)]
    host = _host(parts, field)
    return urlunsplit((parts.scheme, host, _escaped(parts.path) or "/", _escaped("&".join(kept)), ""))


def _host(parts: SplitResult, field: str) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{host}]"
    elif not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            raise Invalid(_("This is not an address: its host cannot be read."), field=field) from None
    if not host:
        raise Invalid(_("An address starts with http:// or https:// and names a host."), field=field)
    return host if parts.port in (None, DEFAULT_PORTS[parts.scheme]) else f"{host}:{parts.port}"


def _tracks(parameter: str) -> bool:
    name = parameter.partition("=")[0].casefold()
    return name.startswith("utm_") or name in TRACKING


def _escaped(text: str) -> str:
    """Characters outside ASCII as escapes, and escapes in capitals, as browsers send them."""
    escaped = quote(text, safe="!#$%&'()*+,/:;=?@[]~\\^`{|}\"<>-._")
    return re.sub(r"%[0-9a-fA-F]{2}", lambda match: match.group().upper(), escaped)


def doi_of(url: str | None) -> str | None:
    """The DOI that an address of doi.org holds."""
    parts = urlsplit(url or "")
    found = DOI.fullmatch(parts.path.lstrip("/")) if parts.hostname in DOI_HOSTS else None
    return found.group() if found else None


def citation(title: str, publisher: str | None = None, issued: str | None = None, authors: Sequence[str] = ()) -> str:
    """A document without address in one line: what two entries must share to be the same document."""
    return " | ".join(name_key(part) for part in ("; ".join(authors), title, publisher or "", issued or "") if part)


def dedup_key(doi: str | None, url: str | None, citation: str) -> str:
    """What makes two sources the same: the DOI, else the canonical address, else the citation (model.md, section 2)."""
    if doi:
        return f"doi:{doi.lower()}"
    return f"url:{canonical_url(url)}" if url else f"cite:{name_key(citation)}"


def title_from(url: str) -> str:
    """A title for a source of which only the address is known."""
    parts = urlsplit(canonical_url(url))
    return parts.netloc + parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")


def partial_date(text: str | None, field: str) -> str | None:
    """A date as far as it is known: YYYY, YYYY-MM or YYYY-MM-DD; None for none. Raises Invalid."""
    typed = (text or "").strip()
    if not typed:
        return None
    found = PARTIAL_DATE.fullmatch(typed)
    try:
        if found:
            date(int(found[1]), int(found[2] or 1), int(found[3] or 1))
            return typed
    except ValueError:
        raise Invalid(_("There is no such date: {date}.").format(date=typed), field=field) from None
    raise Invalid(_("Write a date as year, year-month or year-month-day: 2019, 2019-08 or 2019-08-30."), field=field)
