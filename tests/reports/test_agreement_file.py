"""The JSON object of the contract, key by key."""

import json

import pytest

from annotator.domain.agreement import METRICS, Ratings, ratings_of
from annotator.domain.ratings import Value
from annotator.reports.agreement_file import agreement_object
from tests.domain.agreement_tables import KRIPPENDORFF_2011, sheet

KEYS = [
    "items",
    "annotators",
    "ratings",
    "labels",
    "metrics",
    "per_label_alpha",
    "pairs",
    "coincidence",
    "item_entropy_bits",
    "alpha_without",
    "dawid_skene",
]
NAMES = [
    "percent_agreement",
    "krippendorff_alpha_nominal",
    "krippendorff_alpha_ordinal",
    "krippendorff_alpha_interval",
    "krippendorff_alpha_ratio",
    "krippendorff_alpha_masi",
    "krippendorff_alpha_jaccard",
    "fleiss_kappa",
    "cohen_kappa",
    "cohen_kappa_linear",
    "cohen_kappa_quadratic",
    "scott_pi",
    "conger_kappa",
    "gwet_ac1",
    "brennan_prediger",
    "pabak",
]


def test_object_has_the_keys_and_metrics_of_the_contract() -> None:
    found = agreement_object(sheet(KRIPPENDORFF_2011))
    assert list(found) == KEYS
    assert list(found["metrics"]) == NAMES == list(METRICS)
    assert all(set(one) == {"value", "reason", "ci95"} for one in found["metrics"].values())
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_published_sheet_is_counted_and_measured() -> None:
    """Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C."""
    found = agreement_object(sheet(KRIPPENDORFF_2011))
    assert (found["items"], found["annotators"], found["ratings"]) == (12, 4, 41)
    assert found["labels"] == ["1", "2", "3", "4", "5"]
    assert found["metrics"]["krippendorff_alpha_nominal"]["value"] == pytest.approx(0.743, abs=0.0005)
    assert found["coincidence"]["1"] == pytest.approx({"1": 7, "2": 4 / 3, "3": 1 / 3, "4": 1 / 3, "5": 0})
    assert found["item_entropy_bits"]["u06"] == 2
    assert found["item_entropy_bits"]["u01"] == 0
    assert found["item_entropy_bits"]["u12"] is None
    assert len(found["pairs"]) == 6
    assert found["pairs"][0] == {"a": "A", "b": "B", "shared": 9, "kappa": pytest.approx(0.844828, abs=1e-6)}
    assert sum(found["dawid_skene"]["class_marginals"].values()) == pytest.approx(1)
    assert found["dawid_skene"]["error_rates"]["A"]["5"]["5"] is None


def test_level_chooses_the_alpha_without_each_annotator() -> None:
    ratings = sheet(KRIPPENDORFF_2011)
    nominal, ordinal = (agreement_object(ratings, level=level) for level in ("nominal", "ordinal"))
    assert nominal["metrics"] == ordinal["metrics"]
    assert nominal["alpha_without"]["C"] == pytest.approx(0.867925, abs=1e-6)
    assert ordinal["alpha_without"]["C"] != pytest.approx(nominal["alpha_without"]["C"])


def test_sets_are_measured_as_sets_and_label_by_label() -> None:
    found = agreement_object(
        _two_people(
            [({"claim"}, {"claim"}), ({"claim"}, {"claim"}), ({"claim", "quote"}, {"claim", "opinion", "quote"})]
        )
    )
    assert found["labels"] == ["claim", "opinion", "quote"]
    assert found["metrics"]["krippendorff_alpha_masi"]["value"] == pytest.approx(0.561404, abs=1e-6)
    assert found["per_label_alpha"] == {"claim": None, "opinion": 0.0, "quote": 1.0}
    assert found["coincidence"]["claim+quote"] == {"claim": 0, "claim+quote": 0, "claim+opinion+quote": 1}
    assert found["metrics"]["gwet_ac1"]["value"] is None


def _two_people(pairs: list[tuple[set[str], set[str]]]) -> Ratings:
    rows: list[tuple[str, str, Value]] = []
    for item, pair in enumerate(pairs):
        rows += [(f"u{item}", name, frozenset(labels)) for name, labels in zip(("ada", "ben"), pair, strict=True)]
    return ratings_of(rows)


def test_one_label_only_is_null_with_a_reason_in_words() -> None:
    found = agreement_object(ratings_of((f"u{n}", name, "claim") for n in range(5) for name in ("ada", "ben")))
    alpha = found["metrics"]["krippendorff_alpha_nominal"]
    assert alpha == {
        "value": None,
        "reason": "only one label was used, so agreement cannot be told from chance",
        "ci95": None,
    }
    assert found["dawid_skene"] == {"class_marginals": {}, "error_rates": {}}


def test_nothing_at_all_is_still_the_whole_object() -> None:
    found = agreement_object(ratings_of([], declared=["a", "b"]))
    assert list(found) == KEYS
    assert (found["items"], found["annotators"], found["ratings"], found["labels"]) == (0, 0, 0, ["a", "b"])
    assert {one["reason"] for one in found["metrics"].values()} >= {"nothing is labelled"}


def test_many_distinct_numbers_list_only_the_cells_that_occur() -> None:
    rows = [(f"u{n:03}", name, float(n + shift)) for n in range(300) for shift, name in enumerate(("ada", "ben"))]
    found = agreement_object(ratings_of(rows))
    assert sum(len(row) for row in found["coincidence"].values()) == 600
    assert found["metrics"]["krippendorff_alpha_interval"]["value"] > 0.999
    assert found["dawid_skene"]["class_marginals"] == {}
