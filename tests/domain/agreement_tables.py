"""Published tables of ratings, typed in from the papers the tests name."""

from collections.abc import Sequence

from annotator.domain.agreement import Ratings, ratings_of

KRIPPENDORFF_2011 = {"A": "123321412...", "B": "1233224125.3", "C": ".3332342251.", "D": "12332441251."}
GWET_RAW_4RATERS = {"1": "123321412...", "2": "1233224125..", "3": ".33323422513", "4": "12332441251."}
# Each patient: how many of six psychiatrists said depression, personality disorder, schizophrenia, neurosis, other
FLEISS_1971 = (
    "00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031 "
    "00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"
)
# Ten items, fourteen raters, five categories: the worked example of the encyclopaedia article on Fleiss' kappa
FOURTEEN_RATERS = (
    (0, 0, 0, 0, 14),
    (0, 2, 6, 4, 2),
    (0, 0, 3, 5, 6),
    (0, 3, 9, 2, 0),
    (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0),
    (3, 2, 6, 3, 0),
    (2, 5, 3, 2, 2),
    (6, 5, 2, 1, 0),
    (0, 2, 2, 3, 7),
)
# 45 patients: three readings of the first anaesthetist, then one of each of the other four
DAWID_SKENE_1979 = (
    "1111111 3334334 1122122 2223121 2223222 2223322 1222111 3333433 2222223 2322223 4444444 2223343 1111111 2223212 "
    "1211111 1112111 1111111 1111111 2222221 2221322 2222222 2222221 2223222 2212222 1111111 1111111 2322222 1111111 "
    "1111111 1121121 1111111 3333233 1111111 2222222 2223232 4334343 2212232 2323233 3333432 1111111 1111111 1212111 "
    "2322222 1211111 2222222"
)


def sheet(rows: dict[str, str], *, numbers: bool = True) -> Ratings:
    """Ratings of a sheet with one line of digits a reviewer and a dot where one is missing."""
    return ratings_of(
        (f"u{unit:02}", reviewer, float(label) if numbers else label)
        for reviewer, line in rows.items()
        for unit, label in enumerate(line, start=1)
        if label != "."
    )


def from_counts(counts: Sequence[Sequence[int]]) -> Ratings:
    """Ratings with these label counts, the reviewers filled up in any order."""
    rows = []
    for item, line in enumerate(counts):
        labels = [str(label) for label, number in enumerate(line) for _ in range(number)]
        rows += [(f"u{item:02}", f"r{place:02}", label) for place, label in enumerate(labels)]
    return ratings_of(rows)


def crosstable(*table: Sequence[int], labels: str = "abc") -> Ratings:
    """Ratings of two reviewers from how often the first (row) and the second (column) said what."""
    rows = []
    for one, line in zip(labels, table, strict=False):
        for other, number in zip(labels, line, strict=False):
            for place in range(number):
                item = f"{one}{other}{place:03}"
                rows += [(item, "first", one), (item, "second", other)]
    return ratings_of(rows)


def ratings(*lines: str, declared: str = "") -> Ratings:
    """An item a line, a reviewer a column, a dot where one gave no label."""
    return ratings_of(
        (
            (f"u{item:02}", f"r{column}", label)
            for item, line in enumerate(lines)
            for column, label in enumerate(line)
            if label != "."
        ),
        declared=tuple(declared),
    )
