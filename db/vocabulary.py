"""Words that are stored in the database and leave in exports."""

from enum import StrEnum


class Label(StrEnum):
    CLAIM = "claim"
    QUOTE = "quote"
    OPINION = "opinion"


class Voice(StrEnum):
    AUTHOR = "author"
    ATTRIBUTED = "attributed"
    BOTH = "both"


class NoneReason(StrEnum):
    HEADING = "heading"
    DISCLAIMER = "disclaimer"
    BOILERPLATE = "boilerplate"
    QUESTION = "question"
    FRAGMENT = "fragment"
    OTHER = "other"


class Status(StrEnum):
    COMPLETE = "complete"
    NEEDS_REVIEW = "needs_review"
    DRAFT = "draft"
    UNSURE = "unsure"


class Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Origin(StrEnum):
    HUMAN = "human"
    SUGGESTION_ACCEPTED = "suggestion_accepted"
    IMPORT = "import"
    CARRIED_OVER = "carried_over"


class AnnotationRole(StrEnum):
    REVIEWER = "reviewer"
    GOLD = "gold"


class GoldMethod(StrEnum):
    ADJUDICATED = "adjudicated"
    UNANIMOUS = "unanimous"


class AttributionType(StrEnum):
    DIRECT = "direct"
    INDIRECT = "indirect"
    MIXED = "mixed"


class Mode(StrEnum):
    STATEMENT = "statement"
    QUESTION = "question"
    DIRECTIVE = "directive"
    BELIEF = "belief"
    INTENTION = "intention"


class Naming(StrEnum):
    NAMED = "named"
    DESCRIBED = "described"
    COLLECTIVE = "collective"
    ANONYMOUS = "anonymous"
    UNSPECIFIED = "unspecified"


class Record(StrEnum):
    ON_RECORD = "on_record"
    BACKGROUND = "background"
    DEEP_BACKGROUND = "deep_background"
    UNKNOWN = "unknown"


class SpanPart(StrEnum):
    CUE = "cue"
    CONTENT = "content"


class SpeakerKind(StrEnum):
    PERSON = "person"
    ORGANIZATION = "organization"
    GROUP = "group"
    DOCUMENT = "document"
    UNKNOWN = "unknown"


class ClaimType(StrEnum):
    NUMERICAL = "numerical"
    CAUSAL = "causal"
    EVENT_PROPERTY = "event_property"
    LAW_OR_RULE = "law_or_rule"
    POSITION_STATEMENT = "position_statement"
    QUOTE_VERIFICATION = "quote_verification"
    PREDICTION = "prediction"
    PERSONAL_EXPERIENCE = "personal_experience"
    OTHER = "other"


class CheckWorthiness(StrEnum):
    CHECK_WORTHY = "check_worthy"
    UNIMPORTANT = "unimportant"


class ClaimVoice(StrEnum):
    AUTHOR = "author"
    ATTRIBUTED = "attributed"


class Verdict(StrEnum):
    SUPPORTED = "supported"
    REFUTED = "refuted"
    NOT_ENOUGH_EVIDENCE = "not_enough_evidence"
    CONFLICTING = "conflicting"


class Stance(StrEnum):
    SUPPORTS = "supports"
    REFUTES = "refutes"
    CONTEXT = "context"
    NOT_ENOUGH = "not_enough"


class SourceType(StrEnum):
    ARTICLE = "article"
    ARTICLE_NEWSPAPER = "article-newspaper"
    WEBPAGE = "webpage"
    REPORT = "report"
    LEGISLATION = "legislation"
    LEGAL_CASE = "legal_case"
    DATASET = "dataset"
    SPEECH = "speech"
    PRESS_RELEASE = "press_release"
    STATEMENT = "statement"
    INTERVIEW = "interview"
    BOOK = "book"
    DOCUMENT = "document"
    VIDEO = "video"
    AUDIO = "audio"
    SOCIAL = "social"
    OTHER = "other"


class Medium(StrEnum):
    TEXT = "text"
    TABLE = "table"
    PDF = "pdf"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    OTHER = "other"


class Tier(StrEnum):
    PRIMARY = "primary"
    SECONDARY = "secondary"
    TERTIARY = "tertiary"
    UNKNOWN = "unknown"


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    QUOTE = "quote"
    CAPTION = "caption"
    TABLE = "table"
    DISCLAIMER = "disclaimer"
    OTHER = "other"


class SentenceOrigin(StrEnum):
    AUTO = "auto"
    MERGE = "merge"
    SPLIT = "split"


class Lineage(StrEnum):
    MERGE = "merge"
    SPLIT = "split"
    MOVE = "move"


class ReviewerKind(StrEnum):
    HUMAN = "human"
    MACHINE = "machine"


class ReviewerRole(StrEnum):
    REVIEWER = "reviewer"
    LEAD = "lead"


class AssignmentState(StrEnum):
    OPEN = "open"
    FINISHED = "finished"


class ImportFormat(StrEnum):
    TXT = "txt"
    MD = "md"
    HTML = "html"
    JSONL = "jsonl"
    CSV = "csv"
    CONTRACT = "contract"


class SuggestionAnswer(StrEnum):
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


# the body of guidelines that came with an export, which holds their hash only
GUIDELINE_NOT_CARRIED = "The text of these guidelines was not in the export that this corpus came from."
