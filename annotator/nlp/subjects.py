"""Subjects: who speaks in the clause of a verb, also where subject and verb change places or share a clause."""

from typing import TYPE_CHECKING

from annotator.nlp import cues
from annotator.nlp.mentions import NOMINAL_TAGS, mention
from annotator.nlp.scenes import Scene

if TYPE_CHECKING:
    from spacy.tokens import Token

SUBJECTS = frozenset(["nsubj", "nsubjpass"])
MISREAD = frozenset(["dobj", "npadvmod", "appos", "attr", "oprd", "dative", "nmod", "dep", "nsubj", "intj", "ccomp"])
NOUNS = frozenset(["NOUN", "PROPN", "PRON"])
DEEPEST = 6  # verbs that hand their subject on


def speaker_of(scene: Scene, verb: "Token", *, direct: bool) -> tuple[list[int], list["Token"]]:
    """Find the words of the speaker of an active verb, and the verbs that govern it, such as "declined" to say."""
    head, governors = subject_of(verb)
    if head is not None and scene.level[head.i] == scene.level[verb.i]:
        tokens = mention(head)
        if head.i > verb.i:
            tokens = stretched(scene, verb, tokens)
        return [index for index in tokens if scene.level[index] == scene.level[verb.i]], governors
    if direct:
        found = placed_between(scene, verb) or inverted(scene, verb) or placed_before(scene, verb)
        return found or placed_after(scene, verb), governors
    return hung_elsewhere(scene, verb), governors


def subject_of(verb: "Token") -> tuple["Token | None", list["Token"]]:
    """Find the subject of a verb, its own or the one handed on by the verb, noun or clause that governs it."""
    governors: list[Token] = []
    for _ in range(DEEPEST):
        named = (child for child in verb.children if child.dep_ in SUBJECTS and child.text[0].isalnum())
        own = next(named, None)
        if own is not None:
            relative = own.lower_ in cues.RELATIVE and verb.dep_ in {"relcl", "ccomp", "acl"}
            return (verb.head if relative and verb.head.pos_ in NOUNS else own), governors
        head = verb.head
        if head == verb:
            break
        if verb.dep_ == "acl" and verb.tag_ == "VBG":
            return head, governors
        if verb.dep_ == "xcomp":
            if head.lemma_ not in cues.CONTROLLING:
                break
            governors.append(head)
        elif verb.dep_ == "pcomp":
            if head.lower_ == "as" and head.head.lemma_ in {"quote", "cite", "report"}:
                governors += [head, head.head]
                quoted = next((child for child in head.head.rights if child.dep_ == "dobj"), None)
                if quoted is not None:
                    return quoted, governors
            if head.lower_ in {"from", "without", "against"}:  # bars them from denying, without saying
                break
            head = head.head
        elif verb.dep_ == "advcl":
            if verb.tag_ != "VBG" or head.lemma_ in cues.PREVENTING:
                break
            outer = head.head
            if head.dep_ == "ccomp" and outer.lemma_ in cues.SAYING and outer.i < head.i and follows_comma(verb):
                head = outer
        elif verb.dep_ == "conj" and (mentioned := set_beside(verb)) is not None:
            return mentioned, governors
        elif verb.dep_ != "conj" or (verb.tag_ == "VBG" and head.tag_ in {"VBZ", "VBD"}):
            break
        verb = head
    return None, governors


def hung_elsewhere(scene: Scene, verb: "Token") -> list[int]:
    """Find the name right before a main verb that the parser hung on an opening phrase: Rising, Ada Finch said."""
    if verb.dep_ != "ROOT" or verb.tag_ not in {"VBD", "VBZ", "VBP"} or verb.lemma_ not in cues.SAYING:
        return []
    for token in scene.doc[scene.sentence(verb.i)[0] : verb.i]:
        near = token.right_edge.i < verb.i <= token.right_edge.i + 2
        misled = token.dep_ == "npadvmod" and token.tag_ == "NNP" and token.lower_ not in cues.DAYS
        if scene.level[token.i] == scene.level[verb.i] and ((near and misled) or is_of_relative(token, verb)):
            return mention(token)
    return []


