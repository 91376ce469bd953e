"""What a disagreement report says in words, built from its numbers."""

from annotator.domain.agreement import Coefficient
from annotator.domain.disagreements import describe, in_words, question
from annotator.reports.disagreements import Report

TENTATIVE, FIRM = 0.667, 0.8  # Krippendorff's customary bars
LEFT_OUT = {
    "unsure": "unsure",
    "needs_review": "to be reviewed after a merge or split",
    "draft": "begun without a label",
    "single": "answers on sentences that only one reviewer has answered",
    "to_do": "not labelled yet",
    "retired": "answers on sentences that a merge or split has replaced",
}


def decimal(value: float) -> str:
    """Two places with a true minus sign; a value that is not zero never reads as minus zero."""
    text = f"{value:.2f}"
    return "0.00" if text == "-0.00" else text.replace("-", "−")


def figure(found: Coefficient) -> str:
    """The value, or “not defined”."""
    return "not defined" if found.value is None else decimal(found.value)


def interval(found: Coefficient) -> str:
    """The 95 % interval in words; why there is none."""
    if found.value is None:
        return found.reason or ""
    return f"{decimal(found.ci95[0])} – {decimal(found.ci95[1])}" if found.ci95 else "no interval"


def first_sentence(report: Report) -> str:
    """What the report means, in one or two sentences."""
    who = len(report.ratings.reviewers)
    counted = report.counted.sentences
    if who < 2 or not counted:
        return f"There is nothing to compare yet. {missing(report)}".strip()
    same = len(counted) - len(report.disputed)
    subject = in_words(who).capitalize() + " reviewers"
    if not report.disputed:
        return f"{subject} chose the same labels for all {len(counted)} sentences that at least two of them have read."
    text = f"{subject} agree fully on {same} of {len(counted)} sentences."
    common = most_common_split(report)
    return f"{text} The most common split is one question: {common}" if common else text


def most_common_split(report: Report) -> str | None:
    """The question behind the two label sets that were chosen for the same sentences most often."""
    order = list(report.members)
    cells = [
        (amount, one, other)
        for one, row in report.coincidence.items()
        for other, amount in row.items()
        if order.index(one) < order.index(other)
    ]
    if not cells:
        return None
    _, one, other = max(cells, key=lambda cell: cell[0])
    return question(report.members[one], report.members[other])


def missing(report: Report) -> str:
    """Who has not finished, in words; nothing when nobody is missing."""
    waiting = [f"{person.name} ({person.state})" for person in report.missing]
    if waiting:
        return "Still missing: " + ", ".join(waiting) + "."
    return "At least two reviewers must be assigned and label the same sentences."


def meaning(found: Coefficient) -> str:
    """What an alpha over label sets says about the data."""
    if found.value is None:
        return f"Not defined: {found.reason}."
    low, high = found.ci95 or (found.value, found.value)
    if found.value < TENTATIVE:
        text = "Not yet enough to merge labels without adjudication: below 0.67, the bar for tentative conclusions."
    elif found.value < FIRM:
        text = "Enough for tentative conclusions (0.67), not for firm ones (0.80)."
    else:
        text = "Reliable by the customary bar of 0.80."
    crossed = [decimal(mark) for mark in (TENTATIVE, FIRM) if low < mark < high]
    if crossed:
        text += f" The interval crosses {' and '.join(crossed)}: more sentences read twice would settle it."
    return text


def left_out(report: Report) -> list[tuple[str, str]]:
    """(name of the group, what it says) for everything that does not count and occurs."""
    return [(group.name, f"{group.count} {LEFT_OUT[group.name]}") for group in report.left_out if group.count]


def set_name(name: str) -> str:
    """The label set “claim+quote” in words."""
    return describe(name.split("+"))
