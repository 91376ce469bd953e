"""Named boundary rules: a spaCy component that mends `is_sent_start` after the model has set it."""

from spacy.language import Language
from spacy.tokens import Doc

ENGLISH_RULES = "english_sentence_rules"
ANY_RULES = "sentence_rules"


@Language.component(ENGLISH_RULES)
def english(doc: Doc) -> Doc:
    return doc


@Language.component(ANY_RULES)
def anyrules(doc: Doc) -> Doc:
    return doc
