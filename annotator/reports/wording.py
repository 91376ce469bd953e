"""What a disagreement report says in words, built from its numbers."""

import re

from annotator.domain import labels
from annotator.domain.agreement import Coefficient, items_to_settle
from annotator.domain.alpha import TOO_MANY
from annotator.domain.disagreements import describe, in_words, question
from annotator.language import decimal as decimal_of
from annotator.language import gettext as _
from annotator.language import later, ngettext, pgettext
from annotator.language import number as figure_of
from annotator.reports.disagreements import Report

TENTATIVE, FIRM = 0.667, 0.8  # Krippendorff's customary bars
HIGH = 0.8  # AC1 that a low alpha must be explained beside
LEFT_OUT = {
    "unsure": later("unsure"),
    "needs_review": later("to be reviewed after a merge or split"),
    "draft": later("begun without a label"),
    "single": later("answers on sentences that only one reviewer has answered"),
    "to_do": later("not labelled yet"),
    "retired": later("answers on sentences that a merge or split has replaced"),
}


def why(reason: str | None) -> str:
    """The reason of a coefficient that does not exist, which a report keeps in English, in the language of the page."""
    numbers = re.findall(r"\d+", reason or "")
    if len(numbers) == 2:
        return _(TOO_MANY).format(n=numbers[0], most=numbers[1])
    return _(reason) if reason else ""


def decimal(value: float) -> str:
    """Two places with a true minus sign; a value that is not zero never reads as minus zero."""
    text = decimal_of(value)
    return decimal_of(0.0) if text == decimal_of(-0.0) else text.replace("-", "−")


def or_dash(value: float | None) -> str:
    return "–" if value is None else decimal(value)


def seconds(value: float | None) -> str:
    """The median time of a sentence."""
    return "–" if value is None else f"{decimal_of(value, 1)} s"


def points(share: float) -> str:
    """Percentage points with their sign."""
    rounded = round(100 * share)
    return f"{rounded:+d}".replace("-", "−") if rounded else "0"


def figure(found: Coefficient) -> str:
    """The value, or “not defined”."""
    return _("not defined") if found.value is None else decimal(found.value)


def interval(found: Coefficient) -> str:
    """The 95 % interval in words; why there is none."""
    if found.value is None:
        return why(found.reason)
    return f"{decimal(found.ci95[0])} – {decimal(found.ci95[1])}" if found.ci95 else _("no interval")


def first_sentence(report: Report) -> str:
    """What the report means, in one or two sentences."""
    who = len(report.ratings.reviewers)
    counted = report.counted.sentences
    if who < 2 or not counted:
        return " ".join(filter(None, (_("There is nothing to compare yet."), missing(report))))
    same, number = len(counted) - len(report.disputed), labels.titled(in_words(who))
    if not report.disputed:
        text = ngettext(
            "{number} reviewers chose the same labels for the one sentence that at least two of them have read.",
            "{number} reviewers chose the same labels for all {n} sentences that at least two of them have read.",
            len(counted),
        )
        return text.format(number=number, n=len(counted))
    text = ngettext(
        "{number} reviewers agree fully on {n} of {all} sentence.",
        "{number} reviewers agree fully on {n} of {all} sentences.",
        len(counted),
    )
    text = text.format(number=number, n=figure_of(same), all=figure_of(len(counted)))
    common = most_common_split(report)
    split = _("The most common split is one question: {question}")
    return f"{text} {split.format(question=common)}" if common else text


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
    _amount, one, other = max(cells, key=lambda cell: cell[0])
    return question(report.members[one], report.members[other])


def missing(report: Report) -> str:
    """Who has not finished, in words; nothing when nobody is missing."""
    waiting = [f"{person.name} ({person.state})" for person in report.missing]
    if waiting:
        return _("Still missing: {names}.").format(names=", ".join(waiting))
    return _("At least two reviewers must be assigned and label the same sentences.")


def meaning(found: Coefficient) -> str:
    """What an alpha over label sets says about the data."""
    if found.value is None:
        return _("Not defined: {reason}.").format(reason=why(found.reason))
    low, high = found.ci95 or (found.value, found.value)
    if found.value < TENTATIVE:
        text = _("Not yet enough to merge labels without adjudication: below 0.67, the bar for tentative conclusions.")
    elif found.value < FIRM:
        text = _("Enough for tentative conclusions (0.67), not for firm ones (0.80).")
    else:
        text = _("Reliable by the customary bar of 0.80.")
    return " ".join([text, *(_settled(found, mark) for mark in (TENTATIVE, FIRM) if low < mark < high)])


def _settled(found: Coefficient, mark: float) -> str:
    more = items_to_settle(found, mark)
    if more is None:
        text = _("The interval crosses {mark}, too near the value for more sentences to settle it.")
        return text.format(mark=decimal(mark))
    text = ngettext(
        "The interval crosses {mark}: about one more sentence read twice or more, like these, would settle it.",
        "The interval crosses {mark}: about {n} more sentences read twice or more, like these, would settle it.",
        more,
    )
    return text.format(mark=decimal(mark), n=figure_of(more))


def dominated(report: Report) -> list[str]:
    """For each label with a low alpha beside a high AC1, what that means."""
    found = []
    for label, alpha in report.alpha.items():
        ac1 = report.ac1[label]
        if alpha.value is None or ac1.value is None or alpha.value >= TENTATIVE or ac1.value < HIGH:
            continue
        share = given_share(report, label)
        which = f"{max(share, 1 - share):.0%}".replace("%", " %")
        text = _rarely() if share < 1 / 2 else _mostly()
        figures = {"alpha": decimal(alpha.value), "ac1": decimal(ac1.value), "share": which}
        found.append(text.format(label=describe({label}), **figures))
    return found


def _rarely() -> str:
    return _(
        "{label}: alpha is {alpha}, but Gwet’s AC1 is {ac1}. One answer dominates, {share} of answers are without this "
        "label, so nearly all agreement could be chance and a few disputes pull alpha down. Reviewers agree, but on "
        "the rare case there is too little to tell how well."
    )


def _mostly() -> str:
    return _(
        "{label}: alpha is {alpha}, but Gwet’s AC1 is {ac1}. One answer dominates, {share} of answers are with this "
        "label, so nearly all agreement could be chance and a few disputes pull alpha down. Reviewers agree, but on "
        "the rare case there is too little to tell how well."
    )


def given_share(report: Report, label: str) -> float:
    """The share of counted answers that have a label."""
    with_label = total = 0
    for name, row in report.coincidence.items():
        amount = sum(row.values())
        total += round(amount)
        with_label += round(amount) if label in report.members[name] else 0
    return with_label / total if total else 0.0


def left_out(report: Report) -> list[tuple[str, str]]:
    """(name of the group, what it says) for everything that does not count and occurs."""
    return [(group.name, f"{group.count} {_(LEFT_OUT[group.name])}") for group in report.left_out if group.count]


def sets_named(one: str, other: str) -> str:
    """Two label sets like “claim+quote” in words."""
    text = pgettext("two label sets", "{one} and {other}")
    return text.format(one=describe(one.split("+")), other=describe(other.split("+")))
