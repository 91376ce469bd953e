"""The optional parts of the card: attributions, claim details and evidence, as forms with what they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from annotator.domain.words import word
from annotator.language import gettext as _
from annotator.language import ngettext, pgettext
from annotator.services import claims
from annotator.web.views.rows import Work, one_line
from db.models import Annotation, Claim, Source
from db.queries.annotate import Outlined, Proof, Said
from db.vocabulary import AttributionType, Mode, Naming, Record, SpanPart, Stance


@dataclass(frozen=True, slots=True)
class Typed:
    """A form that was refused: what was typed stays, `message` says why, `field` where."""

    action: str
    values: Mapping[str, str]
    message: str
    field: str | None

    @property
    def words(self) -> list[str]:
        """What a person typed, where no form can show it any more."""
        return [value for name, value in self.values.items() if name in WORDS and value.strip()]


@dataclass(frozen=True, slots=True)
class FormView:
    """A form of a part: `id` begins the ids of its fields, `title` says what it holds when it is folded."""

    id: str
    action: str
    values: Mapping[str, str]
    title: str = ""
    field: str | None = None
    message: str | None = None

    @property
    def uid(self) -> str:
        return self.action.rpartition("/")[2]

    @property
    def new(self) -> bool:
        """It makes something; otherwise it changes what is there."""
        return self.id.endswith("0")


@dataclass(frozen=True, slots=True)
class ProofView:
    """One piece of evidence as it is listed, with the form that changes it."""

    title: str
    url: str | None
    archived_url: str | None
    stance: str
    excerpt: str | None
    place: str
    form: FormView


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim with its evidence; `add` is the form for another source."""

    form: FormView
    proofs: tuple[ProofView, ...]
    add: FormView


@dataclass(frozen=True, slots=True)
class SuggestionView:
    """`values` are the hidden fields that accepting it sends to `action`; `label` is set where a label is suggested."""

    action: str
    values: Mapping[str, str]
    reason: str
    label: str | None = None
    more: bool = False


@dataclass(frozen=True, slots=True)
class PartsView:
    """`claimed`: the sentence is labelled a claim, so that details and evidence belong to it.

    `attribute` starts with what is suggested, where there is a suggestion. `earlier` are the attributions of the
    sentences just before, by id and in words, which one of this sentence may continue.
    """

    attributions: tuple[FormView, ...]
    attribute: FormView
    claimed: bool
    claims: tuple[ClaimView, ...]
    claim: ClaimView | None
    earlier: tuple[tuple[str, str], ...] = ()
    suggestion: SuggestionView | None = None


def parts_view(
    row: Outlined,
    text: str,
    work: Work,
    annotation: Annotation | None,
    typed: Typed | None,
    before: Sequence[Outlined] = (),
) -> PartsView:
    """The parts of a sentence; `before` are those of the sentences before it whose attributions may go on here."""
    earlier = [one for other in before for one in work.said.get(other.id, [])]
    said, stored = work.said.get(row.id, []), work.claims.get(row.id, []) if row.is_claim else []
    uids = {one.attribution.id: one.attribution.uid for one in (*said, *earlier)}
    wording = one_line(text[row.start_cp : row.end_cp])
    return PartsView(
        attributions=tuple(refused(_attribution(one, text, work, uids), typed) for one in said),
        attribute=refused(FormView("a0", "/attributions", NEW_ATTRIBUTION), typed),
        claimed=bool(row.is_claim),
        claims=tuple(_claim(claim, work.proofs.get(claim.id or 0, []), wording, typed) for claim in stored),
        claim=_new_claim(annotation, "" if stored else wording, typed) if row.is_claim else None,
        earlier=tuple((one.attribution.uid, _attribution(one, text, work, uids).title) for one in earlier),
    )


def refused(form: FormView, typed: Typed | None) -> FormView:
    """The form with what was typed into it, if it is the one that was refused."""
    if typed is None or typed.action != form.action or typed.values.get("claim", "") != form.values.get("claim", ""):
        return form
    return FormView(form.id, form.action, {**form.values, **typed.values}, form.title, typed.field, typed.message)


KEPT = "kept"  # what an attribution continues stands too far above to be offered
NEW_ATTRIBUTION: Mapping[str, str] = {
    "speaker": "", "speaker_name": "", "cue": "", "content": "", "type": AttributionType.DIRECT,
    "mode": Mode.STATEMENT, "naming": Naming.NAMED, "record": Record.ON_RECORD, "parent": "", "source": "",
    "continues": "", "speaker_at": "", "cue_at": "", "content_at": "",
}  # fmt: skip
SELECTED = ("speaker", "cue", "content")  # what words of the sentence fill when they are selected


