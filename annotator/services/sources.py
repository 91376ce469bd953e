"""Sources of a project: found by address, title or citation or made, and two that turn out to be one."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from annotator.domain import evidence, ids
from annotator.errors import Conflict, Invalid, NotFound
from annotator.language import gettext as _
from annotator.language import later
from annotator.services import history, merging, projects
from annotator.services.history import Actor
from annotator.services.merging import Kind
from db import canonical
from db.models import Source
from db.queries import sources
from db.vocabulary import Medium, SourceType, Tier


@dataclass(frozen=True, kw_only=True)
class SourceDetails:
    """What is known of a source. `url` is an address, or the title of a source that was used before."""

    url: str = ""
    title: str = ""
    publisher: str | None = None
    issued: str | None = None
    authors: tuple[str, ...] = ()
    archived_url: str | None = None
    accessed_on: str | None = None
    type: SourceType | None = None
    tier: Tier | None = None
    medium: Medium | None = None
    note: str | None = None


UNKNOWN = {"type": SourceType.WEBPAGE, "tier": Tier.UNKNOWN, "authors": "[]"}  # columns that cannot be empty
CITED = ("title", "publisher", "issued", "authors")  # what a source without address is known by
EDITED = ("url", *CITED, "archived_url", "accessed_on", "type", "tier", "medium", "note")


KIND = Kind(
    Source,
    "source",
    lambda source: source.title,
    later("“{one}” is part of “{other}” already. Part them first."),
    later("These two are one source already."),
)


class Changed(Conflict):
    """Somebody else changed the source meanwhile; nothing was stored."""


class Taken(Conflict):
    """What a source is to be known by is what another one, of the id `uid`, is known by."""

    def __init__(self, other: Source) -> None:
        said = _("“{title}” is known by this address or these details already, so nothing was stored.")
        super().__init__(said.format(title=other.title))
        self.uid = other.uid


def get(session: Session, uid: str) -> Source:
    """A source by id. Raises NotFound."""
    found = sources.by_uid(session, _project(session), uid)
    if found is None:
        raise NotFound(_("There is no such source."))
    return found


def _project(session: Session) -> int:
    found = projects.get(session).id
    assert found is not None, "the project is stored"
    return found


def get_or_create(session: Session, actor: Actor, details: SourceDetails) -> Source:
    """The source that is meant, made when it is new; of two merged ones the one they became.

    What was stored first stays, what was missing is filled in. Raises Invalid for what is neither address nor title.
    """
    clean = _clean(details)
    title = details.url.strip()
    if title and "url" not in clean:
        return _filled(session, actor, _titled(session, title), clean)
    if not clean.get("url") and not clean.get("title"):
        raise Invalid(_("Say what proves it: an address, or the title of a document."), field="url")
    key = _key(clean)
    found = sources.by_key(session, _project(session), key)
    return (
        _filled(session, actor, merging.final(session, found), clean) if found else _create(session, actor, key, clean)
    )


def _clean(details: SourceDetails) -> dict[str, str]:
    """The columns that are given, checked; `url` only when it is an address."""
    typed = details.url.strip()
    given: dict[str, str | None] = {
        "url": evidence.address(typed) if evidence.looks_like_address(typed) else None,
        "title": " ".join(details.title.split()),
        "publisher": " ".join((details.publisher or "").split()),
        "issued": evidence.partial_date(details.issued, "issued"),
        "authors": canonical.text([" ".join(name.split()) for name in details.authors if name.strip()]),
        "archived_url": evidence.address(details.archived_url or "", "archived_url"),
        "accessed_on": evidence.partial_date(details.accessed_on, "accessed_on"),
        "type": details.type,
        "tier": details.tier,
        "medium": details.medium,
        "note": (details.note or "").strip(),
    }
    return {name: value for name, value in given.items() if value and value != UNKNOWN.get(name)}


def _key(clean: dict[str, str]) -> str:
    authors = canonical.decode(clean.get("authors", "[]"))
    cited = evidence.citation(clean.get("title", ""), clean.get("publisher"), clean.get("issued"), authors)
    return evidence.dedup_key(evidence.doi_of(clean.get("url")), clean.get("url"), cited)


def _titled(session: Session, title: str) -> Source:
    """The source that was used before under this title. Raises Invalid for none, and for several."""
    titled = [source for source in sources.all_of(session, _project(session)) if _same(source.title, title)]
    found = {source.id: source for source in (merging.final(session, source) for source in titled)}
    if not found:
        raise Invalid(
            _(
                "“{title}” is neither an address, which starts with http:// or https://, nor the title of a source used"
                " before. Write the title of a new document into the field Title."
            ).format(title=title),
            field="url",
        )
    if len(found) > 1:
        raise Invalid(
            _("{n} sources are called “{title}”: give the address of the one you mean.").format(
                n=len(found), title=title
            ),
            field="url",
        )
    return next(iter(found.values()))


def _same(one: str, other: str) -> bool:
    return ids.name_key(one) == ids.name_key(other)


def _create(session: Session, actor: Actor, key: str, clean: dict[str, str]) -> Source:
    url = clean.get("url")
    title = clean.pop("title", "") or evidence.title_from(url or "")
    known: dict[str, Any] = {**UNKNOWN, **clean}
    source = Source(
        project_id=_project(session),
        uid=ids.source_id(key),
        dedup_key=key,
        title=title,
        canonical_url=evidence.canonical_url(url) if url else None,
        doi=evidence.doi_of(url),
        **known,
    )
    session.add(source)
    session.flush()
    history.log(session, actor, "create", "source", source.uid, detail={"title": title, **clean})
    return source


def _filled(session: Session, actor: Actor, source: Source, clean: dict[str, str]) -> Source:
    """Write what is known now and was not before. A source that is known by its citation keeps the citation."""
    fixed = ("url", *CITED) if source.dedup_key.startswith("cite:") else ("url",)
    new = {name: value for name, value in clean.items() if name not in fixed and _is_missing(source, name)}
    for name, value in new.items():
        setattr(source, name, value)
    if new:
        session.flush()
        history.log(session, actor, "fill", "source", source.uid, detail=new)
    return source


def _is_missing(source: Source, name: str) -> bool:
    stored = getattr(source, name)
    if name == "title":
        return source.url is not None and stored == evidence.title_from(source.url)
    return stored in (None, UNKNOWN.get(name))


def offered(session: Session, reviewer_id: int) -> list[Source]:
    """Sources to offer: those of evidence and attributions that the reviewer saw lately, the latest used first."""
    used = sources.used(session, reviewer_id)
    return list({source.id: source for source in (merging.final(session, source) for source in used)}.values())


def merge(session: Session, actor: Actor, source_uid: str, into_uid: str) -> Source:
    """Say that a source is another one: its evidence counts there from now on; rows stay, so it can be undone.

    Raises NotFound, Conflict when they are one already.
    """
    return merging.merge(session, actor, KIND, get(session, source_uid), get(session, into_uid))


def unmerge(session: Session, actor: Actor, source_uid: str) -> Source:
    """Part a source from the one it was merged into; nothing happens when it was not merged. Raises NotFound."""
    return merging.unmerge(session, actor, KIND, get(session, source_uid))


def stored(source: Source) -> dict[str, str]:
    """All that can be edited, as a form shows it: authors one a line, "" for what is not known."""
    shown = {name: getattr(source, name) or "" for name in EDITED}
    return {**shown, "authors": "\n".join(canonical.decode(source.authors))}


def version_of(source: Source) -> str:
    """A short hash of all that can be edited: a form carries the one that it rests on."""
    return canonical.sha256(canonical.text(stored(source)))[:16]


def edit(
    session: Session, actor: Actor, uid: str, details: SourceDetails, *, version: str, joins: bool = False
) -> Source:
    """Put `details` in the place of all that is known of a source; what is not given is no longer known.

    Its id comes from its address, or from its citation where it has none. With another one it is another source: that
    one is made, or joined where it is there and `joins`, and this one is merged into it, which can be undone.
    Raises NotFound, Invalid, Taken, Changed, Conflict for one that was merged.
    """
    source, clean = get(session, uid), _whole(details)
    if source.merged_into_id is not None:
        return _after_merge(session, source, _key(clean))
    wanted = {**dict.fromkeys(EDITED), **UNKNOWN, **clean}
    was = {name: getattr(source, name) for name in EDITED}
    if wanted == was:
        return source
    if version != version_of(source):
        raise Changed(_("This source was changed by somebody else in the meantime, so nothing was stored."))
    known_by = ("url", *CITED) if source.dedup_key.startswith("cite:") else ("url",)
    moved = any(wanted[name] != was[name] for name in known_by) and _key(clean) != source.dedup_key
    if moved:
        return _succeeded(session, actor, source, details, _key(clean), joins=joins)
    return _rewritten(session, actor, source, was, wanted)


def _whole(details: SourceDetails) -> dict[str, str]:
    """The columns that are given, with a title. Raises Invalid for what is neither address nor title."""
    evidence.address(details.url)
    clean = _clean(details)
    if "title" not in clean and "url" not in clean:
        raise Invalid(_("A document without an address needs a title."), field="title")
    return {**clean, "title": clean.get("title") or evidence.title_from(clean["url"])}


def _after_merge(session: Session, source: Source, key: str) -> Source:
    """What a source became, for an edit that is sent twice. Raises Conflict for any other."""
    into = merging.final(session, source)
    if into.dedup_key != key:
        said = _("“{one}” is part of “{other}” now: edit that one.")
        raise Conflict(said.format(one=source.title, other=into.title))
    return into


def _succeeded(
    session: Session, actor: Actor, source: Source, details: SourceDetails, key: str, *, joins: bool
) -> Source:
    found = sources.by_key(session, _project(session), key)
    other = merging.final(session, found) if found else None
    if other is not None and other.id == source.id:
        raise Conflict(_("The source with this address or these details is part of this one. Part them first."))
    if other is not None and not joins:
        raise Taken(other)
    return merging.join(session, actor, KIND, source, get_or_create(session, actor, details))


def _rewritten(
    session: Session, actor: Actor, source: Source, was: dict[str, str | None], wanted: dict[str, str | None]
) -> Source:
    before = version_of(source)
    for name, value in wanted.items():
        setattr(source, name, value)
    if wanted["url"] != was["url"]:
        source.canonical_url, source.doi = evidence.canonical_url(source.url or ""), evidence.doi_of(source.url)
    session.flush()
    new = [name for name in EDITED if wanted[name] != was[name]]
    detail = {"was": {name: was[name] for name in new}, "now": {name: wanted[name] for name in new}}
    history.log(session, actor, "edit", "source", source.uid, before=before, after=version_of(source), detail=detail)
    return source
