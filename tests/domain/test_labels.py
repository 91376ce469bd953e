"""What labels mean and how they combine."""

import pytest

from annotator import language
from annotator.domain import labels
from annotator.domain.labels import Judgement
from annotator.errors import Invalid
from db.vocabulary import BlockKind, Label, NoneReason, Status, Voice

CLAIM, QUOTE, OPINION = Label.CLAIM, Label.QUOTE, Label.OPINION


def of(*words: Label) -> Judgement:
    return labels.set_labels(Judgement(), frozenset(words))


def toggle(judgement: Judgement, label: Label) -> Judgement:
    return labels.set_labels(judgement, judgement.labels ^ {label})


def test_five_buttons_have_the_keys_one_to_five() -> None:
    assert [choice.key for choice in labels.CHOICES] == list("12345")
    assert [choice.value for choice in labels.CHOICES] == ["claim", "quote", "opinion", "none", "unsure"]
    assert all(choice.help.endswith(".") for choice in labels.CHOICES)


def test_one_label_is_a_complete_answer_in_the_authors_voice() -> None:
    assert of(CLAIM) == Judgement(Status.COMPLETE, frozenset({CLAIM}), claim_voice=Voice.AUTHOR)
    assert of(QUOTE) == Judgement(Status.COMPLETE, frozenset({QUOTE}))


def test_with_a_quote_claim_and_opinion_are_the_speakers_by_default() -> None:
    both = of(QUOTE, CLAIM, OPINION)
    assert (both.claim_voice, both.opinion_voice) == (Voice.ATTRIBUTED, Voice.ATTRIBUTED)


def test_a_voice_that_was_the_default_follows_the_labels() -> None:
    quoted = toggle(of(CLAIM), QUOTE)
    assert quoted.claim_voice is Voice.ATTRIBUTED
    assert toggle(quoted, QUOTE).claim_voice is Voice.AUTHOR


def test_a_voice_that_was_chosen_stays() -> None:
    chosen = labels.set_labels(Judgement(), frozenset({CLAIM}), {CLAIM: Voice.BOTH})
    assert toggle(chosen, QUOTE).claim_voice is Voice.BOTH


def test_a_voice_goes_with_its_label() -> None:
    assert toggle(of(CLAIM, OPINION), CLAIM).claim_voice is None


def test_toggling_twice_changes_nothing() -> None:
    for start in (of(CLAIM), of(QUOTE, OPINION)):
        for label in Label:
            if start.labels != {label}:
                assert toggle(toggle(start, label), label) == start


def test_removing_the_last_label_leaves_the_sentence_not_labelled() -> None:
    left = toggle(of(OPINION), OPINION)
    assert (left.status, left.labels, left.opinion_voice) == (Status.DRAFT, frozenset(), None)


def test_none_clears_the_labels_and_a_label_clears_none() -> None:
    none = labels.set_none(of(CLAIM, QUOTE), NoneReason.HEADING)
    assert (none.status, none.labels, none.claim_voice, none.none_reason) == (
        Status.COMPLETE, frozenset(), None, NoneReason.HEADING,
    )  # fmt: skip
    assert toggle(none, CLAIM) == of(CLAIM)


def test_unsure_is_seen_but_not_decided() -> None:
    unsure = labels.set_unsure(of(CLAIM))
    assert (unsure.status, unsure.labels, unsure.none_reason) == (Status.UNSURE, frozenset(), None)
    assert toggle(unsure, QUOTE) == of(QUOTE)
    assert labels.set_unsure(labels.set_none(Judgement(), NoneReason.OTHER)) == Judgement(Status.UNSURE)


def test_the_primary_label_is_quote_before_claim_before_opinion() -> None:
    assert labels.primary(frozenset({OPINION, CLAIM, QUOTE})) == "quote"
    assert labels.primary(frozenset({OPINION, CLAIM})) == "claim"
    assert labels.primary(frozenset({OPINION})) == "opinion"
    assert labels.primary(frozenset()) == "none"


