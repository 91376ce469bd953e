"""Contents: what a verb of speech reports, as a quotation beside it, a clause, an infinitive or an object."""

from typing import TYPE_CHECKING

from annotator.nlp import cues
from annotator.nlp.quotations import ENDING, Quotation, is_sentence_like
from annotator.nlp.scenes import FINITE, OPENERS, Scene, subtree
from annotator.nlp.tokens import QUOTES
from annotator.nlp.words import words_of

if TYPE_CHECKING:
    from spacy.tokens import Token

TAKERS_OF_INFINITIVES = cues.PROMISING | cues.DIRECTING
TAKERS_OF_GERUNDS = words_of("deny admit suggest recommend propose describe recall remember advise report acknowledge")
PHRASES = frozenset(["dobj", "oprd", "attr", "acomp", "prep", "ccomp", "xcomp", "dative", "advcl"])
LISTENERS = frozenset(["dobj", "dative", "iobj"])
SHORTEST_WISH = 4  # words and marks of a quotation after "wants" that is no scare quote
FARTHEST = 14  # words between a verb and the quotation it introduces


def direct_content(scene: Scene, verb: "Token") -> set[int]:
    """Give the quotations that a verb right before, after or between them reports, and claim them."""
    found: set[int] = set()
    before, after = scene.before(verb.i), scene.after(verb.i)
    if before and before.start not in scene.claimed and is_first_verb(scene, verb, before):
        found |= set(range(before.start, before.end)) | prefix(scene, before)
        scene.claimed.add(before.start)
    if after and after.start not in scene.claimed and introduces(scene, verb, after, bool(found)):
        clause = clause_content(scene, verb)
        beyond = {index for index in clause if index >= after.end and scene.doc[index].is_alpha}
        found |= set(range(after.start, after.end))
        opened = (
            bool(clause) and min(clause) < after.start and scene.doc[min(clause)].lower_ in {"that", "if", "whether"}
        )
        if (
            (beyond or opened)
            and scene.doc[after.start - 1].text not in {",", ":"}
            and not found & set(range(after.start))
        ):
            found |= clause
        scene.claimed.add(after.start)
    return found


def is_first_verb(scene: Scene, verb: "Token", before: Quotation) -> bool:
    """Tell whether a verb is the first one after a quotation, relative clauses about its subject aside."""
    between = scene.doc[before.end : verb.i]
    last = last_word(scene, before)
    clause = reported(verb)
    if verb.tag_ not in FINITE | {"VBN"} or (last == "." and clause is not None and clause.i > verb.i):
        return False
    if any(child.dep_ == "mark" and child.lower_ != "as" for child in verb.lefts):  # while the owner called it fair
        return False
    begins = scene.sentence(before.start)[0] == before.start
    if not (last[-1:] in ENDING or (len(between) and between[0].text == ",") or begins) or is_title(scene, before):
        return False
    if verb.dep_ == "relcl" or (verb.lemma_ in cues.TAGGING and not is_sentence_like(scene.passage, before)):
        return False
    if any(
        token.dep_ == "cc" or token.text in {";", ":"}
        for token in between
        if token.head == verb or token.i == before.end
    ):
        return bool(between) and between[0].text == ","  # "…," and she said
    return (
        not any(scene.is_finite(token) and token.pos_ == "VERB" for token in between) and len(between) <= 2 * FARTHEST
    )


def is_title(scene: Scene, one: Quotation) -> bool:
    """Tell whether a quotation is the title in an opening phrase: In her book “The Long Dry,” Moss argues …."""
    opening = scene.doc[scene.sentence(one.start)[0] : one.start]
    if not len(opening) or opening[0].tag_ != "IN" or (len(opening) > 1 and opening[-1].pos_ not in {"NOUN", "PROPN"}):
        return False
    return not any(scene.is_finite(token) for token in opening)


def last_word(scene: Scene, one: Quotation) -> str:
    """Give the last word or mark in a quotation."""
    inside = scene.passage.words[one.start : one.end]
    return next((word for word in reversed(inside) if word not in QUOTES), "")


