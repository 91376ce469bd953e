"""The words of db/vocabulary.py as a page shows them, inside a sentence; in English the stored words themselves."""

from annotator.language import pgettext


def speech(word: str) -> str:
    """How somebody is quoted, in what mode, and how a speaker without a name is called."""
    return {
        "direct": pgettext("speech", "direct"),
        "indirect": pgettext("speech", "indirect"),
        "mixed": pgettext("speech", "mixed"),
        "question": pgettext("speech", "question"),
        "directive": pgettext("speech", "directive"),
        "belief": pgettext("speech", "belief"),
        "intention": pgettext("speech", "intention"),
        "named": pgettext("speaker", "named"),
        "described": pgettext("speaker", "described"),
        "collective": pgettext("speaker", "collective"),
        "anonymous": pgettext("speaker", "anonymous"),
        "unspecified": pgettext("speaker", "unspecified"),
    }.get(word, word)


def claim_type(word: str) -> str:
    return {
        "numerical": pgettext("kind of claim", "numerical"),
        "causal": pgettext("kind of claim", "causal"),
        "event_property": pgettext("kind of claim", "event property"),
        "law_or_rule": pgettext("kind of claim", "law or rule"),
        "position_statement": pgettext("kind of claim", "position statement"),
        "quote_verification": pgettext("kind of claim", "quote verification"),
        "prediction": pgettext("kind of claim", "prediction"),
        "personal_experience": pgettext("kind of claim", "personal experience"),
        "other": pgettext("kind of claim", "other"),
    }.get(word, word)


def evidence(word: str) -> str:
    """A verdict on a claim, or what a source says of it."""
    return {
        "supported": pgettext("verdict", "supported"),
        "refuted": pgettext("verdict", "refuted"),
        "not_enough_evidence": pgettext("verdict", "not enough evidence"),
        "conflicting": pgettext("verdict", "conflicting"),
        "supports": pgettext("stance", "supports"),
        "refutes": pgettext("stance", "refutes"),
        "context": pgettext("stance", "context"),
        "not_enough": pgettext("stance", "not enough"),
    }.get(word, word)
