"""Running quotations: those without a cue of their own go to the speaker of the words before or after them."""

from dataclasses import dataclass, field

from annotator.nlp.quotations import Quotation, is_sentence_like, is_utterance
from annotator.nlp.scenes import Draft, Scene
from db.vocabulary import BlockKind, Mode


@dataclass
class Found:
    """A draft, the place of its scene in the text, and quotations of any scene that run on from it."""

    scene: int
    draft: Draft
    more: list[tuple[int, Quotation]] = field(default_factory=list)


def run_on(scenes: list[Scene], found: list[Found], kinds: list[BlockKind]) -> None:
    """Give each whole-sentence quotation that nobody has to the attribution it continues, else to the one after it."""
    by_scene: dict[int, list[Found]] = {}
    for one in found:
        by_scene.setdefault(one.scene, []).append(one)
    waiting: list[tuple[int, Quotation]] = []
    last: Found | None = None
    for place, scene in enumerate(scenes):
        if scene.passage.doc[0].i == 0 and not opens_with_quotation(scene):
            waiting = []
        for quotation in (one for one in scene.quotations if one.level == 0):
            holder = next((one for one in by_scene.get(place, []) if quotation.start in one.draft.content), None)
            if holder is not None:
                holder.more += waiting
                waiting, last = [], holder
            elif is_whole(scene, quotation):
                before = speaker_before(scenes, place, quotation, by_scene, last, kinds)
                if before is not None:
                    before.more.append((place, quotation))
                    last = before
                elif not quotation.closed:
                    waiting.append((place, quotation))


def opens_with_quotation(scene: Scene) -> bool:
    """Tell whether the first word of a scene is in a quotation."""
    return bool(scene.level) and scene.level[0] > 0


def is_whole(scene: Scene, quotation: Quotation) -> bool:
    """Tell whether a quotation is one or several whole sentences."""
    start, _ = scene.sentence(quotation.start)
    _, end = scene.sentence(quotation.end - 1)
    rest = scene.doc[quotation.end : end]
    return start == quotation.start and all(token.is_punct for token in rest) and is_utterance(scene.passage, quotation)


def speaker_before(
    scenes: list[Scene],
    place: int,
    quotation: Quotation,
    by_scene: dict[int, list[Found]],
    last: Found | None,
    kinds: list[BlockKind],
) -> Found | None:
    """Find the attribution that the sentence before a quotation belongs to, in its block or at the end of the last."""
    scene = scenes[place]
    if quotation.start > 0:
        first, end = scene.sentence(quotation.start - 1)
        return next((one for one in reversed(by_scene.get(place, [])) if reaches(one, place, first, end)), None)
    if place == 0 or kinds[place - 1] is BlockKind.HEADING or kinds[place] is BlockKind.HEADING:
        return None
    above = scenes[place - 1]
    first, end = above.sentence(len(above.doc) - 1)
    ended = next((one for one in above.quotations if one.end >= end - 1 and one.level == 0), None)
    if last is not None and ended is not None and (last.scene, ended) in [(last.scene, q) for _, q in last.more]:
        return last
    candidates = [one for one in by_scene.get(place - 1, []) if reaches(one, place - 1, first, end)]
    return next((one for one in reversed(candidates) if is_direct(above, one)), None)


def reaches(one: Found, place: int, first: int, end: int) -> bool:
    """Tell whether an attribution has its cue, or a quotation that ran on from it, in a range of tokens."""
    if not one.draft.speaker or one.draft.mode is Mode.BELIEF:
        return False
    own = any(first <= index < end for index in one.draft.cue) and one.scene == place
    return own or any(
        scene == place and quotation.start < end and first < quotation.end for scene, quotation in one.more
    )


def is_direct(scene: Scene, one: Found) -> bool:
    """Tell whether an attribution has a sentence-like quotation."""
    return bool(one.more) or any(
        is_sentence_like(scene.passage, quotation) for quotation in scene.quotations_in(one.draft.content)
    )
