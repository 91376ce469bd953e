"""Speech: drafts of attributions from the verbs, "according to" and colons of one passage."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from annotator.nlp import cues
from annotator.nlp.contents import clause_content, direct_content, object_content, reported, tail_of
from annotator.nlp.mentions import NOMINAL_TAGS, mention, owner
from annotator.nlp.quotations import is_utterance
from annotator.nlp.scenes import Draft, Scene, auxiliaries, cue_of, is_negated, subtree
from annotator.nlp.subjects import NOUNS, SUBJECTS, placed_before, speaker_of
from db.vocabulary import Mode

if TYPE_CHECKING:
    from spacy.tokens import Token

NOUN_TAGS = frozenset(["NNS", "NN", "NNP", "NNPS"])
VERB_TAGS = frozenset(["VBD", "VBZ", "VBP", "VBG", "VBN", "VB"])
DIRECT_VERBS = cues.SAYING | cues.ASKING | cues.TAGGING | cues.BELIEVING | cues.DIRECTING | cues.PROMISING
CLAUSE_VERBS = cues.SAYING | cues.ASKING | cues.BELIEVING | cues.SHOWING | cues.DIRECTING | cues.PROMISING
LONGEST_INTRODUCTION = 25  # words from a subject to the colon before a quotation


def drafts(scene: Scene) -> list[Draft]:
    """Read the attributions off one passage, in the order of their cues."""
    found = list(verb_drafts(scene))
    found += according_drafts(scene)
    found += colon_drafts(scene)
    return found


def verb_drafts(scene: Scene) -> Iterator[Draft]:
    """Read an attribution off each verb of speech or belief that has something said."""
    for verb in scene.doc:
        if is_misread(scene, verb):
            yield from misread_draft(scene, verb)
        elif verb.lemma_ in cues.VERBS and verb.tag_ in VERB_TAGS:
            draft = passive_draft(scene, verb) if is_passive(scene, verb) else active_draft(scene, verb)
            if draft is not None:
                yield draft


def is_misread(scene: Scene, word: "Token") -> bool:
    """Tell whether "“…,” Korvall remembers." has its verb taken for a noun."""
    if word.tag_ not in NOUN_TAGS or word.text.istitle() or word.text.rstrip("s") not in cues.SAYING | cues.TAGGING:
        return False
    return word.text.endswith("s") and scene.before(word.i) is not None and word.i > scene.run(word.i)[0]


def misread_draft(scene: Scene, word: "Token") -> Iterator[Draft]:
    """Read the attribution of a verb that was taken for a noun: the words between it and the quotation speak."""
    before = scene.before(word.i)
    speaker = [index for index in range(scene.run(word.i)[0], word.i) if not scene.doc[index].is_punct]
    nominal = all(scene.doc[index].tag_ in NOMINAL_TAGS | {"IN", "PRP"} for index in speaker)
    if (
        before is not None
        and before.start not in scene.claimed
        and speaker
        and nominal
        and is_utterance(scene.passage, before)
    ):
        content = set(range(before.start, before.end))
        scene.claimed.add(before.start)
        after = scene.after(word.i)
        if after is not None and after.start not in scene.claimed:
            scene.claimed.add(after.start)
            content |= set(range(after.start, after.end))
        yield Draft(speaker, {word.i}, content, f"quotation beside {word.lower_}")


def is_passive(scene: Scene, verb: "Token") -> bool:
    """Tell whether a verb is a passive or a participle such as "described by"."""
    if verb.tag_ not in {"VBN", "VBD"} or (
        any(child.lemma_ == "have" for child in auxiliaries(verb))
        and not any(child.dep_ == "auxpass" for child in verb.children)
    ):
        return False
    beside = [child.dep_ for child in verb.children if scene.level[child.i] == scene.level[verb.i]]
    if {"auxpass", "agent", "nsubjpass"}.intersection(beside):
        return True
    return (
        verb.tag_ == "VBN"
        and (verb.dep_ in {"acl", "conj"})
        and not any(child.dep_ in {"aux", "nsubj"} for child in verb.children)
    )


def active_draft(scene: Scene, verb: "Token") -> Draft | None:
    """Read the attribution of a verb whose subject speaks."""
    if quotes_another(verb) or verb.lower_ == "considering":  # a preposition, mostly
        return None
    mark = as_mark(scene, verb)
    direct = direct_content(scene, verb) if verb.lemma_ in DIRECT_VERBS else set()
    speaker, governors = speaker_of(scene, verb, direct=bool(direct) or mark is not None)
    if not speaker or not is_wanted(scene, verb, speaker, direct=bool(direct)):
        return None
    cue = cue_of(verb).union(*map(cue_of, governors))
    cue = {index for index in cue if scene.level[index] == scene.level[verb.i]}
    colon = max(cue) + 1 if max(cue) + 1 < len(scene.doc) and scene.doc[max(cue) + 1].text == ":" else None
    verbatim = False
    if direct:
        content, reason = direct, f"quotation beside {verb.lower_}"
    elif colon is not None and scene.level[colon] == scene.level[verb.i] and verb.lemma_ in cues.SAYING | cues.ASKING:
        content, reason, verbatim = set(range(colon + 1, scene.run(colon)[1])), "words after a colon", True
    elif mark is not None:
        cue.add(mark.i)
        own = subtree(verb) | set(speaker)
        content, reason = scene.host(verb, own), f"as-clause with {verb.lower_}"
    else:
        content, reason = indirect(scene, verb), f"reporting verb {verb.lower_}"
    if colon is not None and (direct or verbatim):
        cue.add(colon)
    content -= cue | set(speaker)
    if not any(scene.doc[index].is_alpha for index in content):
        return None
    negated = is_negated(verb) or any(is_negated(one) or one.lemma_ in cues.REFUSING for one in governors)
    return Draft(speaker, cue, content, reason, mode_of(scene, verb, content), negated, verbatim)


def quotes_another(verb: "Token") -> bool:
    """Tell whether a verb hands on what another says: quoted a neighbour as saying …."""
    return any(
        child.lower_ == "as" and any(one.dep_ == "pcomp" and one.lemma_ in cues.SAYING for one in child.rights)
        for child in verb.rights
    )


def indirect(scene: Scene, verb: "Token") -> set[int]:
    """Give what a verb reports without a quotation beside it."""
    if verb.lemma_ in CLAUSE_VERBS and not (verb.lemma_ in cues.NAMING and reported(verb) is not None):
        found = clause_content(scene, verb)
        if found:
            return found
    return object_content(scene, verb)


def as_mark(scene: Scene, verb: "Token") -> "Token | None":
    """Find the "as" of "as she explained," which must end with the verb."""
    mark = next((child for child in verb.lefts if child.lower_ == "as" and child.dep_ in {"mark", "advmod"}), None)
    if mark is None or verb.lemma_ not in cues.AS_SAYING or mark.i != verb.left_edge.i:
        return None
    if any(child.dep_ in {"dobj", "ccomp", "xcomp", "acomp"} and child.lower_ != "it" for child in verb.rights):
        return None
    last = max([verb.i, *(child.right_edge.i for child in verb.rights if child.dep_ != "punct")])
    return mark if last + 1 >= len(scene.doc) or scene.doc[last + 1].is_punct else None


def is_wanted(scene: Scene, verb: "Token", speaker: list[int], *, direct: bool) -> bool:
    """Tell whether speaker and verb make a report, rather than a thought of the author, a condition or a finding."""
    words = [scene.doc[index] for index in speaker]
    head = next((word for word in words if word.head.i not in speaker), words[-1])
    if head.lower_ in cues.FIRST_PERSON | cues.SECOND_PERSON or head.lower_ in {
        "this",
        "that",
        "there",
        "which",
        "nobody",
    }:
        return direct and head.lower_ in cues.FIRST_PERSON and scene.level[verb.i] == 0
    if direct:
        return True
    clause = reported(verb)
    if any(child.lower_ in {"if", "unless"} for child in verb.lefts) or (
        clause is not None and clause.lemma_ in cues.NAMELESS
    ):
        return False
    if any(child.lower_ in cues.HYPOTHETICAL for child in auxiliaries(verb)) and not is_negated(verb):
        return False
    if scene.level[verb.i] and verb.lemma_ not in cues.SAYING | cues.ASKING:
        return False
    if is_question(scene, verb):
        return False
    if verb.lemma_ in cues.SHOWING:
        return may_show(verb, head)
    return True


def is_question(scene: Scene, verb: "Token") -> bool:
    """Tell whether a verb stands in a question of the author's."""
    start, end = scene.sentence(verb.i)
    words = [scene.passage.words[index] for index in range(start, end) if scene.level[index] == 0]
    return "?" in words[-2:] and scene.level[verb.i] == 0 and verb.dep_ == "ROOT"


