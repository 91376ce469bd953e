"""What was changed, when, and what it was before: the history of a sentence and the line that offers to undo."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

from annotator.domain import labels
from annotator.domain.labels import Judgement
from annotator.domain.words import word
from annotator.language import gettext as _
from annotator.language import later, short_day, short_weekday
from annotator.web.views.rows import MarkView, mark
from db import canonical
from db.models import AnnotationRevision
from db.queries.annotate import Changed
from db.vocabulary import Confidence, Label, NoneReason, Status

State = Mapping[str, Any]
NOTHING: State = {"status": Status.DRAFT, "attributions": [], "claims": []}
CONFIRMED = later("confirmed")
ATTRIBUTIONS = later("attribution added"), later("attribution removed"), later("attribution changed")
SOURCES = later("source added"), later("source removed"), later("source changed")
WHOSE = {
    ("claim_voice", "author"): later("the claim is the author’s"),
    ("claim_voice", "attributed"): later("the claim is the speaker’s"),
    ("claim_voice", "both"): later("the claim is both the author’s and the speaker’s"),
    ("opinion_voice", "author"): later("the opinion is the author’s"),
    ("opinion_voice", "attributed"): later("the opinion is the speaker’s"),
    ("opinion_voice", "both"): later("the opinion is both the author’s and the speaker’s"),
}


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change: the labels after it, and in words what else it did."""

    mark: MarkView
    name: str
    what: str
    at: str
    time: str


@dataclass(frozen=True, slots=True)
class ToastView:
    """The line under the card: what was changed last; what `z` would do, and Shift z."""

    said: str
    undo: bool
    redo: bool


def history(revisions: Sequence[AnnotationRevision], now: datetime, *, limit: int) -> tuple[ChangeView, ...]:
    """The newest changes of one annotation; `revisions` are newest first, one more than `limit` tells the old value."""
    pairs = zip_longest(revisions, (revision.snapshot for revision in revisions[1:]))
    return tuple(past_view(None, revision, snapshot, now).change for revision, snapshot in pairs)[:limit]


@dataclass(frozen=True, slots=True)
class PastView:
    """A change in the list of an article's; `n` is None where the sentence lives no more."""

    n: int | None
    change: ChangeView


def past_view(n: int | None, revision: AnnotationRevision, before: str | None, now: datetime) -> PastView:
    """A change with what it did to the snapshot `before`."""
    state = canonical.decode(revision.snapshot)
    earlier = canonical.decode(before) if before else NOTHING if revision.number == 1 else None
    what = " · ".join(changes(earlier, state)) if earlier is not None else ""
    said = judged(state)
    view = ChangeView(
        mark(said), labels.describe(said), _reverted(revision, what), revision.at, clock(revision.at, now)
    )
    return PastView(n, view)


def _reverted(revision: AnnotationRevision, what: str) -> str:
    return " · ".join(filter(None, ({"undo": _("undone"), "redo": _("done again")}.get(revision.action, ""), what)))


def judged(state: State) -> Judgement:
    """The labels of a snapshot."""
    return Judgement(
        status=Status(state["status"]),
        labels=frozenset(label for label in Label if state.get(f"is_{label}")),
        none_reason=NoneReason(state["none_reason"]) if state.get("none_reason") else None,
        confidence=Confidence(state["confidence"]) if state.get("confidence") else None,
    )


def changes(before: State, after: State) -> Iterator[str]:
    """What differs between two snapshots, in words, with the old value of the labels."""
    was, now = judged(before), judged(after)
    if labels.describe(was) != labels.describe(now):
        yield _("first label") if was.status is Status.DRAFT else _("was {labels}").format(labels=labels.describe(was))
    elif was.status is not now.status:
        yield _(CONFIRMED) if was.status is Status.NEEDS_REVIEW else word(now.status)
    for name in ("claim_voice", "opinion_voice"):
        if before.get(name) and after.get(name) and before[name] != after[name]:
            yield _(WHOSE[name, after[name]])
    if was.none_reason and now.none_reason and was.none_reason is not now.none_reason:
        yield _("reason {now}, was {before}").format(now=word(now.none_reason), before=word(was.none_reason))
    if was.confidence is not now.confidence:
        yield _("low confidence") if now.confidence is Confidence.LOW else _("confidence no longer low")
    if bool(before.get("loaded_language")) != bool(after.get("loaded_language")):
        yield _("loaded language") if after["loaded_language"] else _("no loaded language")
    if before.get("note") != after.get("note"):
        yield _("note") if after.get("note") else _("note removed")
    yield from _hanging(ATTRIBUTIONS, before["attributions"], after["attributions"])
    yield from _hanging(SOURCES, *(_proofs(state) for state in (before, after)))
    if _details(before) != _details(after):
        yield _("claim details")


def _hanging(names: tuple[str, str, str], before: Sequence[Any], after: Sequence[Any]) -> Iterator[str]:
    if before != after:
        added, removed, changed = names
        yield _(added if len(after) > len(before) else removed if len(after) < len(before) else changed)


def _proofs(state: State) -> list[Any]:
    return [proof for claim in state["claims"] for proof in claim["evidence"]]


def _details(state: State) -> list[State]:
    """The claims without their evidence; those that only their evidence made say nothing."""
    silent = ("evidence", "seq", "start_cp", "end_cp", "voice")
    told = [{name: claim[name] for name in claim if name not in silent} for claim in state["claims"]]
    return [claim for claim in told if any(claim.values())]


def reclaimed(now: Changed, before: Changed | None = None) -> bool:
    """Whether a change set or removed the claim label."""
    states = (judged(canonical.decode(one.snapshot)) if one else Judgement() for one in (now, before))
    return len({Label.CLAIM in said.labels for said in states}) > 1


def toast(n: int, revision: Changed, before: Changed | None = None, *, undo: bool) -> ToastView:
    """The undo line for the reviewer's newest change, which is of sentence `n`."""
    state = canonical.decode(revision.snapshot)
    name = labels.describe(judged(state))
    earlier = canonical.decode(before.snapshot) if before else NOTHING
    what = list(changes(earlier, state))
    if revision.action in ("undo", "redo"):
        back, again = _("Sentence {n} taken back, now {labels}"), _("Sentence {n} done again, now {labels}")
        said = (back if revision.action == "undo" else again).format(n=n, labels=name)
    elif labels.describe(judged(earlier)) != name or not what or what == [_(CONFIRMED)]:
        said = _("Sentence {n} saved as {labels}").format(n=n, labels=name)
    else:
        said = _("Sentence {n}: {changes}").format(n=n, changes=", ".join(what))
    return ToastView(said, undo, revision.action == "undo")


def clock(at: str, now: datetime) -> str:
    """A stored time as people of this machine say it: 10:02, Mon, 16:12 or 24 Nov, 16:12."""
    then, here = datetime.fromisoformat(at).astimezone(), now.astimezone()
    if then.date() == here.date():
        return f"{then:%H:%M}"
    if 0 <= (here.date() - then.date()).days < 7:
        return f"{short_weekday(then)}, {then:%H:%M}"
    return f"{short_day(then)}{f' {then.year}' if then.year != here.year else ''}, {then:%H:%M}"