def _attribution(said: Said, text: str, work: Work, uids: Mapping[int | None, str]) -> FormView:
    row, mention = said.attribution, ""
    if row.speaker_start is not None and row.speaker_end is not None:
        mention = text[row.speaker_start : row.speaker_end]
    cue = work.words(said, SpanPart.CUE, text)
    values = {
        "speaker": mention or said.speaker or "",
        "speaker_name": said.speaker if said.speaker and mention and said.speaker != mention else "",
        "cue": cue,
        "content": work.words(said, SpanPart.CONTENT, text),
        "type": row.type,
        "mode": row.mode,
        "naming": row.naming,
        "record": row.record,
        "parent": uids.get(row.parent_id, ""),
        "source": said.source or "",
        "continues": uids.get(row.continues_id, KEPT) if row.continues_id else "",
        "speaker_at": "" if row.speaker_start is None else str(row.speaker_start),
        "cue_at": _at(work, said, SpanPart.CUE),
        "content_at": _at(work, said, SpanPart.CONTENT),
    }
    title = " · ".join(filter(None, (said.speaker or word(row.naming), cue, word(row.type))))
    return FormView(f"a{row.seq}", f"/attributions/{row.uid}", values, title)


def _at(work: Work, said: Said, part: SpanPart) -> str:
    """Where the first piece stands, so that saving again finds the same words."""
    return next((str(span.start) for span in work.spans_of(said, part)), "")


WORDS = (
    "speaker", "speaker_name", "cue", "content", "source", "text_normalized", "claim_date", "verdict_note",
    "url", "title", "publisher", "issued", "accessed_on", "archived_url", "excerpt", "locator", "note",
)  # fmt: skip
CLAIM_FIELDS = ("text_normalized", "claim_type", "check_worthiness", "claim_date", "verdict", "verdict_note")


def _claim(claim: Claim, proofs: Sequence[Proof], wording: str, typed: Typed | None) -> ClaimView:
    """A stored claim; one that only its evidence made starts with the `wording` of the sentence."""
    values = {name: getattr(claim, name) or "" for name in CLAIM_FIELDS}
    values["text_normalized"] = values["text_normalized"] or wording
    kind = word(claim.claim_type) if claim.claim_type else _("type not set")
    verdict = word(claim.verdict) if claim.verdict else pgettext("verdict", "open")
    title = " · ".join((kind, sources(len(proofs)), verdict))
    form = FormView(f"c{claim.seq}", f"/claims/{claim.uid}", values, title)
    listed = tuple(_proof(proof, f"e{claim.seq}-{proof.evidence.seq}", typed) for proof in proofs)
    return ClaimView(refused(form, typed), listed, refused(_new_proof(f"e{claim.seq}-0", claim.uid), typed))


def _new_claim(annotation: Annotation | None, wording: str, typed: Typed | None) -> ClaimView | None:
    """A claim that is not stored yet; its wording starts as the sentence, that of a second one empty."""
    if annotation is None:
        return None
    uid = claims.next_uid(annotation)
    values = {**dict.fromkeys(CLAIM_FIELDS, ""), "text_normalized": wording}
    form = refused(FormView("c0", f"/claims/{uid}", values, _("not described yet")), typed)
    return ClaimView(form, (), refused(_new_proof("e0-0", uid), typed))


def _new_proof(prefix: str, claim_uid: str) -> FormView:
    return FormView(
        prefix, "/evidence", {**dict.fromkeys(PROOF_FIELDS, ""), "stance": Stance.SUPPORTS, "claim": claim_uid}
    )


PROOF_FIELDS = ("url", "title", "publisher", "issued", "accessed_on", "archived_url", "excerpt", "locator", "note")


def _proof(proof: Proof, prefix: str, typed: Typed | None) -> ProofView:
    found, source = proof.evidence, proof.source
    place = (
        source.publisher,
        found.locator,
        _("seen {day}").format(day=found.accessed_on) if found.accessed_on else None,
    )
    return ProofView(
        title=source.title,
        url=source.url,
        archived_url=found.archived_url or source.archived_url,
        stance=found.stance,
        excerpt=found.excerpt,
        place=" · ".join(filter(None, place)),
        form=refused(FormView(prefix, f"/evidence/{found.uid}", proof_values(proof)), typed),
    )


def proof_values(proof: Proof) -> dict[str, str]:
    """The fields of evidence as its form shows them."""
    found = proof.evidence
    own = {name: getattr(found, name) or "" for name in ("stance", "excerpt", "locator", "accessed_on", "note")}
    return {**own, **source_values(proof.source), "archived_url": found.archived_url or ""}


def source_values(source: Source) -> dict[str, str]:
    """The fields of a source in the form of its evidence; as long as they stay, the source stays."""
    return {name: getattr(source, name) or "" for name in ("url", "title", "publisher", "issued")}


def sources(count: int) -> str:
    return ngettext("{n} source", "{n} sources", count).format(n=count) if count else _("no source")
