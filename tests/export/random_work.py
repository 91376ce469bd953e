"""Any state of a corpus that the database allows, drawn by Hypothesis. All texts are fiction."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from sqlmodel import Session, select

from annotator.domain import ids
from annotator.domain.changes import Change
from annotator.services import annotations, projects
from annotator.services.history import Actor
from db.models import (
    Annotation,
    Article,
    Attribution,
    AttributionSpan,
    Claim,
    Guideline,
    Reviewer,
    Segmentation,
    Sentence,
    SentenceLineage,
    Source,
    Speaker,
    SpeakerAlias,
)
from db.vocabulary import (
    AttributionType,
    CheckWorthiness,
    ClaimType,
    Confidence,
    Mode,
    Naming,
    NoneReason,
    Origin,
    Record,
    Stance,
    Verdict,
    Voice,
)  # fmt: skip
from tests import factories

TEXTS = (
    factories.TEXT,
    "👨🏻‍🚒 first\n\nThe e\u0301lan of the board rose. قال العمدة ذلك. It\u2028fell by 3,5 %! Who pays?",
    "One sentence only.",
    "Toll\n\nUp it goes. Down it goes. Up it goes again. Nobody asked. “Shame,” said the board.",
)
NOTES = st.none() | st.sampled_from(["a, b", "2,7 e-mails", "“quoted”\n\u2028\u202e", "é👍", "\\u0041 \t"])
AT = st.sampled_from([f"2025-0{n}-02T03:04:05.67{n}Z" for n in range(1, 8)])


@dataclass
class RandomWork:
    """Draws a state and writes it; `people`, `speakers` and `sources` can be used by every article."""

    data: st.DataObject
    session: Session
    people: list[Reviewer] = field(default_factory=list)
    speakers: list[Speaker] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    attributions: list[Attribution] = field(default_factory=list)

    def draw(self, strategy: st.SearchStrategy[Any]) -> Any:
        return self.data.draw(strategy)

    def one_of(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def maybe(self, strategy: st.SearchStrategy[Any]) -> Any:
        return self.draw(st.none() | strategy)

    def build(self) -> None:
        """Some articles with people, sentences merged and split, work, and gold."""
        self._named()
        for text in self.draw(st.lists(st.sampled_from(TEXTS), unique=True, max_size=2)):
            article = factories.make_article(
                self.session, text, title=self.maybe(st.just("Title")), external_id=self.maybe(st.just(text[:3]))
            )
            self.attributions = []
            factories.assign(self.session, article, *self.people[: self.draw(st.integers(0, 3))])
            if self.draw(st.booleans()):
                self._resegment(article)
            for sentence in factories.sentences_of(self.session, article):
                self._judge(sentence)
        self._merge()
        if self.draw(st.booleans()):
            self._new_guideline()

    def _named(self) -> None:
        kinds = ("human", "human", "human", "machine")
        names = ("Ada", "Ben O'Hara", "Ćlea 👩", "rules")
        self.people = [
            factories.make_reviewer(self.session, name, kind=kind) for name, kind in zip(names, kinds, strict=True)
        ]
        self.speakers = [factories.make_speaker(self.session, name) for name in ("Mina Olsen", "M. Olsen", "ÉLAN")]
        self.speakers.append(factories.make_speaker(self.session, "Mina Olsen", "group"))
        for number, alias in enumerate(("Olsen", "olsen", "the chair")):
            speaker = self.speakers[number % 2]
            assert speaker.id is not None
            key = ids.name_key(alias)
            self.session.add(SpeakerAlias(speaker_id=speaker.id, alias=alias, alias_key=key))
        url = "https://harbour.example/counts.csv"
        doi = "10.1234/Bridge"
        self.sources = [
            factories.make_source(self.session, "Minutes"),
            factories.make_source(
                self.session, "Counts", dedup_key=f"url:{url}", url=url + "?utm_source=x", canonical_url=url,
                publisher="Board", issued="2024-05", tier="primary", medium="table", type="dataset",
            ),
            factories.make_source(
                self.session, "Study", dedup_key=f"doi:{doi.lower()}", url=f"https://doi.org/{doi}", doi=doi,
                canonical_url=f"https://doi.org/{doi}", authors='["Kim Berg","Lo Dahl"]',
            ),
            factories.make_source(
                self.session, "Report", publisher="Board", issued="2024",
                authors='["Kim Berg"]', dedup_key="cite:kim berg | report | board | 2024",
            ),
        ]  # fmt: skip

    def _judge(self, sentence: Sentence) -> None:
        for person in self.people:
            if self.draw(st.integers(0, 3)):
                self._annotate(sentence, person)
        if self.draw(st.integers(0, 2)) == 0:
            lead = self.maybe(st.sampled_from(self.people[:3]))
            gold = factories.make_gold(self.session, sentence, self._labels(), lead=lead)
            gold.note = self.draw(NOTES)
            self._details(gold, sentence)
            gold.status = self.one_of("complete", "complete", "needs_review")
            factories.keep(self.session, gold, "adjudicate")

    def _labels(self) -> list[str]:
        labels: list[str] = self.draw(st.lists(st.sampled_from(["claim", "opinion", "quote"]), unique=True))
        return labels

    def _annotate(self, sentence: Sentence, person: Reviewer) -> None:
        labels = self.one_of(["unsure"], ["none"], self._labels() or ["none"], self._labels() or ["quote"])
        annotation = factories.annotate(
            self.session, sentence, person, labels, at=self.draw(AT),
            voice_claim=self.maybe(st.sampled_from(Voice)), none_reason=self.maybe(st.sampled_from(NoneReason)),
            loaded_language=self.draw(st.booleans()), confidence=self.maybe(st.sampled_from([*Confidence, ""])),
            note=self.draw(NOTES), origin=self.one_of(*Origin),
        )  # fmt: skip
        self._details(annotation, sentence)
        if self.draw(st.booleans()):
            change = Change(labels=tuple(self._labels() or ["none"]))  # may take the claim label off its claims
            actor = Actor(person.id, None, self.draw(AT))
            annotations.save(self.session, actor, sentence.uid, change, revision=annotation.revision)
        if annotation.status == "complete" and self.draw(st.integers(0, 3)) == 0:
            annotation.status = "needs_review"
        factories.keep(self.session, annotation)

    def _details(self, annotation: Annotation, sentence: Sentence) -> None:
        made = [self._attribution(annotation, sentence) for _ in range(self.draw(st.integers(0, 3)))]
        if annotation.is_claim:
            for _ in range(self.draw(st.integers(0, 2))):
                self._claim(annotation, made)
        # a number that was given out is never used again
        if made and self.draw(st.booleans()):
            self._delete(made[0])

    def _attribution(self, annotation: Annotation, sentence: Sentence) -> Attribution:
        siblings = [found for found in self.attributions if found.annotation_id == annotation.id]
        middle = (sentence.start_cp + sentence.end_cp) // 2
        span = [(sentence.start_cp, max(middle, sentence.start_cp + 1))]
        found = factories.make_attribution(
            self.session, annotation, cue=self.one_of([], span, [*span, (0, 1)]),
            content=self.one_of(span, [*span, (0, 2)], None),
            parent_id=self.maybe(st.sampled_from([s.id for s in siblings])) if siblings else None,
            continues_id=self.maybe(st.sampled_from([a.id for a in self.attributions])) if self.attributions else None,
            speaker_id=self.maybe(st.sampled_from([s.id for s in self.speakers])),
            source_id=self.maybe(st.sampled_from([s.id for s in self.sources])),
            type=self.one_of(*AttributionType), mode=self.one_of(*Mode), naming=self.one_of(*Naming),
            record=self.one_of(*Record), negated=self.draw(st.booleans()), note=self.draw(NOTES),
            role=self.maybe(st.just("chair")), confidence=self.one_of(*Confidence),
        )  # fmt: skip
        if self.draw(st.booleans()):
            found.speaker_start, found.speaker_end = 0, 1
        self.attributions.append(found)
        return found

    def _claim(self, annotation: Annotation, attributions: list[Attribution]) -> None:
        attribution = self.maybe(st.sampled_from(attributions)) if attributions else None
        claim = factories.make_claim(
            self.session, annotation, text_normalized=self.draw(NOTES),
            claim_type=self.maybe(st.sampled_from(ClaimType)), claim_date=self.maybe(st.just("2024-05")),
            check_worthiness=self.maybe(st.sampled_from(CheckWorthiness)), verdict_note=self.draw(NOTES),
            verdict=self.maybe(st.sampled_from(Verdict)), attribution_id=attribution and attribution.id,
            voice="attributed" if attribution else self.one_of("author", "attributed"),
        )  # fmt: skip
        for source in self.draw(st.lists(st.sampled_from(self.sources), unique_by=lambda s: s.id, max_size=3)):
            factories.make_evidence(
                self.session, claim, source, excerpt=self.one_of(None, "one passage"), stance=self.one_of(*Stance),
                question=self.draw(NOTES), locator=self.maybe(st.just("p. 4")), note=self.draw(NOTES),
            )  # fmt: skip

    def _delete(self, attribution: Attribution) -> None:
        """The way a service would: what hangs on it is let go first."""
        self.session.flush()
        for name in ("parent_id", "continues_id"):
            for other in self.session.exec(select(Attribution).where(getattr(Attribution, name) == attribution.id)):
                setattr(other, name, None)
        for claim in self.session.exec(select(Claim).where(Claim.attribution_id == attribution.id)):
            claim.attribution_id = None
        for span in self.session.exec(select(AttributionSpan).where(AttributionSpan.attribution_id == attribution.id)):
            self.session.delete(span)
        self.session.flush()
        self.attributions.remove(attribution)
        self.session.delete(attribution)
        self.session.flush()

    def _resegment(self, article: Article) -> None:
        """Version 2 splits the first sentence that has a space, version 3 merges the last two of a block."""
        live = list(factories.sentences_of(self.session, article))
        whole = next((s for s in live if " " in article.text[s.start_cp : s.end_cp]), None)
        if whole is not None:
            space = article.text.index(" ", whole.start_cp)
            spans = [(whole.start_cp, space), (space + 1, whole.end_cp)]
            self._replace(article, 2, [whole], spans, "split")
        live = list(factories.sentences_of(self.session, article))
        pair = live[-2:]
        if len(pair) == 2 and pair[0].block_id == pair[1].block_id:
            self._replace(article, 3, pair, [(pair[0].start_cp, pair[1].end_cp)], "merge")

    def _replace(
        self, article: Article, version: int, old: list[Sentence], spans: list[tuple[int, int]], kind: str
    ) -> None:
        assert article.id is not None
        segmentation = Segmentation(article_id=article.id, version=version, engine="test", created_at=factories.AT)
        self.session.add(segmentation)
        self.session.flush()
        assert segmentation.id is not None
        for sentence in old:
            sentence.retired_in = segmentation.id
        self.session.flush()
        for start, end in spans:
            place = (Sentence.article_id == article.id, Sentence.start_cp == start, Sentence.end_cp == end)
            new = self.session.exec(select(Sentence).where(*place)).first()  # the same span is the same sentence again
            if new is None:
                new = Sentence(
                    article_id=article.id, block_id=old[0].block_id, uid=ids.sentence_id(article.uid, start, end),
                    start_cp=start, end_cp=end, created_in=segmentation.id, origin=kind,
                )  # fmt: skip
            new.retired_in = None
            self.session.add(new)
            self.session.flush()
            assert new.id is not None
            for sentence in old:
                assert sentence.id is not None
                self.session.add(SentenceLineage(old_id=sentence.id, new_id=new.id, kind=kind))
        self.session.flush()

    def _merge(self) -> None:
        """One speaker and one source may turn out to be another."""
        if self.draw(st.booleans()):
            self.speakers[0].merged_into_id = self.speakers[1].id
        if self.draw(st.booleans()):
            self.sources[0].merged_into_id = self.sources[1].id
        self.session.flush()

    def _new_guideline(self) -> None:
        """Work from now on would be done under it; what is there keeps the version it was done under."""
        project = projects.get(self.session)
        assert project.id is not None
        guideline = Guideline(
            project_id=project.id, version="1.1", body="New rules.", sha256=ids.sha256("New rules."),
            active_from=factories.AT,
        )  # fmt: skip
        self.session.add(guideline)
        self.session.flush()
        project.active_guideline_id = guideline.id
