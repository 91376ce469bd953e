"""Why something is suggested, in the reader's language; the suggestions keep the English words of annotator.nlp."""

from annotator.language import pgettext


def told(reason: str) -> str:
    """A reason in words; one that is not known here stays as it is kept."""
    name, _space, word = reason.rpartition(" ")
    return _alone().get(reason) or _with_word().get(name, reason).replace("{word}", word)


def _with_word() -> dict[str, str]:
    return {
        "quotation beside": pgettext("sign", "quotation beside {word}"),
        "as-clause with": pgettext("sign", "as-clause with {word}"),
        "reporting verb": pgettext("sign", "reporting verb {word}"),
        "passive": pgettext("sign", "passive {word}"),
        "noun of speech": pgettext("sign", "noun of speech {word}"),
    }


def _alone() -> dict[str, str]:
    return {
        "according to": pgettext("sign", "according to"), "adjective": pgettext("sign", "adjective"),
        "adverb": pgettext("sign", "adverb"), "aside": pgettext("sign", "aside"),
        "boilerplate": pgettext("sign", "boilerplate"), "call to act": pgettext("sign", "call to act"),
        "colloquial word": pgettext("sign", "colloquial word"), "comment adverb": pgettext("sign", "comment adverb"),
        "comparison": pgettext("sign", "comparison"), "condition": pgettext("sign", "condition"),
        "contrast": pgettext("sign", "contrast"), "damning word": pgettext("sign", "damning word"),
        "date": pgettext("sign", "date"), "event verb": pgettext("sign", "event verb"),
        "exclamation": pgettext("sign", "exclamation"), "first person plural": pgettext("sign", "first person plural"),
        "first person singular": pgettext("sign", "first person singular"), "heading": pgettext("sign", "heading"),
        "hedge": pgettext("sign", "hedge"), "in the words of": pgettext("sign", "in the words of"),
        "intensifier": pgettext("sign", "intensifier"), "judging it": pgettext("sign", "judging it"),
        "may or could": pgettext("sign", "may or could"), "measure word": pgettext("sign", "measure word"),
        "moral noun": pgettext("sign", "moral noun"), "name": pgettext("sign", "name"),
        "name and colon": pgettext("sign", "name and colon"),
        "named speaker or cue": pgettext("sign", "named speaker or cue"), "negation": pgettext("sign", "negation"),
        "no finite verb": pgettext("sign", "no finite verb"), "number": pgettext("sign", "number"),
        "number in words": pgettext("sign", "number in words"), "order": pgettext("sign", "order"),
        "organisation or office": pgettext("sign", "organisation or office"), "passive": pgettext("sign", "passive"),
        "past tense": pgettext("sign", "past tense"), "percent or money": pgettext("sign", "percent or money"),
        "perfect": pgettext("sign", "perfect"), "praising word": pgettext("sign", "praising word"),
        "present tense only": pgettext("sign", "present tense only"), "question": pgettext("sign", "question"),
        "quotation marks": pgettext("sign", "quotation marks"), "quoted word": pgettext("sign", "quoted word"),
        "says or thinks": pgettext("sign", "says or thinks"), "second person": pgettext("sign", "second person"),
        "short": pgettext("sign", "short"), "should or must": pgettext("sign", "should or must"),
        "somebody else speaks": pgettext("sign", "somebody else speaks"),
        "superlative": pgettext("sign", "superlative"), "sweeping word": pgettext("sign", "sweeping word"),
        "will or would": pgettext("sign", "will or would"), "wish or feeling": pgettext("sign", "wish or feeling"),
        "word of cause": pgettext("sign", "word of cause"), "word of change": pgettext("sign", "word of change"),
        "word of law": pgettext("sign", "word of law"), "words after a colon": pgettext("sign", "words after a colon"),
        "words before a colon": pgettext("sign", "words before a colon"), "year": pgettext("sign", "year"),
    }  # fmt: skip
