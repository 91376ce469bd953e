"""Published worked examples: each test names its paper."""

import numpy as np
import pytest

from annotator.domain.agreement import (
    Ratings,
    Resampling,
    coefficients,
    coincidences,
    dawid_skene,
    jaccard,
    masi,
    per_label_alpha,
    ratings_of,
    self_agreement,
    set_alpha,
)
from annotator.domain.counts import Counts
from annotator.domain.dawid_skene import STEPS
from tests.domain.agreement_tables import (
    DAWID_SKENE_1979,
    FLEISS_1971,
    FOURTEEN_RATERS,
    GWET_RAW_4RATERS,
    KRIPPENDORFF_2011,
    crosstable,
    from_counts,
    sheet,
)

NO_INTERVALS = Resampling(samples=0)


def value(ratings: Ratings, name: str) -> float:
    found = coefficients(ratings, resampling=NO_INTERVALS)[name]
    assert found.value is not None, found.reason
    return found.value


@pytest.mark.parametrize(
    ("kind", "published"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_alpha_of_four_observers_at_every_level(kind: str, published: float) -> None:
    """Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C."""
    assert value(sheet(KRIPPENDORFF_2011), f"krippendorff_alpha_{kind}") == pytest.approx(published, abs=0.0005)


def test_coincidence_matrix_of_four_observers() -> None:
    """Krippendorff (2011), section C: the matrix of observed coincidences, n = 40."""
    ratings = sheet(KRIPPENDORFF_2011)
    matrix = np.zeros((5, 5))
    one, other, amount = coincidences(Counts.of(ratings))
    matrix[one, other] = amount
    third = 1 / 3
    published = [
        [7, 4 * third, third, third, 0],
        [4 * third, 10, 4 * third, third, 0],
        [third, 4 * third, 8, third, 0],
        [third, third, third, 4, 0],
        [0, 0, 0, 0, 3],
    ]
    assert matrix == pytest.approx(np.array(published))
    assert matrix.sum() == pytest.approx(40)


def test_fleiss_kappa_of_psychiatric_diagnoses() -> None:
    """Fleiss (1971), Measuring nominal scale agreement among many raters, table 1: kappa .430."""
    ratings = from_counts([[int(digit) for digit in patient] for patient in FLEISS_1971.split()])
    assert (len(ratings.items), ratings.given) == (30, 180)
    assert value(ratings, "fleiss_kappa") == pytest.approx(0.430, abs=0.0005)


def test_fleiss_kappa_of_fourteen_raters() -> None:
    """The encyclopaedia's example of Fleiss (1971): kappa .210, mean agreement .378."""
    ratings = from_counts(FOURTEEN_RATERS)
    assert value(ratings, "fleiss_kappa") == pytest.approx(0.210, abs=0.0005)
    assert value(ratings, "percent_agreement") == pytest.approx(0.378, abs=0.0005)


def test_cohen_kappa_of_fifty_grant_proposals() -> None:
    """Cohen (1960), A coefficient of agreement for nominal scales, on the textbook table 20, 5, 10, 15: kappa .40."""
    assert value(crosstable((20, 5), (10, 15)), "cohen_kappa") == pytest.approx(0.40)


def test_coefficients_of_two_coders_of_dialogue_acts() -> None:
    """Artstein & Poesio (2008), Inter-Coder Agreement for Computational Linguistics: S .40, pi .341, kappa .348."""
    ratings = crosstable((20, 20), (10, 50))
    assert value(ratings, "brennan_prediger") == pytest.approx(0.40)
    assert value(ratings, "scott_pi") == pytest.approx(0.341, abs=0.0005)
    assert value(ratings, "cohen_kappa") == pytest.approx(0.348, abs=0.0005)


@pytest.mark.parametrize(("table", "kappa"), [(((40, 9), (6, 45)), 0.70), (((80, 10), (5, 5)), 0.32)])
def test_the_same_agreement_gives_a_low_kappa_where_one_label_dominates(
    table: tuple[tuple[int, int], ...], kappa: float
) -> None:
    """Feinstein & Cicchetti (1990), High agreement but low kappa; PABAK (Byrt, Bishop & Carlin 1993) is .70 in both."""
    ratings = crosstable(*table)
    assert value(ratings, "percent_agreement") == pytest.approx(0.85)
    assert value(ratings, "cohen_kappa") == pytest.approx(kappa, abs=0.005)
    assert value(ratings, "pabak") == pytest.approx(0.70)


@pytest.mark.parametrize(
    ("name", "published"),
    [
        ("gwet_ac1", 0.77544),
        ("fleiss_kappa", 0.76117),
        ("conger_kappa", 0.76282),
        ("krippendorff_alpha_nominal", 0.74342),
        ("brennan_prediger", 0.77273),
        ("percent_agreement", 0.81818),
    ],
)
def test_coefficients_of_four_raters_with_gaps(name: str, published: float) -> None:
    """Gwet (2014), Handbook of Inter-Rater Reliability, 4th edition, page 120: the data set raw_4raters."""
    assert value(sheet(GWET_RAW_4RATERS), name) == pytest.approx(published, abs=0.00001)


def test_error_rates_of_anaesthetists() -> None:
    """Dawid & Skene (1979), tables 1 to 3: class marginals .40 .42 .11 .07; observer 1 read every form three times."""
    ratings = ratings_of(
        (f"{patient:02}", f"{reading}", float(label))
        for patient, line in enumerate(DAWID_SKENE_1979.split())
        for reading, label in enumerate(line)
    )
    model = dawid_skene(ratings, reviewer_of=[0, 0, 0, 1, 2, 3, 4])
    assert model is not None
    assert model.steps < STEPS
    assert model.class_marginals == pytest.approx([0.40, 0.42, 0.11, 0.07], abs=0.005)
    assert model.error_rates[0, 0] == pytest.approx([0.89, 0.11, 0.00, 0.00], abs=0.005)
    assert model.error_rates[0, 1] == pytest.approx([0.07, 0.88, 0.05, 0.00], abs=0.005)
    assert model.error_rates.sum(axis=2) == pytest.approx(1)
    assert model.posterior[model.pattern_of].argmax(axis=1)[[0, 1, 10, 35]].tolist() == [0, 3, 3, 3]


def test_anaesthetist_agrees_with_himself() -> None:
    """Dawid & Skene (1979), table 1: the readings of observer 1; the package krippendorff has .69599, too."""
    rows = [
        ("first", f"{patient:02}", f"{reading}", float(line[reading]))
        for patient, line in enumerate(DAWID_SKENE_1979.split())
        for reading in range(3)
    ]
    found = self_agreement(rows)["first"]
    assert found.items == 45
    assert found.alpha.value == pytest.approx(0.69599, abs=0.00001)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("ab", "ab", 0), ("a", "ab", 1 - 1 / 2 * 2 / 3), ("ab", "bc", 1 - 1 / 3 * 1 / 3), ("a", "b", 1)],
)
def test_masi_weighs_jaccard_by_monotonicity(one: str, other: str, distance: float) -> None:
    """Passonneau (2006), Measuring Agreement on Set-valued Items (MASI)."""
    assert masi(frozenset(one), frozenset(other)) == pytest.approx(distance)
    assert masi(frozenset(other), frozenset(one)) == pytest.approx(distance)


def test_jaccard_counts_what_is_not_shared() -> None:
    """Jaccard (1912), The distribution of the flora in the alpine zone."""
    assert jaccard(frozenset("abc"), frozenset("bcd")) == pytest.approx(0.5)
    assert jaccard(frozenset(), frozenset()) == 0


def test_alphas_of_the_contracts_example() -> None:
    """Two reviewers on three sentences of the export contract: MASI .561404, quote 1, opinion 0, others undefined."""
    sets = [({"claim"}, {"claim"}), ({"claim"}, {"claim"}), ({"claim", "quote"}, {"claim", "opinion", "quote"})]
    ratings = ratings_of(
        (
            (str(place), name, frozenset(labels))
            for place, pair in enumerate(sets)
            for name, labels in zip(("ada", "ben"), pair, strict=True)
        ),
        declared=["claim", "quote", "opinion", "none"],
    )
    found = set_alpha(ratings)
    assert found.value is not None
    assert round(found.value, 6) == 0.561404
    values = {name: one.value for name, one in per_label_alpha(ratings).items()}
    assert values == {"claim": None, "quote": 1.0, "opinion": 0.0, "none": None}