@pytest.mark.parametrize(
    ("block", "text", "reason"),
    [
        (BlockKind.HEADING, "Who pays?", NoneReason.HEADING),
        (BlockKind.DISCLAIMER, "All rights reserved.", NoneReason.DISCLAIMER),
        (BlockKind.PARAGRAPH, "Who pays?", NoneReason.QUESTION),
        (BlockKind.PARAGRAPH, "“Who pays?”", NoneReason.QUESTION),
        (BlockKind.PARAGRAPH, "Sign up for our newsletter.", NoneReason.OTHER),
        (BlockKind.PARAGRAPH, "Who pays?’)] ", NoneReason.QUESTION),
        (BlockKind.PARAGRAPH, "Who pays?X", NoneReason.FRAGMENT),
        (BlockKind.PARAGRAPH, "Stop!", NoneReason.OTHER),
        (BlockKind.PARAGRAPH, "And so on…”", NoneReason.OTHER),
        (BlockKind.PARAGRAPH, "In short:", NoneReason.OTHER),
        (BlockKind.PARAGRAPH, "one;»", NoneReason.OTHER),
        (BlockKind.LIST_ITEM, "and then some", NoneReason.FRAGMENT),
    ],
)
def test_the_reason_for_none_is_proposed_from_block_and_ending(block: BlockKind, text: str, reason: NoneReason) -> None:
    assert labels.propose_none_reason(block, text) is reason


def test_a_word_that_is_no_label_is_refused() -> None:
    assert labels.parse_labels(["claim", "opinion", "claim"]) == {CLAIM, OPINION}
    with pytest.raises(Invalid) as refused:
        labels.parse_labels(["claim", "fact", "lie"])
    assert refused.value.message == "“fact” is not a label: use claim, quote, opinion, none or unsure."
    assert refused.value.field == "label"


def test_labels_are_said_in_words() -> None:
    assert labels.describe(of(CLAIM, QUOTE)) == "Quote and claim"
    assert labels.describe(of(OPINION)) == "Opinion"
    assert labels.describe(of(OPINION, CLAIM, QUOTE)) == "Quote, claim and opinion"
    assert labels.describe(labels.set_none(Judgement(), NoneReason.OTHER)) == "None"
    assert labels.describe(labels.set_unsure(Judgement())) == "Unsure"
    assert labels.describe(Judgement()) == "Not labelled"


def test_each_word_as_it_stands_inside_a_sentence() -> None:
    assert [labels.word(word) for word in ("claim", "none", "unsure")] == ["claim", "none", "unsure"]
    assert labels.in_words(["unsure"]) == "unsure"
    assert labels.in_words(["none"]) == "none"
    assert labels.titled("") == ""


def test_words_follow_the_language_of_the_reader() -> None:
    with language.spoken("de"):
        assert labels.in_words(["claim", "quote"]) == "Zitat und Behauptung"
        assert labels.word("none") == "nichts davon"
        assert [labels.reason_word(reason) for reason in NoneReason] == [
            "Überschrift", "Hinweis", "Standardtext", "Frage", "Bruchstück", "anderer Grund",
        ]  # fmt: skip
    assert labels.in_words(["claim", "quote"]) == "quote and claim"


def test_every_reason_for_none_has_its_word() -> None:
    assert {reason: labels.reason_word(reason) for reason in NoneReason} == {
        reason: str(reason) for reason in NoneReason
    }


def test_voices_belong_to_claim_and_opinion() -> None:
    judged = Judgement(claim_voice=Voice.BOTH, opinion_voice=Voice.AUTHOR)
    assert [judged.voice(label) for label in (CLAIM, OPINION, QUOTE)] == [Voice.BOTH, Voice.AUTHOR, None]


def test_marks_and_names_of_the_buttons() -> None:
    assert [(choice.name, choice.mark) for choice in labels.CHOICES] == [
        ("Claim", "C"), ("Quote", "Q"), ("Opinion", "O"), ("None", "–"), ("Unsure", "?"),
    ]  # fmt: skip
