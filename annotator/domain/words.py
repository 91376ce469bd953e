"""The words that the database keeps, as a reader sees them: in the reader's language, without underscores."""

from annotator.language import gettext, later

WORDS = (
    # labels, states of a sentence
    later("claim"), later("quote"), later("opinion"),
    later("complete"), later("needs review"), later("draft"), later("unsure"),
    # attributions
    later("direct"), later("indirect"), later("mixed"),
    later("statement"), later("question"), later("directive"), later("belief"), later("intention"),
    later("named"), later("described"), later("collective"), later("anonymous"), later("unspecified"),
    # speakers
    later("person"), later("organization"), later("group"), later("document"), later("unknown"),
    # claims
    later("numerical"), later("causal"), later("event property"), later("law or rule"), later("position statement"),
    later("quote verification"), later("prediction"), later("personal experience"),
    later("supported"), later("refuted"), later("not enough evidence"), later("conflicting"),
    later("check worthy"), later("unimportant"),
    # evidence and sources
    later("supports"), later("refutes"), later("context"), later("not enough"),
    later("article"), later("article newspaper"), later("webpage"), later("report"), later("legislation"),
    later("legal case"), later("dataset"), later("speech"), later("press release"), later("interview"), later("book"),
    later("video"), later("audio"), later("social"), later("other"),
    later("primary"), later("secondary"), later("tertiary"),
    # blocks of an article
    later("title"), later("heading"), later("list item"), later("caption"), later("table"),
    later("disclaimer"),
    # why none of the labels applies
    later("boilerplate"), later("fragment"),
    # how far a speaker may be named
    later("on record"), later("background"), later("deep background"),
    # people
    later("reviewer"), later("lead"), later("machine"),
)  # fmt: skip


def word(stored: str) -> str:
    """“press_release” is “press release”; a word that is not in the table stays English."""
    return gettext(stored.replace("_", " ").replace("-", " "))


def counted(number: int, what: str) -> str:
    """“1 article” and “2 articles” of what is never translated: `what` is the plural; gold, without an s, stays so."""
    return f"{number} {what.removesuffix('s') if number == 1 else what}"
