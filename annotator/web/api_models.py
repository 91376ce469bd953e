"""What scripts send and get: every field with an example, in the words of the contract."""

from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from db.vocabulary import BlockKind, Confidence, NoneReason, Status, Voice

ARTICLE, SENTENCE = "art_0123456789abcdef", "sen_0123456789abcdef"
MOST_ARTICLES = 500
Item = TypeVar("Item")
LabelWord = Literal["claim", "quote", "opinion", "none", "unsure"]
SetLabel = Literal["claim", "quote", "opinion"]


class Answer(BaseModel):
    """Nothing but what is declared leaves."""

    model_config = ConfigDict(extra="forbid", from_attributes=True)


class Problem(BaseModel):
    """RFC 9457: what went wrong, in words for a person; `request` is its number in the server's log."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "type": "about:blank", "title": "Nothing here", "status": 404,
                    "detail": "There is no such article.", "request": "0123456789abcdef",
                }
            ]
        },
    )  # fmt: skip
    type: str
    title: str
    status: int
    detail: str
    request: str
    field: str | None = Field(None, description="The field that does not fit.")
    current_revision: int | None = Field(None, description="With 409: the revision that is stored.")
    errors: list[dict[str, Any]] | None = Field(None, description="With 422: place and reason of each.")
    report: dict[str, Any] | None = Field(None, description="With a refused import: what became of each record.")


class Page(Answer, Generic[Item]):
    """Some of a list. `next` is the cursor of the following page, null on the last one."""

    items: list[Item]
    next: str | None = Field(examples=["art_0123456789abcdef"])


class ArticleItem(Answer):
    """An article in a list. `state` is that of the caller's own assignment, null without one."""

    id: str = Field(examples=[ARTICLE])
    external_id: str | None = Field(examples=["story-17"])
    title: str | None = Field(examples=["The ferry stays in port"])
    url: str | None = Field(examples=["https://news.example/ferry"])
    publisher: str | None = Field(examples=["Harbour News"])
    byline: list[str] = Field(examples=[["Ida Holm"]])
    published: str | None = Field(examples=["2025-01-02"])
    language: str = Field(examples=["en"])
    license: str | None = Field(examples=["CC BY 4.0"])
    text_length: int = Field(description="In code points.", examples=[33])
    sentences: int = Field(examples=[2])
    state: Literal["open", "finished"] | None = Field(examples=["open"])


class BlockItem(Answer):
    """A heading, paragraph, list item …: half-open code points of the text."""

    start: int = Field(examples=[0])
    end: int = Field(examples=[33])
    kind: BlockKind = Field(examples=["paragraph"])
    level: int | None = Field(examples=[None])


class ArticleWhole(ArticleItem):
    """An article with its text, exactly as it is stored."""

    text: str = Field(examples=["The pier is closed. Who pays now?"])
    text_sha256: str = Field(examples=["1f" * 32])
    blocks: list[BlockItem]


class SentenceItem(Answer):
    """A sentence: `text` is article text[start:end], in code points; `ordinal` counts from 0."""

    id: str = Field(examples=[SENTENCE])
    ordinal: int = Field(examples=[0])
    start: int = Field(examples=[0])
    end: int = Field(examples=[19])
    text: str = Field(examples=["The pier is closed."])
    block: BlockKind = Field(examples=["paragraph"])
    level: int | None = Field(examples=[None])
    segmentation: int = Field(description="Version of the segmentation that made it.", examples=[1])


class Voices(Answer):
    """Whose claim and whose opinion it is."""

    claim: Voice | None = Field(examples=["author"])
    opinion: Voice | None = Field(examples=[None])


