"""Parts of a corpus for training and testing: what belongs together is never parted."""

import hashlib
from collections.abc import Mapping, Sequence

from annotator.errors import Invalid


def split(groups: Sequence[Sequence[str]], ratios: Mapping[str, int], *, seed: int) -> dict[str, str]:
    """The part of each key. Groups go whole, in an order drawn from the seed, to the part that lacks most.

    `ratios` are parts of any sum. Raises Invalid for fewer than two parts or one that is not above zero.
    """
    if len(ratios) < 2 or any(ratio <= 0 for ratio in ratios.values()):
        raise Invalid("A split needs two parts or more, each with a ratio above zero.", field="ratios")
    whole, total = sum(ratios.values()), sum(map(len, groups))
    lacking = {name: total * ratio / whole for name, ratio in ratios.items()}
    found: dict[str, str] = {}
    for group in sorted(groups, key=lambda group: (-len(group), _drawn(seed, group))):
        name = max(lacking, key=lambda name: lacking[name])
        lacking[name] -= len(group)
        found.update(dict.fromkeys(group, name))
    return found


def _drawn(seed: int, group: Sequence[str]) -> str:
    return hashlib.sha256(f"{seed}:{min(group)}".encode()).hexdigest()