def may_show(verb: "Token", subject: "Token") -> bool:
    """Tell whether a subject can say what "show", "suggest" or "find" reports: documents all, persons some."""
    if subject.lemma_.lower() in cues.DOCUMENTS or subject.lower_ in cues.DOCUMENTS:
        return True
    if verb.lemma_ in {"find", "reveal", "suggest", "estimate", "indicate", "hint", "imply", "signal", "hold"}:
        return (
            subject.pos_ == "PROPN"
            or (subject.lower_ in {"he", "she", "they"} and verb.lemma_ != "find")
            or (subject.pos_ == "NOUN" and subject.lemma_ in cues.FINDERS)
        )
    return False


def mode_of(scene: Scene, verb: "Token", content: set[int]) -> Mode:
    """Tell what kind of act a verb reports: statement, question, directive, belief."""
    lemma = verb.lemma_
    first = scene.doc[min(content)]
    clause = reported(verb)
    is_direct = scene.level[first.i] > scene.level[verb.i]
    infinitive = clause is not None and any(one.tag_ == "TO" for one in clause.lefts)
    if lemma in cues.DIRECTING and (
        (infinitive and not is_direct)
        or (lemma in {"urge", "order", "demand", "call"} and not is_direct and lemma != "call")
    ):
        return Mode.DIRECTIVE
    if lemma == "call" and first.lower_ in {"for", "on"}:
        return Mode.DIRECTIVE
    if lemma in cues.ASKING or (is_direct and ends_asking(scene, content)):
        return Mode.QUESTION
    if lemma in cues.BELIEVING and lemma not in cues.SAYING:
        return Mode.BELIEF
    if lemma in cues.INTENDING and lemma not in cues.SAYING:
        return Mode.INTENTION
    return Mode.STATEMENT


