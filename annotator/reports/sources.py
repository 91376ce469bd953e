"""A source's page: the claims it supports, refutes or is context for, and where articles lean on it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from annotator.language import gettext as _
from annotator.language import later, ngettext
from annotator.reports import directory, words
from annotator.reports.speakers import names_of, usual
from db.models import Source
from db.queries import statements
from db.queries.statements import Known, Mention, Place, Use, Viewer
from db.vocabulary import Stance

ONE_CLAIM = {
    Stance.SUPPORTS: later("Used for one claim: it supports it."),
    Stance.REFUTES: later("Used for one claim: it refutes it."),
    Stance.CONTEXT: later("Used for one claim: it is context for it."),
    Stance.NOT_ENOUGH: later("Used for one claim: it does not settle it."),
}
SAYS = {
    Stance.SUPPORTS: later("supports {n}"),
    Stance.REFUTES: later("refutes {n}"),
    Stance.CONTEXT: later("is context for {n}"),
    Stance.NOT_ENOUGH: later("does not settle {n}"),
}


@dataclass(frozen=True, slots=True)
class Proof:
    """What a source says about one claim, by whom it was found; `by` is empty for the visitor's own and for gold."""

    use: Use
    by: tuple[str, ...]

    @property
    def place(self) -> Place:
        return self.use.place


@dataclass(frozen=True, slots=True)
class SourceReport:
    """All that a source's page shows."""

    source: Source
    proofs: tuple[Proof, ...]
    mentions: tuple[Mention, ...]
    into: Known | None
    merged: tuple[Known, ...]
    others: tuple[Known, ...]

    @property
    def lede(self) -> str:
        """The figures of the page in one sentence."""
        if not self.proofs:
            return _("Mentioned, but no evidence for a claim yet.") if self.mentions else _("Not used for a claim yet.")
        if len(self.proofs) == 1:
            return _(ONE_CLAIM[Stance(self.proofs[0].use.stance)])
        claims, articles = len(self.proofs), len({proof.place.article_uid for proof in self.proofs})
        stances = Counter(proof.use.stance for proof in self.proofs)
        says = [_(SAYS[stance]).format(n=words.number(stances[stance])) for stance in Stance if stances[stance]]
        return _("Used for {claims} {places}: it {says}.").format(
            claims=ngettext("{n} claim", "{n} claims", claims).format(n=words.number(claims)),
            places=ngettext("in {n} article", "in {n} articles", articles).format(n=words.number(articles)),
            says=words.listed(says),
        )


def report(session: Session, source: Source, viewer: Viewer) -> SourceReport | None:
    """The page of a source; None when the viewer may not know of it."""
    assert source.id is not None
    known, counts = statements.sources(session), statements.source_counts(session, viewer)
    visible = {one.id: one for one in directory.visible(known, counts, sees_all=viewer.is_lead)}
    members = directory.family(known, source.id)
    if not any(member in visible for member in members):
        return None
    own = [] if source.merged_into_id else members
    proofs = _proofs(statements.of_sources(session, own, viewer), viewer)
    mentions = {(m.place.article_uid, m.place.ordinal): m for m in statements.mentions(session, own, viewer)}
    into = next((one for one in known if one.id == source.merged_into_id), None)
    merged = [one for one in directory.merged_here(known, members, source.id) if one.id in visible]
    others = [e.known for e in directory.entries(known, counts, sees_all=viewer.is_lead) if e.known.id != source.id]
    return SourceReport(source, tuple(proofs), tuple(mentions.values()), into, tuple(merged), tuple(others))


def _proofs(uses: Sequence[Use], viewer: Viewer) -> list[Proof]:
    """In reading order; the same passage found by several reviewers for one claim is one."""
    grouped: dict[object, list[Use]] = {}
    for use in uses:
        place, passage = use.place, (use.stance, use.excerpt, use.locator)
        key = (place.article_uid, place.ordinal, use.claim, use.speaker_uid, passage)
        grouped.setdefault(key, []).append(use)
    return [Proof(usual(group), tuple(names_of((use.place for use in group), viewer))) for group in grouped.values()]
