"""Lines of an export -> rows with the same public ids, numbers and times, in bulk; database keys are new."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, SQLModel, select

from annotator.domain import ids, recovery
from annotator.domain.spans import Span
from annotator.errors import Conflict, Invalid
from annotator.intake.contract import Line, Record
from annotator.services import history, restored_judgements
from annotator.services.history import Actor, Entry
from annotator.services.restored_judgements import Judged, Keys
from annotator.services.storing import Rows
from db import canonical
from db.bulk import insert_rows
from db.models import (
    Article,
    Assignment,
    Block,
    Guideline,
    ImportBatch,
    Project,
    Reviewer,
    Segmentation,
    Sentence,
    SentenceLineage,
    Source,
    Speaker,
    SpeakerAlias,
)
from db.vocabulary import GUIDELINE_NOT_CARRIED, AssignmentState, Lineage, ReviewerRole

ARTICLE_FIELDS = (
    "external_id", "title", "url", "canonical_url", "publisher", "published", "language", "license", "rights_note",
    "text", "text_sha256", "text_length",
)  # fmt: skip
BATCH_FIELDS = ("format", "file_name", "file_sha256", "imported_at", "importer_version")
SOURCE_FIELDS = (
    "type", "title", "publisher", "issued", "url", "canonical_url", "doi", "archived_url", "accessed_on", "medium",
    "tier", "note",
)  # fmt: skip


class Restoring:
    """Stores groups of records in one transaction; remembers what several articles share."""

    def __init__(self, session: Session, actor: Actor, project: Project) -> None:
        assert project.id is not None
        self.session, self.actor, self.project = session, actor, project.id
        self.people = {person.uid: person for person in session.exec(select(Reviewer))}
        self.batches: dict[str, int] = {}
        self.blocks: dict[tuple[str, int], int] = {}
        self.segmentations: dict[tuple[str, int], int] = {}
        self.keys = Keys(
            articles={},
            sentences={},
            reviewers={person.uid: person.id for person in self.people.values() if person.id is not None},
            guidelines={version: key for version, key in session.exec(select(Guideline.version, Guideline.id)) if key},
            speakers={},
            sources={},
        )

    def store(self, group: Sequence[Record]) -> None:
        """Write these articles with all that hangs on them."""
        for known in (self.keys.articles, self.keys.sentences, self.blocks, self.segmentations):
            known.clear()  # nothing refers to another article's
        judged = [found for record in group for line in record.sentences for found in restored_judgements.read(line)]
        lines = [record.article for record in group]
        self._people(lines)
        self._guidelines(judged)
        self._named(lines)
        self._articles(group)
        self._sentences(group)
        self._assignments(group)
        entries = [
            Entry("import", "article", line["id"], self.keys.articles[line["id"]], after=line["text_sha256"])
            for line in lines
        ]
        history.log_many(self.session, self.actor, entries)
        restored_judgements.store(self.session, self.actor, self.keys, judged)

    def _insert(self, table: type[SQLModel], rows: Rows) -> None:
        if rows:
            self.session.connection().execute(insert(table), rows)

    def _people(self, lines: Sequence[Line]) -> None:
        """Reviewers come without secrets and rights: a lead gives them a link."""
        for person in (person for line in lines for person in line["reviewers"]):
            here = self.people.get(person["id"])
            if here is None:
                reviewer = Reviewer(
                    uid=person["id"],
                    name=person["name"],
                    kind=person["kind"],
                    role=ReviewerRole.REVIEWER,
                    created_at=self.actor.at,
                )
                self.session.add(reviewer)
                self.session.flush()
                assert reviewer.id is not None
                self.people[reviewer.uid], self.keys.reviewers[reviewer.uid] = reviewer, reviewer.id
                detail = {"kind": reviewer.kind, "role": reviewer.role}
                history.log(self.session, self.actor, "create", "reviewer", reviewer.uid, detail=detail)
            elif (here.name, here.kind) != (person["name"], person["kind"]):
                raise Conflict(f"The reviewer {person['name']} of the export is {here.name} ({here.kind}) here.")

    def _guidelines(self, judged: Iterable[Judged]) -> None:
        """Older versions, of which an export has the number only."""
        for version in sorted({found.line["guideline_version"] for found in judged} - self.keys.guidelines.keys()):
            guideline = Guideline(
                project_id=self.project,
                version=version,
                body=GUIDELINE_NOT_CARRIED,
                sha256=canonical.sha256(GUIDELINE_NOT_CARRIED),
                active_from=self.actor.at,
            )
            self.session.add(guideline)
            self.session.flush()
            assert guideline.id is not None
            self.keys.guidelines[version] = guideline.id
            history.log(self.session, self.actor, "create", "guideline", version, after=guideline.sha256)

    def _named(self, lines: Sequence[Line]) -> None:
        """Import batches, speakers with their aliases, and sources, each once."""
        batches = {line["import_batch"]["id"]: line["import_batch"] for line in lines}
        self._new(ImportBatch, self.batches, batches, self._batch)
        speakers = {speaker["id"]: speaker for line in lines for speaker in line["speakers"]}
        new = speakers.keys() - self.keys.speakers.keys()
        self._new(Speaker, self.keys.speakers, speakers, self._speaker)
        self._insert(SpeakerAlias, [row for uid in sorted(new) for row in self._aliases(speakers[uid])])
        sources = {source["id"]: source for line in lines for source in line["sources"]}
        self._new(Source, self.keys.sources, sources, self._source)

    def _new(
        self,
        table: type[SQLModel],
        known: dict[str, int],
        lines: dict[str, Line],
        row: Callable[[Line], dict[str, Any]],
    ) -> None:
        new = [uid for uid in sorted(lines) if uid not in known]
        known.update(zip(new, insert_rows(self.session, table, [row(lines[uid]) for uid in new]), strict=True))

    def _batch(self, line: Line) -> dict[str, Any]:
        fields = {name: line[name] for name in BATCH_FIELDS}
        return {"project_id": self.project, "uid": line["id"], "options": "{}", "report": "{}", **fields}

    def _speaker(self, line: Line) -> dict[str, Any]:
        return {
            "project_id": self.project,
            "uid": line["id"],
            "name": line["name"],
            "name_key": ids.name_key(line["name"]),
            "kind": line["kind"],
            "same_as": line["same_as"],
        }

    def _aliases(self, line: Line) -> Rows:
        key = self.keys.speakers[line["id"]]
        return [{"speaker_id": key, "alias": alias, "alias_key": ids.name_key(alias)} for alias in line["aliases"]]

    def _source(self, line: Line) -> dict[str, Any]:
        of = ("doi", "url", "title", "publisher", "issued", "authors")
        key = recovery.dedup_key(line["id"], **{name: line[name] for name in of})
        if key is None:
            raise Invalid(f"Source {line['id']} “{line['title']}”: its id is not that of its DOI, address or citation.")
        fields = {name: line[name] for name in SOURCE_FIELDS}
        authors = canonical.text(line["authors"])
        return {"project_id": self.project, "uid": line["id"], "dedup_key": key, "authors": authors, **fields}

    def _articles(self, group: Sequence[Record]) -> None:
        rows = [
            {
                "project_id": self.project,
                "batch_id": self.batches[record.article["import_batch"]["id"]],
                "uid": record.article["id"],
                "byline": canonical.text(record.article["byline"]),
                **{name: record.article[name] for name in ARTICLE_FIELDS},
            }
            for record in group
        ]
        keys = insert_rows(self.session, Article, rows)
        self.keys.articles.update(zip((row["uid"] for row in rows), keys, strict=True))
        blocks = [(record.article["id"], block) for record in group for block in record.article["blocks"]]
        keys = insert_rows(self.session, Block, [self._block(uid, block) for uid, block in blocks])
        self.blocks.update(zip(((uid, block["ordinal"]) for uid, block in blocks), keys, strict=True))
        versions = [(record.article, version) for record in group for version in _versions(record)]
        keys = insert_rows(self.session, Segmentation, [self._segmentation(*found) for found in versions])
        self.segmentations.update(zip(((line["id"], version) for line, version in versions), keys, strict=True))

    def _block(self, article: str, line: Line) -> dict[str, Any]:
        place = {"start_cp": line["start"], "end_cp": line["end"], "ordinal": line["ordinal"]}
        return {"article_id": self.keys.articles[article], "kind": line["kind"], "level": line["level"], **place}

    def _segmentation(self, article: Line, version: int) -> dict[str, Any]:
        return {
            "article_id": self.keys.articles[article["id"]],
            "version": version,
            "engine": article["segmentation"]["engine"],
            "created_at": article["import_batch"]["imported_at"],
        }

    def _sentences(self, group: Sequence[Record]) -> None:
        """Live sentences, and the retired ones that they come from."""
        rows = [self._sentence(line) for record in group for line in record.sentences]
        rows += [row for record in group for row in self._retired(record)]
        keys = insert_rows(self.session, Sentence, rows)
        self.keys.sentences.update(zip((row["uid"] for row in rows), keys, strict=True))
        lineage = [
            {
                "old_id": self.keys.sentences[old],
                "new_id": self.keys.sentences[line["id"]],
                "kind": Lineage.MOVE if line["segmentation"]["origin"] == "auto" else line["segmentation"]["origin"],
            }
            for record in group
            for line in record.sentences
            for old in line["segmentation"]["derived_from"]
        ]
        self._insert(SentenceLineage, lineage)

    def _sentence(self, line: Line) -> dict[str, Any]:
        article = line["article_id"]
        return {
            "article_id": self.keys.articles[article],
            "block_id": self.blocks[article, line["block"]["ordinal"]],
            "uid": line["id"],
            "start_cp": line["start"],
            "end_cp": line["end"],
            "created_in": self.segmentations[article, line["segmentation"]["version"]],
            "retired_in": None,
            "origin": line["segmentation"]["origin"],
        }

    def _retired(self, record: Record) -> Iterator[dict[str, Any]]:
        """An export has the ids of retired sentences only; where they lay is found by trying."""
        article, seen = record.article, set(record.article["sentence_ids"])
        for line in record.sentences:
            block = Span(line["block"]["start"], max(line["block"]["end"], line["end"]))
            for uid in (uid for uid in line["segmentation"]["derived_from"] if uid not in seen):
                seen.add(uid)
                near = Span(line["start"], line["end"])
                span = recovery.span(uid, article["id"], article["text"], near, block)
                if span is None:
                    raise Invalid(f"Sentence {line['id']} comes from {uid}, which is no part of its block.")
                yield {
                    **self._sentence({**line, "id": uid, "start": span.start, "end": span.end}),
                    "created_in": self.segmentations[article["id"], 1],
                    "retired_in": self.segmentations[article["id"], article["segmentation"]["version"]],
                    "origin": "auto",
                }

    def _assignments(self, group: Sequence[Record]) -> None:
        """Whoever is done with every sentence has finished: an export does not say it."""
        rows = []
        for record in group:
            changed = _last_changes(record)
            for person in record.article["reviewers"]:
                done = 0 < len(record.sentences) == person["complete"]
                row = {
                    "article_id": self.keys.articles[record.article["id"]],
                    "reviewer_id": self.keys.reviewers[person["id"]],
                    "state": AssignmentState.FINISHED if done else AssignmentState.OPEN,
                    "assigned_at": record.article["import_batch"]["imported_at"],
                    "finished_at": changed[person["id"]] if done else None,
                }
                rows += [row] if person["assigned"] else []
        self._insert(Assignment, rows)


def _last_changes(record: Record) -> dict[str, str]:
    """When each reviewer changed something in the article for the last time."""
    found: dict[str, str] = {}
    for annotation in (annotation for line in record.sentences for annotation in line["annotations"]):
        person = annotation["reviewer_id"]
        found[person] = max(annotation["updated_at"], found.get(person, ""))
    return found


def _versions(record: Record) -> list[int]:
    """The segmentations that are referred to; the article's own is the last."""
    made = {sentence["segmentation"]["version"] for sentence in record.sentences}
    return sorted(made | {1, record.article["segmentation"]["version"]})