def prefix(scene: Scene, before: Quotation) -> set[int]:
    """Give the words of the sentence before a quotation that are part of what is said: the plan is “dead”, she said."""
    start, _ = scene.sentence(before.start)
    if start >= before.start:
        return set()
    words = range(start, before.start)
    taken = any(one.start in scene.claimed for one in scene.quotations if one.start in words or one.end - 1 in words)
    speech = any(
        scene.doc[index].lemma_ in cues.SAYING and scene.is_finite(scene.doc[index]) and scene.level[index] == 0
        for index in words
    )
    return set() if taken or speech or scene.doc[before.start - 1].text == ":" else without_openers(scene, set(words))


def introduces(scene: Scene, verb: "Token", after: Quotation, has_content: bool) -> bool:
    """Tell whether a verb introduces the quotation after its run: said, “…”; told me “…”; said X, adding: “…”."""
    between = scene.doc[verb.i + 1 : after.start]
    farthest = 2 * FARTHEST if has_content else FARTHEST
    if (
        len(between) > farthest
        or is_tagged(scene, after)
        or any(token.lemma_ in cues.SAYING and token.pos_ == "VERB" for token in between)
    ):
        return False
    last = between[-1].text if len(between) else ""
    if not last and verb.lemma_ in cues.NAMING and verb.tag_ == "VBN":
        return False  # a hymn called “A Charge to Keep.”
    if not last:
        return verb.dep_ != "relcl" and (is_sentence_like(scene.passage, after) or verb.lemma_ in cues.UTTERING)
    if last in {",", ":"}:
        return not any(scene.is_finite(token) for token in between) or last == ":"
    own = subtree(verb)
    return (
        not has_content
        and is_sentence_like(scene.passage, after)
        and not any(token.pos_ in {"VERB", "AUX"} or token.dep_ in {"mark", "det", "prep"} for token in between[-1:])
        and all(token.i in own and token.pos_ not in {"VERB", "AUX"} for token in between)
    )


def is_tagged(scene: Scene, quoted: Quotation) -> bool:
    """Tell whether a verb of its own follows a quotation that ends with a comma: insists: “No,” he said."""
    beside = scene.doc[quoted.end : min(quoted.end + 4, scene.sentence(quoted.end - 1)[1])]
    verb = next((one for one in beside if one.lemma_ in cues.SAYING and one.tag_ in FINITE), None)
    return (
        last_word(scene, quoted) == ","
        and verb is not None
        and not any(one.is_punct for one in beside if one.i < verb.i)
    )


def clause_content(scene: Scene, verb: "Token") -> set[int]:
    """Give the clause or infinitive that a verb reports, to where the clause ends."""
    clause = reported(verb)
    if clause is None:
        return inserted(scene, verb)
    inner = subtree(clause)
    if clause.i < verb.i:
        speaker = {index for child in verb.lefts if child.dep_ in {"nsubj", "nsubjpass"} for index in subtree(child)}
        if not any(
            token.text in {",", "”", '"', "?", "!", "—", "–", "-"} and token.i not in speaker
            for token in scene.doc[clause.i + 1 : verb.i]
        ):
            return set()
        first = min(verb.left_edge.i, clause.left_edge.i)
        return without_openers(scene, set(range(first, max(i for i in inner) + 1)) - tag_words(verb, clause))
    first = clause.left_edge.i
    if verb.lemma_ in cues.DIRECTING:
        first = next((child.i for child in clause.lefts if child.tag_ == "TO" or child.dep_ == "neg"), first)
    if first < verb.i:
        return inner - {verb.i}
    return set(range(first, extended(scene, verb, clause)))


def reported(verb: "Token") -> "Token | None":
    """Find the head of the clause, infinitive or gerund a verb reports."""
    for child in (*verb.rights, *verb.lefts):
        possessed = any(one.dep_ == "poss" for one in child.lefts) and not any(
            one.dep_ in {"nsubj", "nsubjpass", "aux"} for one in child.lefts
        )
        if child.dep_ == "ccomp" and child.pos_ in {"VERB", "AUX", "NOUN", "ADJ", "PROPN"} and not possessed:
            return child
        if child.dep_ == "xcomp" and child.i > verb.i:
            has_to = any(one.tag_ == "TO" for one in child.lefts)
            if (has_to and verb.lemma_ in TAKERS_OF_INFINITIVES) or (
                child.tag_ == "VBG" and verb.lemma_ in TAKERS_OF_GERUNDS
            ):
                return child
    return hung_on_noun(verb)


