"""What people do in the program, drawn from a seed and done through the services. All texts are fiction."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sqlmodel import Session, col, select

from annotator.domain.changes import Change
from annotator.domain.spans import Span
from annotator.errors import Refused
from annotator.services import (
    adjudication,
    annotations,
    attributions,
    claims,
    evidence,
    finishing,
    sentences,
    sources,
    speakers,
    suggestions,
    undo,
)
from annotator.services.adjudication import Decision
from annotator.services.attributions import Wording
from annotator.services.claims import ClaimDetails
from annotator.services.evidence import EvidenceWording
from annotator.services.history import Actor
from db.models import (
    Annotation,
    Article,
    Attribution,
    AttributionSpan,
    Claim,
    Evidence,
    Reviewer,
    Sentence,
    Source,
    Speaker,
)
from db.vocabulary import AttributionType, ClaimType, Label, NoneReason, Stance, Verdict
from tests import factories

TEXTS = (
    "The pier 🚢\n\n“The pier is unsafe 👩‍🚒,” said Ida Holm, the cafe\u0301 owner."
    " Closing it costs little. Who pays? She did.",
    "Tolls\u2028rise\n\nIda Holm said the toll is 4 crowns. It fell."
    " It rose again; nobody asked. A shame, said Ida Holm.",
)
NAMES = ("Ida Holm", "I. Holm", "Holm, Ida")
URLS = tuple(f"https://harbour.example/{n}" for n in range(3))
DEEDS = (
    "label", "label", "label", "toggle", "attribute", "attribute", "unattribute", "claim", "evidence", "evidence",
    "evidence_away", "accept", "accept", "accept_label", "undo", "undo", "redo", "split", "merge", "move", "uncut",
    "decide", "decide", "leave_open", "undecide", "unanimous", "merge_speakers", "part_speakers", "merge_sources",
    "merge_sources", "part_sources", "finish", "reopen", "delete",
)  # fmt: skip


@dataclass
class RandomDeeds:
    """Draws deeds and does them; one that a rule refuses changes nothing. `done` counts those that were not refused."""

    chance: Random
    session: Session
    done: Counter[str] = field(default_factory=Counter)
    people: list[Reviewer] = field(default_factory=list)

    def live(self, deeds: int) -> None:
        """Two articles that two people have read and mostly agree on, and a lead; then so many deeds."""
        self.people = [factories.make_reviewer(self.session, name) for name in ("Ada", "Ben")]
        self.lead = factories.make_lead(self.session, "Lena")
        for text in TEXTS:
            article = factories.make_article(self.session, text)
            factories.assign(self.session, article, *self.people)
            for sentence in factories.sentences_of(self.session, article)[1:3]:
                said = {"content": " ".join(text[sentence.start_cp :].split()[:2])}
                factories.make_suggestion(self.session, sentence, said, opinion=0.9)
        for name in NAMES:
            factories.make_speaker(self.session, name)
            factories.make_source(self.session, f"Notes of {name}")
        for sentence in self._rows(Sentence):
            labels = self.one((("claim",), ("claim", "quote"), ("none",)))
            for person in self.people:
                said = labels if self.chance.randrange(4) else ("quote",)
                factories.annotate(self.session, sentence, person, said)
        for _ in range(deeds):
            self._one(self.chance.choice(DEEDS))

    def one(self, of: Sequence[Any]) -> Any:
        """One of them. Raises Refused where there is none."""
        if not of:
            raise Refused("There is nothing of the kind.")
        return self.chance.choice(list(of))

    def _one(self, name: str) -> None:
        deed: Callable[[], object] = getattr(self, f"_{name}")
        try:
            with self.session.begin_nested():
                deed()
        except Refused:
            self.session.expire_all()
        else:
            self.done[name] += 1

    def _rows(self, table: Any, *where: Any) -> Sequence[Any]:
        return self.session.exec(select(table).where(*where).order_by(table.id)).all()

    def _article(self) -> Article:
        found: Article = self.one(self._rows(Article, col(Article.deleted_at).is_(None)))
        return found

    def _sentence(self) -> Sentence:
        found: Sentence = self.one(factories.sentences_of(self.session, self._article()))
        return found

    def _who(self) -> Actor:
        return Actor(self.one(self.people).id, None, factories.AT)

    @property
    def _as_lead(self) -> Actor:
        return Actor(self.lead.id, None, factories.AT)

    def _revision(self, sentence: Sentence, who: Actor) -> int:
        mine = (Annotation.sentence_id == sentence.id, Annotation.reviewer_id == who.reviewer_id)
        found = self._rows(Annotation, *mine, Annotation.role == "reviewer")
        return int(found[0].revision) if found else 0

    def _mine(self, who: Actor, *where: Any) -> tuple[Annotation, Sentence]:
        """An annotation of this person that a condition holds for, on a live sentence."""
        live = col(Annotation.sentence_id).in_(select(Sentence.id).where(col(Sentence.retired_in).is_(None)))
        found = self.one(self._rows(Annotation, Annotation.reviewer_id == who.reviewer_id, live, *where))
        return found, self.session.get_one(Sentence, found.sentence_id)

    def _label(self) -> None:
        who, sentence = self._who(), self._sentence()
        labels = self.one((("claim",), ("quote",), ("claim", "quote"), ("opinion",), ("none",), ("unsure",)))
        change = Change(labels=labels, note=self.one((None, "“so”\n\u202e", "é👍")))
        annotations.save(self.session, who, sentence.uid, change, revision=self._revision(sentence, who))

    def _toggle(self) -> None:
        who, sentence = self._who(), self._sentence()
        change = Change(labels=(self.one(tuple(Label)),), toggle=True)
        annotations.save(self.session, who, sentence.uid, change, revision=self._revision(sentence, who))

    def _attribute(self) -> None:
        who, sentence = self._who(), self._sentence()
        text = self._text(sentence)
        words = text[sentence.start_cp : sentence.end_cp].split()
        own = [a.uid for a in self._rows(Attribution) if self._owner(a) == who.reviewer_id]
        wording = Wording(
            content=self.one(words), type=self.one(tuple(AttributionType)), speaker=self.one(("", "Ida Holm")),
            speaker_name=self.one((None, *NAMES)), continues=self.one((None, *own)), parent=self.one((None, *own)),
        )  # fmt: skip
        attributions.create(self.session, who, sentence.uid, wording, revision=self._revision(sentence, who))

    def _owner(self, attribution: Attribution) -> int | None:
        return self.session.get_one(Annotation, attribution.annotation_id).reviewer_id

    def _unattribute(self) -> None:
        who = self._who()
        found = self.one([a for a in self._rows(Attribution) if self._owner(a) == who.reviewer_id])
        annotation = self.session.get_one(Annotation, found.annotation_id)
        attributions.delete(self.session, who, found.uid, revision=annotation.revision)

    def _claim(self) -> None:
        who = self._who()
        annotation, sentence = self._mine(who, col(Annotation.is_claim).is_(True))
        there = [claim.uid for claim in self._rows(Claim, Claim.annotation_id == annotation.id)]
        own = [a.uid for a in self._rows(Attribution, Attribution.annotation_id == annotation.id)]
        details = ClaimDetails(
            text_normalized=self.one((None, "The pier is unsafe 🚢.")), claim_type=self.one((None, *ClaimType)),
            verdict=self.one((None, *Verdict)), attribution=self.one((None, *own)),
        )  # fmt: skip
        uid = self.one((*there, claims.next_uid(annotation)))
        claims.save(self.session, who, sentence.uid, uid, details, revision=annotation.revision)

    def _evidence(self) -> None:
        who = self._who()
        annotation, sentence = self._mine(who, col(Annotation.is_claim).is_(True))
        wording = EvidenceWording(
            url=self.one(URLS), title=self.one(("Counts", "Minutes")), stance=self.one(tuple(Stance)),
            excerpt=self.one((None, "4 crowns")),
        )  # fmt: skip
        evidence.add(self.session, who, sentence.uid, wording, revision=annotation.revision)

    def _evidence_away(self) -> None:
        found = self.one(self._rows(Evidence))
        annotation = self.session.get_one(Annotation, self.session.get_one(Claim, found.claim_id).annotation_id)
        who = Actor(annotation.reviewer_id, None, factories.AT)
        evidence.delete(self.session, who, found.uid, revision=annotation.revision)

    def _offered(self, *, label: bool) -> tuple[Actor, Annotation, Sentence, suggestions.Offer]:
        """One of all labels, or attributions, that somebody is offered now."""
        live = col(Annotation.sentence_id).in_(select(Sentence.id).where(col(Sentence.retired_in).is_(None)))
        found = [
            (Actor(annotation.reviewer_id, None, factories.AT), annotation, sentence, offer)
            for annotation in self._rows(Annotation, Annotation.role == "reviewer", live)
            for sentence in [self.session.get_one(Sentence, annotation.sentence_id)]
            for offer in self._offers(annotation, sentence)
            if (offer.label is not None) == label
        ]
        chosen: tuple[Actor, Annotation, Sentence, suggestions.Offer] = self.one(found)
        return chosen

    def _offers(self, annotation: Annotation, sentence: Sentence) -> list[suggestions.Offer]:
        ids = [a.id for a in self._rows(Attribution, Attribution.annotation_id == annotation.id)]
        parts = self.session.exec(select(AttributionSpan).where(col(AttributionSpan.attribution_id).in_(ids))).all()
        assert sentence.id is not None
        assert annotation.reviewer_id is not None
        return suggestions.offers(
            self.session, (sentence.id, sentence.uid), annotation.reviewer_id, self._text(sentence),
            labels=annotations.judgement(annotation).labels,
            contents=[(Span(part.start_cp, part.end_cp),) for part in parts if part.part == "content"],
        )  # fmt: skip

    def _text(self, sentence: Sentence) -> str:
        return self.session.get_one(Article, sentence.article_id).text

    def _accept(self) -> None:
        who, annotation, sentence, offer = self._offered(label=False)
        assert offer.said is not None
        words = suggestions.words(self._text(sentence), offer.said.content)
        wording = Wording(content=words, type=offer.said.type, speaker="Ida Holm")
        suggestions.accept(self.session, who, sentence.uid, offer.key, wording, revision=annotation.revision)

    def _accept_label(self) -> None:
        who, annotation, sentence, offer = self._offered(label=True)
        assert offer.label is not None
        change = Change(labels=(offer.label,), toggle=True)
        suggestions.accept_label(self.session, who, sentence.uid, offer.key, change, revision=annotation.revision)

    def _undo(self) -> None:
        if undo.undo(self.session, self._who(), self._article().uid) is None:
            raise Refused("There is nothing to undo.")

    def _redo(self) -> None:
        who, uid = self._who(), self._article().uid
        if undo.undo(self.session, who, uid) is None or undo.redo(self.session, who, uid) is None:
            raise Refused("There is nothing to do again.")

    def _cut(self, cut: Any) -> None:
        version = sentences.version(self.session, cut.article.uid)
        sentences.apply(self.session, self._as_lead, cut, version=version)

    def _split(self) -> None:
        sentence = self._sentence()
        text = self._text(sentence)
        places = [n + 1 for n in range(sentence.start_cp, sentence.end_cp - 1) if text[n] == " "]
        self._cut(sentences.splitting(self.session, sentence.uid, self.one(places)))

    def _merge(self) -> None:
        self._cut(sentences.merging(self.session, self._sentence().uid))

    def _move(self) -> None:
        sentence = self._sentence()
        text = self._text(sentence)
        places = [n + 1 for n in range(sentence.start_cp, len(text) - 1) if text[n] == " "]
        self._cut(sentences.moving(self.session, sentence.uid, self.one(places)))

    def _uncut(self) -> None:
        uid = self._article().uid
        sentences.undo(self.session, self._as_lead, uid, version=sentences.version(self.session, uid))

    def _gold(self, sentence: Sentence) -> int:
        found = self._rows(Annotation, Annotation.sentence_id == sentence.id, Annotation.role == "gold")
        return int(found[0].revision) if found else 0

    def _decide(self) -> None:
        sentence = self._sentence()
        labels = frozenset(self.one(((), (Label.CLAIM,), (Label.QUOTE, Label.CLAIM), (Label.OPINION,))))
        answers = self._rows(Annotation, Annotation.sentence_id == sentence.id, Annotation.role == "reviewer")
        uids = (None, "", *(self.session.get_one(Reviewer, answer.reviewer_id).uid for answer in answers))
        decision = Decision(
            labels=labels, none_reason=None if labels else NoneReason.OTHER, reason="It can be checked.",
            take_attributions_of=self.one(uids),
            take_claims_of=self.one(uids) if Label.CLAIM in labels else None,
        )  # fmt: skip
        adjudication.decide(self.session, self._as_lead, sentence.uid, decision, revision=self._gold(sentence))

    def _leave_open(self) -> None:
        sentence = self._sentence()
        decision = Decision(open=True)
        adjudication.decide(self.session, self._as_lead, sentence.uid, decision, revision=self._gold(sentence))

    def _undecide(self) -> None:
        gold = self.one(self._rows(Annotation, Annotation.role == "gold"))
        sentence = self.session.get_one(Sentence, gold.sentence_id)
        adjudication.undo(self.session, self._as_lead, sentence.uid, revision=gold.revision)

    def _unanimous(self) -> None:
        lead, article = self._as_lead, self._article().uid
        waiting = adjudication.agreeing(self.session, lead, article)
        if not adjudication.accept_unanimous(self.session, lead, article, waiting):
            raise Refused("Nobody agrees.")

    def _merge_speakers(self) -> None:
        found = self._rows(Speaker)
        speakers.merge(self.session, self._as_lead, self.one(found).uid, self.one(found).uid)

    def _part_speakers(self) -> None:
        merged = self._rows(Speaker, col(Speaker.merged_into_id).is_not(None))
        speakers.unmerge(self.session, self._as_lead, self.one(merged).uid)

    def _merge_sources(self) -> None:
        found = self._rows(Source)
        sources.merge(self.session, self._as_lead, self.one(found).uid, self.one(found).uid)

    def _part_sources(self) -> None:
        merged = self._rows(Source, col(Source.merged_into_id).is_not(None))
        sources.unmerge(self.session, self._as_lead, self.one(merged).uid)

    def _finish(self) -> None:
        who, article = self._who(), self._article()
        for sentence in factories.sentences_of(self.session, article):
            if not self._revision(sentence, who):
                change = Change(labels=("none",))
                annotations.save(self.session, who, sentence.uid, change, revision=0)
        finishing.finish(self.session, who, article.uid)

    def _reopen(self) -> None:
        finishing.reopen(self.session, self._who(), self._article().uid)

    def _delete(self) -> None:
        """No command deletes an article yet; the export leaves such ones out."""
        if self.chance.randrange(4):
            raise Refused("Not this time.")
        self._article().deleted_at = factories.AT
        self.session.flush()
