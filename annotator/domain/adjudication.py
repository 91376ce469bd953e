"""From several annotations to one gold answer: what a case says, what a decision may be, when gold no longer stands."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from annotator.domain import labels
from annotator.domain.disagreements import LABEL_SETS, Difference, Vote, describe, difference, in_words
from annotator.domain.labels import Judgement
from annotator.errors import Invalid
from annotator.language import gettext as _
from annotator.language import ngettext
from db.vocabulary import Label, NoneReason, Status, Voice

# what gold rests on in a reviewer's annotation; the status comes first, since gold may be open again
RESTS_ON = ("status", "is_claim", "is_quote", "is_opinion", "claim_voice", "opinion_voice", "none_reason")


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What a lead decides. `open` leaves the case undecided.

    `take_attributions_of` and `take_claims_of` are uids of reviewers whose rows are copied into gold; "" takes away
    what gold has, None leaves it as it is.
    """

    labels: frozenset[Label] = frozenset()
    voice_claim: Voice | None = None
    voice_opinion: Voice | None = None
    none_reason: NoneReason | None = None
    loaded_language: bool = False
    reason: str | None = None
    guideline_rule: str | None = None
    take_attributions_of: str | None = None
    take_claims_of: str | None = None
    open: bool = False


def gold_of(decision: Decision) -> Judgement:
    """The gold judgement of a decision. Raises Invalid for one that decides nothing or contradicts itself."""
    if decision.take_claims_of and Label.CLAIM not in decision.labels:
        raise Invalid(_("Claim details belong to a sentence that is a claim: choose claim too."), field="take_claims")
    note = (decision.reason or "").strip() or None
    blank = Judgement(loaded_language=decision.loaded_language, note=note)
    if decision.labels:
        if decision.none_reason:
            raise Invalid(_("None excludes the other labels."), field="label")
        voices = {Label.CLAIM: decision.voice_claim, Label.OPINION: decision.voice_opinion}
        given = {label: voice for label, voice in voices.items() if voice}
        return labels.set_labels(blank, decision.labels, given)
    if decision.none_reason:
        return labels.set_none(blank, decision.none_reason)
    raise Invalid(_("Choose at least one label, or none, or leave the case open."), field="label")


def unanimous(votes: Sequence[Vote]) -> Judgement | None:
    """The gold that follows when at least two complete answers agree on labels, voices and reason; else None.

    Language is loaded when all say so.
    """
    if len(votes) < 2 or difference(votes) is not Difference.NOTHING:
        return None
    first = votes[0]
    return Judgement(
        status=Status.COMPLETE,
        labels=frozenset(map(Label, first.labels)),
        claim_voice=Voice(first.claim_voice) if first.claim_voice else None,
        opinion_voice=Voice(first.opinion_voice) if first.opinion_voice else None,
        none_reason=NoneReason(first.none_reason) if first.none_reason else None,
        loaded_language=all(vote.loaded_language for vote in votes),
    )