def ends_asking(scene: Scene, content: set[int]) -> bool:
    """Tell whether a content ends with a question mark, quotation marks aside."""
    words = [scene.passage.words[index] for index in sorted(content)[-3:]]
    return "?" in words and not any(word[-1:].isalnum() for word in words[words.index("?") :])


def passive_draft(scene: Scene, verb: "Token") -> Draft | None:
    """Read the attribution of a passive: the speaker is named after "by", the subject listens or is spoken of."""
    agent = next((child for child in verb.children if child.dep_ == "agent"), None)
    heads = [child for child in agent.children if child.dep_ == "pobj"] if agent is not None else []
    speaker = mention(heads[0]) if heads else []
    subject = next((child for child in verb.lefts if child.dep_ in SUBJECTS), None)
    cue = cue_of(verb)
    mark = next((child for child in verb.lefts if child.lower_ == "as"), None)
    if mark is not None and verb.lemma_ in cues.AS_SAYING and speaker:
        content, cue = scene.host(verb, subtree(verb)), cue | {mark.i}
        reason = f"as-clause with {verb.lower_}"
    else:
        content, reason = passive_content(scene, verb, subject, bool(speaker)), f"passive {verb.lower_}"
    content = content - cue - set(speaker)
    if any(child.lower_ in cues.HYPOTHETICAL for child in auxiliaries(verb)):
        return None
    if not any(scene.doc[index].is_alpha for index in content):
        return None
    return Draft(speaker, cue, content, reason, mode_of(scene, verb, content), is_negated(verb))


def passive_content(scene: Scene, verb: "Token", subject: "Token | None", has_speaker: bool) -> set[int]:
    """Give what a passive reports: its clause, or its subject with what is said of it."""
    lemma = verb.lemma_
    clause = next((child for child in verb.rights if child.dep_ in {"ccomp", "xcomp"}), None)
    if subject is not None and clause is not None and subject.lower_ not in cues.RELATIVE:
        impersonal = subject.lower_ == "it" and lemma in cues.SAYING | cues.BELIEVING
        if impersonal or (lemma in cues.PASSIVE_LISTENING | cues.ASKING and subject.lower_ not in cues.FIRST_PERSON):
            return after(scene, clause, verb)
        if lemma in cues.RUMOURED and any(one.tag_ == "TO" for one in clause.lefts):
            return set(mention(subject)) | after(scene, clause, verb)
    if has_speaker and subject is not None and lemma in cues.DENYING and subject.lemma_ in cues.NOMINAL:
        return words_of_subject(subject)
    phrases = [child for child in verb.rights if child.dep_ in {"prep", "oprd", "xcomp"}]
    if lemma == "accuse":
        phrases += [one for child in verb.subtree if child.dep_ == "pobj" for one in child.rights if one.lower_ == "of"]
    if not has_speaker or not phrases or lemma not in cues.AS_TAKING | cues.NAMING | {"accuse", "blame"}:
        return set()
    told = tail_of(scene, verb, [child for child in phrases if child.dep_ != "agent"])
    if told and verb.dep_ == "acl" and any(child.lower_ == "that" for child in verb.lefts):
        # "the complaint that it smells was dismissed by …": the parser hung the passive on the noun
        return told | set(range(verb.head.left_edge.i, min(cue_of(verb))))
    target = subject if subject is not None else verb.head if verb.dep_ == "acl" else None
    return told | words_of_subject(target) if told and target is not None else set()


def words_of_subject(target: "Token") -> set[int]:
    """Give the mention of what a passive is said of, with its clause in "the complaint that it smells"."""
    clause = next((child for child in target.rights if child.dep_ == "acl" and child.left_edge.lower_ == "that"), None)
    return set(mention(target)) | (set(range(target.left_edge.i, clause.right_edge.i + 1)) if clause else set())