def is_of_relative(token: "Token", verb: "Token") -> bool:
    """Tell whether the parser gave a subject to the relative clause after it: Residents, many of whom left, say."""
    clause = token.head
    return (
        token.dep_ == "nsubj"
        and clause.dep_ == "ccomp"
        and clause.head == verb
        and clause.i < verb.i
        and verb.nbor(-1).text == ","
        and any(one.lower_ in cues.RELATIVE for one in verb.doc[token.i : clause.i])
    )


def set_beside(verb: "Token") -> "Token | None":
    """Find the subject that the parser took for the object of "as": They sang as the mayor, in tears, told …."""
    for child in verb.head.rights:
        if child.lower_ == "as" and child.right_edge.i + 2 >= verb.i > child.i:
            return next((one for one in child.rights if one.dep_ == "pobj"), None)
    return None


def follows_comma(verb: "Token") -> bool:
    """Tell whether a comma stands right before a verb."""
    return verb.i > 0 and verb.doc[verb.i - 1].text == ","


def stretched(scene: Scene, verb: "Token", tokens: list[int]) -> list[int]:
    """Let a speaker that follows its verb begin right after it, where only nominal words stand between."""
    first = tokens[0]
    between = [scene.doc[index] for index in range(verb.i + 1, first)]
    if between and all(token.tag_ in NOMINAL_TAGS and token.lower_ not in cues.DAYS for token in between):
        return list(range(verb.i + 1, tokens[-1] + 1))
    return tokens


def inverted(scene: Scene, verb: "Token") -> list[int]:
    """Take the noun phrase right after a verb for its subject, where the parser took it for something else."""
    for child in verb.rights:
        fits = child.dep_ in MISREAD and child.pos_ in NOUNS and scene.level[child.i] == scene.level[verb.i]
        if fits and child.lower_ not in cues.DAYS:
            tokens = stretched(scene, verb, mention(child))
            if tokens[0] == verb.i + 1:
                return [index for index in tokens if scene.level[index] == scene.level[verb.i]]
    return []


def placed_between(scene: Scene, verb: "Token") -> list[int]:
    """Take the name and role between a quotation and a verb for its subject: “No,” the coach, Ada Finch, told …."""
    left, _ = scene.run(verb.i)
    words = [token for token in scene.doc[left : verb.i] if not token.is_punct]
    named = any(word.tag_ in {"NNP", "NNPS"} for word in words)
    plain = all(word.tag_ in NOMINAL_TAGS for word in words) and not any(word.lower_ in cues.DAYS for word in words)
    return list(range(words[0].i, words[-1].i + 1)) if scene.before(verb.i) and named and plain else []


def placed_after(scene: Scene, verb: "Token") -> list[int]:
    """Take the nominal words right after a verb for its subject, whatever the parser took them for."""
    _, right = scene.run(verb.i)
    last = verb.i
    while last + 1 < right and scene.doc[last + 1].tag_ in NOMINAL_TAGS:
        last += 1
    tokens = list(range(verb.i + 1, last + 1))
    while tokens and scene.doc[tokens[-1]].pos_ not in NOUNS:
        tokens.pop()
    return tokens if tokens and scene.doc[tokens[0]].lower_ not in cues.DAYS else []


def placed_before(scene: Scene, verb: "Token") -> list[int]:
    """Take the nominal words right before a verb for its subject, where the parser found none."""
    left, _ = scene.run(verb.i)
    first = verb.i
    while first > left and scene.doc[first - 1].tag_ in NOMINAL_TAGS | {"PRP"}:
        first -= 1
    tokens = list(range(first, verb.i))
    return tokens if any(scene.doc[index].pos_ in NOUNS for index in tokens) else []