def still_rests(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a reviewer's change leaves what gold rested on as it was; arguments are snapshots."""
    return before["status"] != Status.COMPLETE or all(before[name] == after[name] for name in RESTS_ON)


def contradicts(answer: Mapping[str, Any], gold: Mapping[str, Any]) -> bool:
    """Whether a complete answer makes unanimous gold untrue."""
    return answer["status"] == Status.COMPLETE and any(answer[name] != gold[name] for name in RESTS_ON)


def leaves(before: Mapping[str, Any], after: Mapping[str, Any], gold: Mapping[str, Any]) -> bool:
    """Whether a change parts from the attributions or claims that unanimous gold carries because all had them."""
    carried = [name for name in ("attributions", "claims") if gold[name]]
    return any(shared((before, gold), name) and not shared((after, gold), name) for name in carried)


def blind_id(sentence: str, reviewer: str) -> str:
    """What a blind page calls a reviewer: the same each time for one sentence, another for the next."""
    return hashlib.sha256(f"{sentence}:{reviewer}".encode()).hexdigest()[:16]


def blind_order(sentence: str, reviewers: Iterable[str]) -> list[str]:
    """Reviewers in an order that is the same each time for one sentence and tells nothing about who they are."""
    return sorted(reviewers, key=lambda uid: blind_id(sentence, uid))


def blind_name(place: int) -> str:
    """“Reviewer A”, “Reviewer B” …, “Reviewer A1” after Z."""
    return _("Reviewer {letter}").format(letter=f"{chr(ord('A') + place % 26)}{place // 26 or ''}")


def headline(votes: Sequence[Vote]) -> str:
    """A case in one line: “Four reviewers, four answers. All but one hear a quote”."""
    count, kinds = len(votes), len({vote.label_set for vote in votes})
    if count < 2:
        return _("Read by one reviewer") if count else _("Not read yet")
    how, number = difference(votes), labels.titled(in_words(count))
    said = votes[0].label_set
    if how is Difference.NOTHING:
        return _("{number} reviewers, one answer: {labels}").format(number=number, labels=describe(said))
    if how is Difference.VOICES:
        text = _("{number} reviewers agree on {labels}, not on whose")
        return text.format(number=number, labels=labels.in_words(said))
    if how is Difference.NONE_REASON:
        return _("{number} reviewers agree on none, not on the reason").format(number=number)
    text = _("{number} reviewers, {kinds} answers. {split}")
    return text.format(number=number, kinds=in_words(kinds), split=_split(votes))


def _split(votes: Sequence[Vote]) -> str:
    """The label most reviewers share, or the evenest split."""
    count = len(votes)
    shares = Counter(label for vote in votes for label in vote.labels)
    parting = [(shares[label], -place, label) for place, label in enumerate(Label) if shares[label] < count]
    n, _place, label = max(parting)  # sets that differ part on one label at least
    if n == count - 1 and count > 2:
        return _all_but_one(label)
    return _some(label, n).format(n=labels.titled(in_words(n)), all=in_words(count))


def _all_but_one(label: Label) -> str:
    return {
        Label.CLAIM: _("All but one see a claim"),
        Label.QUOTE: _("All but one hear a quote"),
        Label.OPINION: _("All but one see an opinion"),
    }[label]


def _some(label: Label, n: int) -> str:
    return {
        Label.CLAIM: ngettext("{n} of {all} sees a claim", "{n} of {all} see a claim", n),
        Label.QUOTE: ngettext("{n} of {all} hears a quote", "{n} of {all} hear a quote", n),
        Label.OPINION: ngettext("{n} of {all} sees an opinion", "{n} of {all} see an opinion", n),
    }[label]


State: TypeAlias = Mapping[str, Any]
"""A snapshot of an annotation (db/queries/history.py), or one object in it."""


def vote_of(state: State, reviewer: str = "") -> Vote:
    """What a snapshot says of the labels."""
    flags = (state["is_claim"], state["is_quote"], state["is_opinion"])
    return Vote(
        reviewer, state["status"], LABEL_SETS[flags], state["claim_voice"], state["opinion_voice"],
        state["none_reason"], state["loaded_language"], state["confidence"], state["note"],
    )  # fmt: skip


def against(gold: State, answers: Mapping[str, State]) -> list[str]:
    """Whose complete answers gold goes against, in their order; snapshots by whoever gave them."""
    return [
        key
        for key, state in answers.items()
        if state["status"] == Status.COMPLETE and any(state[name] != gold[name] for name in RESTS_ON[1:])
    ]


def shared(states: Sequence[State], name: str) -> bool:
    """Whether all of them have the same attributions (or claims with evidence), and at least one.

    What a reviewer adds about their own work does not count: numbers, notes, confidence, when a source was looked at.
    """
    said = [sorted(canonical_words(row, state) for row in state[name]) for state in states]
    return bool(said and said[0]) and all(one == said[0] for one in said)


def taken_together(judgement: Judgement, answers: Sequence[tuple[str, State]]) -> Decision:
    """What unanimous gold takes: attributions and claims that all of these answers, by reviewer, have alike.

    Claims that rest on attributions are taken together with them, or not at all. Reviewers' notes are never taken.
    """
    first, states = answers[0][0], [state for _, state in answers]
    attributions = shared(states, "attributions")
    rests = any(claim["attribution"] is not None for claim in states[0]["claims"])
    claims = Label.CLAIM in judgement.labels and shared(states, "claims") and (attributions or not rests)
    return Decision(
        take_attributions_of=first if attributions else "",
        take_claims_of=first if claims else "",
    )


# of a row in a snapshot: what is a reviewer's own, not what it says
REMARKS = {"note", "confidence", "verdict_note"}
OWN = {"seq", "continues", "accessed_on", "archived_url"} | REMARKS


def canonical_words(row: State, state: State) -> str:
    """What an attribution, a claim or evidence says, as text; what it rests on is written out in place of a number."""
    by_seq = {other["seq"]: other for other in state["attributions"]}
    words = {name: value for name, value in row.items() if name not in OWN}
    for link in ("parent", "attribution"):
        if words.get(link) is not None:
            words[link] = canonical_words(by_seq[words[link]], state)
    if "evidence" in words:
        words["evidence"] = sorted(canonical_words(one, state) for one in words["evidence"])
    return repr(sorted(words.items()))


def without_remarks(state: State) -> dict[str, Any]:
    """A snapshot whose attributions, claims and evidence have no notes and doubts of one reviewer's own."""

    def bare(row: State) -> dict[str, Any]:
        return {**row, **dict.fromkeys(REMARKS & row.keys())}

    claims = [{**bare(claim), "evidence": [bare(one) for one in claim["evidence"]]} for claim in state["claims"]]
    return {**state, "attributions": [bare(row) for row in state["attributions"]], "claims": claims}


def gold_state(gold: State, judgement: Judgement, decision: Decision, taken: Mapping[str, State]) -> dict[str, Any]:
    """The snapshot of gold after a decision.

    `gold` is the one before; its `last_attribution_seq` and `last_claim_seq` are the numbers used so far. `taken` has
    the snapshots of the reviewers whose rows are taken, by uid. What is taken gets new numbers, since none is used
    twice; speech that goes on from another sentence stays linked only in the reviewer's own row.
    """
    attributions, claims = list(gold["attributions"]), list(gold["claims"])
    renumbered = {row["seq"]: row["seq"] for row in attributions}
    source, claims_of = decision.take_attributions_of, decision.take_claims_of
    if source is not None:
        theirs = taken[source]["attributions"] if source else []
        renumbered = {row["seq"]: gold["last_attribution_seq"] + n for n, row in enumerate(theirs, start=1)}
        attributions = [
            {**row, "seq": renumbered[row["seq"]], "parent": renumbered.get(row["parent"]), "continues": None}
            for row in theirs
        ]
    if claims_of is not None:
        theirs = taken[claims_of]["claims"] if claims_of else []
        claims = [{**row, "seq": gold["last_claim_seq"] + n} for n, row in enumerate(theirs, start=1)]
    if source != claims_of:  # claims of one reviewer cannot rest on attributions of another
        renumbered = {}
    kept = [{**row, "attribution": renumbered.get(row["attribution"])} for row in claims]
    return {
        **gold,
        **labels.fields_of(judgement),
        "confidence": None,
        "guideline_rule": decision.guideline_rule,
        "attributions": attributions,
        "claims": kept,
    }