def after(scene: Scene, clause: "Token", verb: "Token") -> set[int]:
    """Give the words of a clause after its verb."""
    end = scene.sentence(verb.i)[1]
    return {index for index in range(clause.left_edge.i, min(clause.right_edge.i + 1, end)) if index > verb.i}


def according_phrases(scene: Scene) -> Iterator[tuple["Token", "Token", set[int]]]:
    """Find "according to" and "in the words of": what the clause governs, what governs the speaker, the cue."""
    for token in scene.doc[: len(scene.doc) - 1]:
        beside = scene.doc[token.i + 1]
        if token.lower_ == "according" and beside.lower_ == "to":
            yield token, beside, {token.i, beside.i}
        elif token.lower_ == "of" and token.i > 2 and scene.doc[token.i - 3 : token.i].text.lower() == "in the words":
            yield scene.doc[token.i - 3], token, set(range(token.i - 3, token.i + 1))


def according_drafts(scene: Scene) -> Iterator[Draft]:
    """Read the attribution of "according to" and "in the words of"."""
    for token, to, cue in according_phrases(scene):
        heads = [child for child in (*to.rights, *token.rights) if child.dep_ in {"pobj", "dobj"}]
        if not heads or heads[0].lower_ in cues.FIRST_PERSON | cues.SECOND_PERSON or heads[0].lemma_ in cues.MEASURES:
            continue
        speaker = mention(heads[0])
        own = (
            set(range(token.i, max(subtree(heads[0])) + 1))
            if max(subtree(heads[0])) < scene.sentence(token.i)[1]
            else set()
        )
        own |= cue | {*speaker}
        content = scene.host(token, own)
        if any(scene.doc[index].is_alpha for index in content):
            claim(scene, content)
            yield Draft(speaker, cue, content, "according to" if len(cue) == 2 else "in the words of")


def claim(scene: Scene, content: set[int]) -> None:
    """Note that the quotations in a content have a speaker."""
    scene.claimed.update(one.start for one in scene.quotations_in(content))


def colon_drafts(scene: Scene) -> Iterator[Draft]:
    """Read the attribution of a clause and a colon before a quotation, or a verb of speech and a colon before none."""
    for colon in scene.doc:
        if colon.text != ":" or scene.level[colon.i]:
            continue
        quoted = scene.starting.get(colon.i + 1)
        if quoted is not None and (quoted.start in scene.claimed or not is_utterance(scene.passage, quoted)):
            continue
        verb = introducing_verb(scene, colon.i, quoted=quoted is not None)
        if verb is None:
            continue
        speaker = speaker_of(scene, verb, direct=False)[0] or placed_before(scene, verb)
        if verb.pos_ == "NOUN":
            speaker = list(range(scene.run(verb.i)[0], verb.i))
        possessed = message_of(scene, speaker)
        speaker = possessed or speaker
        if not speaker or not is_wanted(scene, verb, speaker, direct=True):
            continue
        end = quoted.end if quoted else scene.sentence(colon.i)[1]
        content = set(range(colon.i + 1, end))
        if content:
            claim(scene, content)
            cue = cue_of(verb) | {colon.i}
            if colon.i - verb.i <= 3:
                cue |= set(range(verb.i, colon.i))
            yield Draft(speaker, cue, content, "words before a colon", verbatim=quoted is None)


def message_of(scene: Scene, speaker: list[int]) -> list[int]:
    """Find whose "answer" or "message" a speaker really is."""
    head = next((scene.doc[i] for i in speaker if scene.doc[i].lemma_ in cues.NOMINAL | cues.REPLIES), None)
    owners = [child for child in head.lefts if child.dep_ == "poss"] if head is not None else []
    return owner(owners[0]) if owners else []


def introducing_verb(scene: Scene, colon: int, *, quoted: bool) -> "Token | None":
    """Find the verb of the clause before a colon: any before a quotation, one of speech right before other words."""
    start, _ = scene.run(colon)
    if not quoted:
        verb = scene.doc[colon - 1] if colon else None
        if verb is not None and verb.lower_ in {"read", "reads"}:
            return verb  # which the parser takes for a noun after "the sign at the entrance"
        return verb if verb is not None and verb.lemma_ in cues.SAYING | cues.ASKING and verb.pos_ == "VERB" else None
    for verb in scene.doc[max(start, colon - LONGEST_INTRODUCTION) : colon]:
        if scene.is_finite(verb) and verb.pos_ in {"VERB", "AUX"} and verb.dep_ not in {"aux", "auxpass"}:
            subject = next((child for child in verb.lefts if child.dep_ in SUBJECTS and child.pos_ in NOUNS), None)
            return verb if subject is not None or placed_before(scene, verb) else None
    return None