def hung_on_noun(verb: "Token") -> "Token | None":
    """Find the clause with "that" which the parser hung on a noun: said in a statement that it …."""
    if verb.lemma_ not in cues.SAYING:
        return None
    nouns = [child for child in verb.rights if child.dep_ in LISTENERS]
    nouns += [one for child in verb.rights if child.dep_ in {"prep", "dative"} for one in child.rights]
    for noun in nouns:
        for child in noun.rights:
            marks = [one for one in child.lefts if one.lower_ == "that" and one.tag_ == "IN"]
            if child.dep_ in {"acl", "relcl", "ccomp"} and marks and noun.lemma_ not in cues.NOMINAL - {"statement"}:
                return child
    return None


def inserted(scene: Scene, verb: "Token") -> set[int]:
    """Give the clause that a verb and its subject are inserted in: the plan, she said, is dead."""
    if verb.dep_ != "parataxis" or verb.head.pos_ not in {"VERB", "AUX"}:
        return final_tag(scene, verb)
    own = subtree(verb)
    start, end = scene.sentence(verb.i)
    return without_openers(scene, set(range(start, end)) - own)


def final_tag(scene: Scene, verb: "Token") -> set[int]:
    """Give the sentence before ", the Post reports." or ", reported NDTV.", whatever the parser made of it."""
    start, end = scene.sentence(verb.i)
    level = scene.level[verb.i]
    comma = next(
        (i for i in range(verb.i - 1, start, -1) if scene.doc[i].text == "," and scene.level[i] == level), start
    )
    own = scene.doc[comma + 1 : end]
    rest = [token for token in own if token.i > verb.i and not token.is_punct]
    if comma == start or verb.lemma_ not in cues.SAYING | cues.TAGGING or verb.tag_ not in {"VBD", "VBZ", "VBP"}:
        return set()
    before = [token for token in own if token.i < verb.i]
    nominal = all(token.pos_ in {"NOUN", "PROPN", "ADJ", "DET", "PRON", "NUM", "PART", "ADP"} for token in before)
    fits = (
        before
        and nominal
        and before[0].pos_ != "ADP"
        and (not rest or rest[0].pos_ == "ADP" or rest[0].lower_ in cues.DAYS)
    )
    turned = (
        not before
        and rest
        and all(token.pos_ in {"NOUN", "PROPN", "ADJ", "DET", "PRON", "NUM", "PART", "ADP"} for token in rest)
    )
    return without_openers(scene, set(range(start, comma))) if fits or turned else set()


def tag_words(verb: "Token", clause: "Token") -> set[int]:
    """Give the words of "she said on Monday" where they follow or interrupt the clause."""
    found = {verb.i}
    for child in verb.children:
        if child != clause and (child.i > clause.i or child.dep_ in {"nsubj", "aux", "neg"}):
            found |= subtree(child)
    return found


def extended(scene: Scene, verb: "Token", clause: "Token") -> int:
    """Find the end of a reported clause: it takes along what follows in the sentence without a new clause or comma."""
    end = clause.right_edge.i + 1
    for one in scene.doc[clause.i : end]:
        added = one.tag_ == "VBG" and one.dep_ == "advcl" and one.lemma_ in cues.SAYING | cues.NAMING | cues.AS_TAKING
        if added and one.head == clause and scene.doc[one.i - 1].text == ",":
            return one.i - 1
    if end < scene.sentence(verb.i)[1] - 1 and scene.doc[end].text == ":" and scene.level[end] == scene.level[verb.i]:
        return end if end + 1 in scene.starting else scene.sentence(verb.i)[1]
    for child in verb.rights:
        if child.left_edge.i < end:
            end = max(end, child.right_edge.i + 1) if child.i > clause.i and child.dep_ in {"prep", "advmod"} else end
            continue
        gap = scene.doc[end : child.left_edge.i]
        if child.dep_ == "conj" and goes_on(child):
            end = child.right_edge.i + 1
            continue
        if child.dep_ == "cc":
            continue
        if child.dep_ not in {"prep", "npadvmod", "advmod", "advcl", "dobj", "ccomp"} or any(
            token.text in {",", ";", "—", "–"} for token in gap
        ):
            break
        if child.tag_ == "VBG" and child.lemma_ in cues.SAYING:
            break
        end = child.right_edge.i + 1
    return min(end, scene.sentence(verb.i)[1])


