"""Attributing: from the parsed passages of one text to its suggestions."""

from collections.abc import Iterable, Sequence

from annotator.domain.spans import Span
from annotator.nlp.mentions import Mentions, is_pronoun, mention, naming_of
from annotator.nlp.nominal import noun_drafts
from annotator.nlp.passages import Passage
from annotator.nlp.running import Found, run_on
from annotator.nlp.scenes import EDGES, Draft, Scene
from annotator.nlp.scores import scored
from annotator.nlp.segment import Segmented
from annotator.nlp.speech import drafts
from annotator.nlp.suggestions import Attribution, Spans, Suggestions
from annotator.nlp.turns import turn_drafts
from db.vocabulary import AttributionType, Naming


def attributed(text: str, segmented: Segmented, passages: Sequence[Passage]) -> Suggestions:
    """Suggest attributions and scores for one text."""
    scenes, attributions = scenes_and_attributions(text, segmented, passages)
    return Suggestions(attributions, scored(segmented, scenes, attributions))


def scenes_and_attributions(
    text: str, segmented: Segmented, passages: Sequence[Passage]
) -> tuple[list[Scene], tuple[Attribution, ...]]:
    """Read the attributions of one text, and the scenes they were read from."""
    scenes = [Scene(passage) for passage in passages]
    kinds = [segmented.blocks[passage.block].kind for passage in passages]
    turns = turn_drafts(scenes, kinds, text)
    found = [
        Found(place, draft) for place, scene in enumerate(scenes) for draft in scene_drafts(scene, turns.get(place, []))
    ]
    run_on(scenes, found, kinds)
    known = named(scenes, found)
    made = [attribution(scenes, found, one, *who) for one, who in zip(found, known, strict=True)]
    return scenes, with_parents([one for one in made if one.content])


def scene_drafts(scene: Scene, turns: list[Draft]) -> list[Draft]:
    """Gather the attributions of one passage, each cue once, in the order of the text."""
    found = list(turns)
    taken = {index for turn in turns for index in turn.cue}
    for draft in [*drafts(scene), *noun_drafts(scene)]:
        if not draft.cue & taken and not any(same(draft, other) for other in found):
            found.append(draft)
            taken |= draft.cue
    return sorted(found, key=lambda draft: (min(draft.cue | draft.content | {*draft.speaker}), -len(draft.content)))


def same(one: Draft, other: Draft) -> bool:
    """Tell whether two drafts give the same words to the same speaker."""
    return one.content == other.content and one.speaker == other.speaker


def named(scenes: Sequence[Scene], found: Sequence[Found]) -> list[tuple[Naming, Spans]]:
    """Tell how each speaker is named; a pronoun as whom it stands for, with the earlier mention of them."""
    mentions = Mentions(scenes, unmarked(found))
    known: list[tuple[Naming, Spans]] = []
    for one in found:
        scene = scenes[one.scene]
        tokens = [scene.doc[index] for index in one.draft.speaker]
        start, end = scene.sentence(tokens[0].i) if tokens else (0, 0)
        if len(tokens) == 1 and is_pronoun(tokens[0]):
            naming, head, where = mentions.behind(one.scene, tokens[0], nested=scene.level[tokens[0].i] > 0)
        else:
            naming, head, where = naming_of(tokens, scene.doc[start:end].text), None, one.scene
            if naming is Naming.DESCRIBED and tokens[0].lower_ == "the" and len(tokens) == 2:
                head, where = mentions.named_before(one.scene, tokens[-1])
        known.append((naming, joined(spans(scenes[where], set(mention(head)))) if head is not None else ()))
    return known


def unmarked(found: Iterable[Found]) -> dict[int, list[Draft]]:
    """Gather direct speech without marks by the place of its scene."""
    spoken: dict[int, list[Draft]] = {}
    for one in found:
        if one.draft.verbatim:
            spoken.setdefault(one.scene, []).append(one.draft)
    return spoken


def attribution(
    scenes: Sequence[Scene], found: Sequence[Found], one: Found, naming: Naming, antecedent: Spans
) -> Attribution:
    """Turn a draft with what runs on from it into spans of the text."""
    scene, draft = scenes[one.scene], one.draft
    outside = min((scene.level[index] for index in draft.cue), default=0)
    content = list(spans(scene, with_marks(scene, draft.content), keep=draft.verbatim, outside=outside))
    for place, quotation in one.more:
        content += spans(scenes[place], set(range(quotation.start, quotation.end)))
    return Attribution(
        joined(spans(scene, set(draft.speaker))),
        joined(spans(scene, draft.cue, keep=True)),
        joined(content),
        type_of(scene, one, found),
        draft.mode,
        naming,
        draft.negated,
        None,
        draft.reason,
        antecedent,
    )


