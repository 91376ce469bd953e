"""Nouns of speech: "the union's claim that …", "a warning that … came from …", "made a promise to …"."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from annotator.nlp import cues
from annotator.nlp.mentions import mention, owner
from annotator.nlp.scenes import FINITE, Draft, Scene, cue_of, is_negated
from annotator.nlp.subjects import subject_of
from db.vocabulary import Mode

if TYPE_CHECKING:
    from spacy.tokens import Token

CLAUSES = frozenset(["acl", "ccomp", "relcl", "xcomp", "advcl"])


def noun_drafts(scene: Scene) -> Iterator[Draft]:
    """Read an attribution off each noun of speech that has a clause with "that" or "to" and a known speaker."""
    yield from reply_drafts(scene)
    for noun in scene.doc:
        if noun.pos_ != "NOUN" or noun.lemma_ not in cues.NOMINAL or scene.level[noun.i]:
            continue
        clause = clause_after(noun)
        told = clause_range(scene, noun, clause)
        if not told:
            continue
        speaker, words = speaker_and_cue(noun, told.start)
        if not speaker or any(scene.doc[index].lower_ in cues.FIRST_PERSON | {"my", "our"} for index in speaker):
            continue
        content = set(told) - words - set(speaker)
        if any(scene.doc[index].is_alpha for index in content):
            negated = is_negated(noun.head) if noun.dep_ == "dobj" else False
            yield Draft(speaker, words, content, f"noun of speech {noun.lower_}", mode_of(noun), negated)


def reply_drafts(scene: Scene) -> Iterator[Draft]:
    """Read the attribution of "“No,” was his reply."""
    for noun in scene.doc:
        if noun.lemma_ not in cues.REPLIES | cues.NOMINAL or noun.head.lemma_ not in {"be", "come", "go"}:
            continue
        before = scene.before(noun.head.i)
        owners = [child for child in noun.lefts if child.dep_ == "poss"]
        if before is None or before.start in scene.claimed or not owners or noun.i < noun.head.i:
            continue
        scene.claimed.add(before.start)
        cue = {noun.head.i, noun.i}
        yield Draft(owner(owners[0]), cue, set(range(before.start, before.end)), f"noun of speech {noun.lower_}")


def clause_range(scene: Scene, noun: "Token", clause: "Token | None") -> range:
    """Give the words of the clause of a noun; with a possessor also where the parser lost its way, to the next verb."""
    end = scene.sentence(noun.i)[1]
    misled = clause is not None and noun.dep_ == "ROOT" and any(one.dep_ == "auxpass" for one in clause.lefts)
    if clause is not None and not misled:
        return range(clause.left_edge.i, min(clause.right_edge.i + 1, end))
    owned = any(child.dep_ in {"poss", "nsubj", "compound"} and child.nbor(1).tag_ == "POS" for child in noun.lefts)
    if not owned or noun.i + 1 >= end or scene.doc[noun.i + 1].lower_ != "that":
        return range(0)
    finite = [token.i for token in scene.doc[noun.i + 2 : end] if token.tag_ in FINITE]
    return range(noun.i + 1, finite[1]) if len(finite) == 2 and finite[0] > noun.i + 2 else range(0)


def clause_after(noun: "Token") -> "Token | None":
    """Find the clause with "that", or the infinitive of a demand, that says what a noun of speech reports."""
    governing = [noun, noun.head] if noun.dep_ in {"dobj", "nsubj", "nsubjpass"} else [noun]
    for one in governing:
        for child in one.rights:
            if child.dep_ not in CLAUSES or child.left_edge.i != after_speaker(noun):
                continue
            mark = child.left_edge
            has_own_subject = any(one.dep_ in {"nsubj", "nsubjpass", "expl"} and one != mark for one in child.lefts)
            if mark.lower_ == "that" and has_own_subject:
                return child
            if mark.tag_ == "TO" and (noun.lemma_ in cues.NOMINAL_DIRECTIVES or noun.lemma_ in cues.INFINITIVE_NOUNS):
                return child
    return None


def after_speaker(noun: "Token") -> int:
    """Give the place after a noun of speech and after "by …" or "from …" where that follows it."""
    beside = next((child for child in noun.rights if child.i == noun.i + 1 and child.lower_ in {"by", "from"}), None)
    said_by = [one for one in beside.rights if one.dep_ == "pobj"] if beside is not None else []
    return mention(said_by[0])[-1] + 1 if said_by else noun.i + 1


def speaker_and_cue(noun: "Token", start: int) -> tuple[list[int], set[int]]:
    """Find who a noun of speech belongs to, and its cue: with the verb that hands it over, where one does."""
    for child in noun.lefts:
        if child.dep_ == "poss" or child.nbor(1).tag_ == "POS":
            return owner(child), {noun.i}
    for child in noun.rights:
        if child.dep_ == "prep" and child.lower_ in {"by", "from", "of"} and child.i < start:
            for one in child.rights:
                if one.dep_ == "pobj":
                    return mention(one), {noun.i, child.i} if child.lower_ == "by" else {noun.i}
    return through_verb(noun)


def through_verb(noun: "Token") -> tuple[list[int], set[int]]:
    """Find the speaker by the verb of a noun of speech: made the claim, was added by, came from."""
    verb = noun.head
    own = {noun.i} | {child.i for child in noun.lefts if child.dep_ == "det"}
    if noun.dep_ == "dobj" and verb.lemma_ in cues.GIVING:
        subject, _ = subject_of(verb)
        return (mention(subject), cue_of(verb) | own) if subject is not None else ([], set())
    if noun.dep_ in {"nsubj", "nsubjpass"} and verb.lemma_ in cues.LIGHT:
        for child in verb.rights if verb.lemma_ not in cues.DENYING else ():
            if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "from"):
                for one in child.rights:
                    if one.dep_ == "pobj":
                        return mention(one), cue_of(verb) | own | {child.i}
    return [], set()


def mode_of(noun: "Token") -> Mode:
    """Tell what kind of act a noun names."""
    if noun.lemma_ in cues.NOMINAL_BELIEFS:
        return Mode.BELIEF
    return Mode.DIRECTIVE if noun.lemma_ in cues.NOMINAL_DIRECTIVES else Mode.STATEMENT