def goes_on(joined: "Token") -> bool:
    """Tell whether a verb joined by "and" to a verb of speech goes on with what is said: "and had sold it"."""
    if joined.lemma_ in cues.SAYING or any(child.dep_ in {"nsubj", "nsubjpass"} for child in joined.lefts):
        return any(child.lower_ == "that" and child.dep_ == "mark" for child in joined.lefts)
    return any(child.dep_ == "aux" and child.lower_ in {"had", "would", "could", "will"} for child in joined.lefts)


def object_content(scene: Scene, verb: "Token") -> set[int]:
    """Give the object or phrase that a verb such as call, describe, accuse, deny or warn reports."""
    lemma = verb.lemma_
    objects = {"npadvmod", "nmod"} if lemma in cues.AS_TAKING else set()
    phrases = [child for child in verb.rights if child.dep_ in PHRASES | objects]
    tail = tail_of(scene, verb, phrases)
    quoted = [one for one in scene.quotations if one.level == scene.level[verb.i] and one.start in tail]
    if lemma in cues.NAMING:
        named = any(child.dep_ in {"oprd", "ccomp", "xcomp"} for child in phrases)
        if quoted or (named and lemma in {"call", "brand", "label", "dub"}):
            return tail
    if (
        lemma in cues.AS_TAKING
        and any(child.lower_ == "as" for child in phrases)
        and phrases[0].dep_ in {"dobj", *objects}
    ):
        return tail if quoted or lemma in cues.DESCRIBING else set()
    if lemma in cues.OBJECT_TAKING and phrases and phrases[0].dep_ == "dobj":
        return tail if is_reportable(verb, phrases) else set()
    takes = cues.PREPOSITION_TAKING.get(lemma, frozenset())
    prepositions = [child for child in phrases if child.dep_ == "prep" and child.lower_ in takes]
    if prepositions:
        start = phrases[0].left_edge.i if lemma in {"accuse", "call"} else prepositions[0].i
        return {index for index in tail if index >= start}
    if lemma in cues.INTENDING and any(one.end - one.start > SHORTEST_WISH for one in quoted):
        return tail
    if quoted and lemma in cues.QUOTED_OBJECT_TAKING:
        evaluated = lemma in cues.EVALUATING
        return tail if evaluated or any(is_sentence_like(scene.passage, one) for one in quoted) else set()
    return set()


def is_reportable(verb: "Token", phrases: list["Token"]) -> bool:
    """Tell whether an object can be said: denied the claim, blame the tannery, urged caution; not confirmed cases."""
    target = phrases[0]
    if verb.lemma_ == "accuse":
        return any(child.lower_ == "of" for child in (*phrases, *target.rights))
    if target.pos_ == "PRON" and verb.lemma_ != "blame":
        return False
    if verb.lemma_ in {"blame", "deny", "demand", "urge", "announce", "predict", "forecast", "allege", "propose"}:
        return True
    return target.lemma_ in cues.NOMINAL or target.lemma_ in cues.REPORTABLE


def tail_of(scene: Scene, verb: "Token", phrases: list["Token"]) -> set[int]:
    """Give the words from the first to the last phrase after a verb, up to a comma outside quotations."""
    if not phrases:
        return set()
    found: set[int] = set()
    end = phrases[0].left_edge.i
    for phrase in phrases:
        gap = scene.doc[end : phrase.left_edge.i]
        if found and any(token.text == "," and scene.level[token.i] == scene.level[verb.i] for token in gap):
            break
        if phrase.dep_ == "advcl":
            break
        end = phrase.right_edge.i + 1
        found |= set(range(phrases[0].left_edge.i, end))
    opened = {one.start: one.end for one in scene.quotations if one.level == scene.level[verb.i]}
    first = phrases[0].left_edge.i
    if first - 1 in opened:
        found.add(first - 1)
    for start, stop in opened.items():
        if start in found:
            found |= set(range(start, stop))
    level = scene.level[verb.i]
    colon = min(
        (index for index in found if scene.doc[index].text == ":" and scene.level[index] == level), default=None
    )
    return {index for index in found if index > verb.i and (colon is None or index < colon)}


def without_openers(scene: Scene, tokens: set[int]) -> set[int]:
    """Leave out "But" and the like at the start of a content."""
    found = sorted(tokens)
    while found and scene.doc[found[0]].lower_ in OPENERS:
        found.pop(0)
    return set(found)