def with_marks(scene: Scene, content: set[int]) -> set[int]:
    """Take in the marks of each quotation whose words are all in a content."""
    for quotation in scene.quotations:
        inside = range(quotation.start, quotation.end)
        words = [index for index in inside if scene.doc[index].is_alpha]
        if words and content.issuperset(words) and quotation.opened and quotation.closed:
            content = content | set(inside)
    return content


def spans(scene: Scene, tokens: set[int], *, keep: bool = False, outside: int = 0) -> Iterable[Span]:
    """Give the pieces that some tokens make, without space and, outside quotations, punctuation at their edges."""
    piece: list[int] = []
    for index in [*sorted(tokens), -1]:
        if piece and index != piece[-1] + 1:
            words = trimmed(scene, piece, keep=keep, outside=outside)
            if words and (keep or any(scene.doc[index].text[0].isalnum() for index in words)):
                yield Span(*scene.passage.span(words[0], words[-1]))
            piece = []
        piece.append(index)


def trimmed(scene: Scene, piece: list[int], *, keep: bool, outside: int) -> list[int]:
    """Leave out what does not belong to the edges of a piece; a mark that is the whole of a cue stays."""
    first, last = 0, len(piece)
    while first < last and is_edge(scene, piece[first], keep=keep, outside=outside):
        first += 1
    while first < last and is_edge(scene, piece[last - 1], keep=keep, outside=outside):
        last -= 1
    return piece[first:last]


def is_edge(scene: Scene, index: int, *, keep: bool, outside: int) -> bool:
    """Tell whether a token is left out at the edge of a piece."""
    token = scene.doc[index]
    return token.is_space or (not keep and token.text in EDGES and scene.level[index] <= outside)


def joined(pieces: Iterable[Span]) -> Spans:
    """Put pieces in the order of the text, and make one of those that touch or overlap."""
    found: list[Span] = []
    for piece in sorted(pieces):
        if found and piece.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, piece.end))
        else:
            found.append(piece)
    return tuple(found)


def type_of(scene: Scene, one: Found, found: Sequence[Found]) -> AttributionType:
    """Tell whether a content is verbatim, a paraphrase, or one with quoted words that are not of an inner speaker."""
    draft = one.draft
    if draft.verbatim:
        return AttributionType.DIRECT
    base = min((scene.level[index] for index in draft.cue), default=0)
    words = [index for index in draft.content if scene.doc[index].is_alpha]
    quoted = [index for index in words if scene.level[index] > base]
    if words and len(quoted) == len(words):
        return AttributionType.DIRECT
    inner = [other.draft for other in found if other.scene == one.scene and other.draft.cue < draft.content]
    own = set(quoted).difference(*(other.content for other in inner))
    return AttributionType.MIXED if own or one.more else AttributionType.INDIRECT


def with_parents(found: list[Attribution]) -> tuple[Attribution, ...]:
    """Order attributions, outer before inner, and tell of each which one's content holds it most closely."""
    ordered = sorted(found, key=lambda one: (start_of(one), -size(one)))
    linked = []
    for index, one in enumerate(ordered):
        holders = [
            place for place, other in enumerate(ordered[:index]) if size(other) > size(one) and holds(other, one)
        ]
        later = [
            place
            for place, other in enumerate(ordered[index + 1 : index + 4], index + 1)
            if size(other) > size(one) and holds(other, one)
        ]
        parent = min([*holders, *later], key=lambda place: size(ordered[place]), default=None)
        linked.append(Attribution(**{**vars(one), "parent": parent}))
    return tuple(linked)


def start_of(one: Attribution) -> int:
    """Give where an attribution starts."""
    return min(piece.start for piece in (*one.speaker, *one.cue, *one.content))


def size(one: Attribution) -> int:
    """Give how many characters are said."""
    return sum(map(len, one.content))


def holds(outer: Attribution, inner: Attribution) -> bool:
    """Tell whether the content of one attribution holds cue and content of another."""
    return all(any(piece.contains(part) for piece in outer.content) for part in (*inner.cue, *inner.content))