class AnnotationItem(Answer):
    """One judgement on one sentence. Gold is a record of its own beside the reviewers'."""

    id: str = Field(examples=["ann_0123456789abcdef"])
    sentence_id: str = Field(examples=[SENTENCE])
    role: Literal["reviewer", "gold"] = Field(examples=["reviewer"])
    reviewer_id: str | None = Field(examples=["rev_0123456789abcdef"])
    status: Status = Field(examples=["complete"])
    labels: list[SetLabel] = Field(examples=[["claim"]])
    voices: Voices
    none_reason: NoneReason | None = Field(examples=[None])
    loaded_language: bool = Field(examples=[False])
    confidence: Confidence | None = Field(examples=[None])
    note: str | None = Field(examples=[None])
    revision: int = Field(examples=[1])
    guideline_version: str = Field(examples=["1.0"])
    created_at: str = Field(examples=["2025-01-02T03:04:05.678Z"])
    updated_at: str = Field(examples=["2025-01-02T03:04:05.678Z"])


class AnnotationChange(BaseModel):
    """What to change; a field that is left out stays as it is.

    `revision` is the one that the change rests on, 0 where nothing is stored yet. The same `request` again changes
    nothing and gets the same answer.
    """

    model_config = ConfigDict(extra="forbid")
    revision: Annotated[int, Field(ge=0, lt=2**31, strict=True, examples=[0])]
    labels: list[LabelWord] | None = Field(
        None, min_length=1, max_length=3, examples=[["claim"]],
        description="Exactly these; none and unsure stand alone.",
    )  # fmt: skip
    voice_claim: Voice | None = Field(None, examples=["author"])
    voice_opinion: Voice | None = Field(None, examples=["attributed"])
    none_reason: NoneReason | None = Field(None, examples=["heading"])
    loaded_language: Annotated[bool | None, Field(strict=True, examples=[False])] = None
    confidence: Confidence | None = Field(None, examples=["high"])
    note: str | None = Field(None, max_length=10_000, pattern=r"^[^\x00]*$", examples=["See the second paragraph."])
    request: str | None = Field(None, min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$", examples=["run7-0001"])


class ArticleIn(BaseModel):
    """An article: `text` or `html`, and what is said about it. Fields that nobody reads are named in the answer."""

    model_config = ConfigDict(extra="allow")
    id: str | int | None = Field(None, examples=["story-17"])
    title: str | None = Field(None, examples=["The ferry stays in port"])
    text: str | None = Field(None, examples=["The pier is closed. Who pays now?"])
    html: str | None = Field(None, examples=[None])
    url: str | None = Field(None, description="Stored, never fetched.", examples=["https://news.example/ferry"])
    publisher: str | None = Field(None, examples=["Harbour News"])
    byline: str | list[str] | None = Field(None, examples=[["Ida Holm"]])
    published: str | None = Field(None, examples=["2025-01-02"])
    language: str | None = Field(None, examples=["en"])
    license: str | None = Field(None, examples=["CC BY 4.0"])
    rights_note: str | None = Field(None, examples=[None])


class Import(BaseModel):
    """Articles to store: all or nothing, unless `partial`."""

    model_config = ConfigDict(extra="forbid")
    articles: list[ArticleIn] = Field(min_length=1, max_length=MOST_ARTICLES)
    partial: Annotated[bool, Field(strict=True, description="Take the good ones, list the rest.")] = False


class Stored(Answer):
    """An article of an import; `line` is its place in the list, from 1."""

    id: str = Field(examples=[ARTICLE])
    title: str | None = Field(examples=["The ferry stays in port"])
    line: int | None = Field(examples=[1])


class Refusal(Answer):
    """A record that was not stored."""

    line: int | None = Field(examples=[1])
    field: str | None = Field(examples=["url"])
    reason: str = Field(examples=["An address starts with http:// or https:// and names a host."])


class Imported(Answer):
    """What became of every record; `unknown` names the fields that nobody reads, each with the records that have it."""

    batch: str | None = Field(examples=["imp_0123456789abcdef"])
    accepted: list[Stored]
    duplicate: list[Stored] = Field(examples=[[]])
    rejected: list[Refusal] = Field(examples=[[]])
    unknown: dict[str, list[int | None]] = Field(examples=[{}])
