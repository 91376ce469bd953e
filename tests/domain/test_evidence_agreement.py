"""Sources, stances and verdicts: what is compared with what, against values worked out by hand."""

import pytest

from annotator.domain import evidence_agreement as evidence
from annotator.domain.agreement import coefficients, set_alpha
from annotator.domain.distances import jaccard, masi
from annotator.domain.evidence_agreement import Checked


def row(
    reviewer: str,
    source: str | None = None,
    *,
    sentence: str = "s1",
    stance: str | None = "supports",
    verdict: str | None = None,
    seq: int = 1,
    span: tuple[int, int] = (0, 9),
) -> Checked:
    return Checked(sentence, reviewer, *span, seq, verdict, source, stance if source else None)


def test_sources_of_a_sentence_are_the_set_over_all_its_claims_and_none_is_missing() -> None:
    rows = [row("a", "x"), row("a", "y", seq=2), row("b", "y"), row("c"), row("a", "x", sentence="s2")]
    found = evidence.sources(rows)
    assert (found.items, found.reviewers) == (("s1", "s2"), ("a", "b"))
    assert [found.members[code] for code in found.codes[0]] == [{"x", "y"}, {"y"}]  # type: ignore[index]
    assert found.codes[1, 1] == -1


def test_alpha_over_sources_is_that_of_a_calculation_by_hand() -> None:
    """Two sentences: {x} and {x}; {x, y} and {y}. Coincidences: 2 of {x}, 1 each way of {x, y} with {y}.

    Jaccard: D_o = 2 (1/2) / 4; D_e = 2 (2 (1/2) + 2 (1) + 1 (1/2)) / 12, over the pairs x-xy, x-y, xy-y.
    MASI has 2/3 of nested sets taken from that similarity: distances 2/3, 1, 2/3.
    """
    rows = [row("a", "x"), row("b", "x"), row("a", "x", sentence="s2"), row("a", "y", sentence="s2"),
            row("b", "y", sentence="s2")]  # fmt: skip
    found = evidence.sources(rows)
    assert set_alpha(found, jaccard).value == pytest.approx(1 - (2 * 0.5 / 4) / (2 * (2 * 0.5 + 2 * 1 + 0.5) / 12))
    expected = 2 * (2 * (2 / 3) + 2 * 1 + 2 / 3) / 12
    assert set_alpha(found, masi).value == pytest.approx(1 - (2 * (2 / 3) / 4) / expected)


def test_stances_are_compared_on_shared_sources_alone() -> None:
    rows = [row("a", "x", stance="supports"), row("b", "x", stance="refutes"), row("a", "y", stance="context")]
    found = evidence.stances(rows)
    assert found.items == ("s1 x", "s1 y")
    assert [found.labels[code] for code in found.codes[0]] == ["supports", "refutes"]
    assert found.declared == ("supports", "refutes", "context", "not_enough")
    assert evidence.sentence_of("s1 x") == "s1"


def test_a_source_whose_stance_is_open_is_no_rating() -> None:
    found = evidence.stances([row("a", "x", stance=None), row("b", "x"), row("c", None)])
    assert (found.items, found.reviewers) == (("s1 x",), ("b",))


def test_several_stances_on_one_source_are_a_label_of_their_own() -> None:
    found = evidence.stances([row("a", "x", stance="supports"), row("a", "x", stance="context", seq=2)])
    assert found.labels[found.codes[0, 0]] == "context+supports"


def test_verdicts_are_compared_on_the_same_words_and_in_order() -> None:
    rows = [
        row("a", verdict="refuted"), row("b", verdict="not_enough_evidence"), row("b", verdict="supported", seq=2),
        row("a", verdict="supported", span=(3, 9)), row("b", verdict="supported", span=(3, 9)),
        row("a", "x", sentence="s2"),
    ]  # fmt: skip
    found = evidence.verdicts(rows)
    assert found.items == ("s1 0-9 0", "s1 0-9 1", "s1 3-9 0")
    assert found.labels == ("refuted", "not_enough_evidence", "conflicting", "supported")
    assert found.codes.tolist() == [[0, 1], [-1, 3], [3, 3]]


def test_a_verdict_further_away_costs_more() -> None:
    def alpha(other: str) -> float:
        pairs = [("supported", "supported"), ("refuted", "refuted"), ("conflicting", "conflicting"),
                 ("not_enough_evidence", "not_enough_evidence"), ("refuted", other)]  # fmt: skip
        rows = [
            row(name, verdict=verdict, sentence=f"s{n}")
            for n, pair in enumerate(pairs)
            for name, verdict in zip("ab", pair, strict=True)
        ]
        value = coefficients(evidence.verdicts(rows), ordered=True)["krippendorff_alpha_ordinal"].value
        assert value is not None
        return value

    assert alpha("not_enough_evidence") > alpha("conflicting") > alpha("supported")


def test_nothing_given_is_no_rating() -> None:
    for made in (evidence.sources, evidence.stances, evidence.verdicts):
        assert made([row("a")]).items == ()


def test_an_item_names_its_sentence_first() -> None:
    (item,) = evidence.verdicts([row("a", verdict="refuted")]).items
    assert evidence.sentence_of(item) == "s1"
