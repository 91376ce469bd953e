"""The single keys of the annotate page: what each does, which one a reviewer chose for it."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

from annotator.domain import labels
from annotator.errors import Invalid
from annotator.language import gettext as _
from annotator.language import later

HELP = "?"
DIGITS = "0123456789"
BY_PLACE = "12345"  # keys.js goes by the place of these on the keyboard, so that Shift and other layouts find them


@dataclass(frozen=True, slots=True)
class Action:
    """What a key does; the title is translated where it is shown. `leads`: only they can do it."""

    name: str
    key: str
    title: str
    leads: bool = False


ACTIONS = (
    *(Action(str(choice.value), choice.key, choice.name) for choice in labels.CHOICES),
    Action("low", "f", later("Low confidence")),
    Action("next", "j", later("Next sentence")),
    Action("previous", "k", later("Previous sentence")),
    Action("todo", "u", later("Next thing to do")),
    Action("attribution", "a", later("Attribution")),
    Action("details", "c", later("Claim details")),
    Action("source", "s", later("Add a source")),
    Action("note", "n", later("Note")),
    Action("history", "h", later("History")),
    Action("undo", "z", later("Undo")),
    Action("split", "/", later("Split"), leads=True),
    Action("merge", "m", later("Merge"), leads=True),
    Action("move", "b", later("Move"), leads=True),
)
BY_NAME: Mapping[str, Action] = {action.name: action for action in ACTIONS}


@dataclass(frozen=True, slots=True)
class Keys:
    """A reviewer's keys by the name of the action; `changed` are those that are not the usual ones."""

    changed: tuple[tuple[str, str], ...] = ()

    def __getitem__(self, name: str) -> str:
        return dict(self.changed).get(name) or BY_NAME[name].key

    @property
    def labels(self) -> str:
        """The keys of the five labels, in their order."""
        return "".join(self[choice.value] for choice in labels.CHOICES)

    def shifted(self, name: str) -> str:
        """What the key is together with Shift, as keys.js looks for it; "" for a letter that has no capital."""
        key = self[name]
        if key in BY_PLACE:
            return key + key
        capital = key.upper()
        return capital if len(capital) == 1 and capital != key else ""


USUAL = Keys()


def kept(stored: Mapping[str, str]) -> Keys:
    """What is stored, as far as it still means something."""
    return Keys(tuple(sorted((name, key) for name, key in stored.items() if name in BY_NAME)))


def chosen(typed: Mapping[str, str], *, lead: bool) -> Keys:
    """The keys that somebody typed by the name of the action; nothing typed is the usual key. Raises Invalid."""
    actions = [action for action in ACTIONS if lead or not action.leads]
    unknown = next((name for name in typed if name not in BY_NAME), None)
    if unknown is not None:
        names = ", ".join(action.name for action in actions)
        raise Invalid(_("“{word}” is not one of {words}.").format(word=unknown[:40], words=names), field=unknown)
    keys = {action.name: _key(action, typed.get(action.name, "")) for action in actions}
    for one, other in combinations(actions, 2):
        if _alike(keys[one.name], keys[other.name]):
            raise Invalid(
                _("“{key}” would do two things: {one}, and {other}.").format(
                    key=keys[one.name], one=_(one.title), other=_(other.title)
                ),
                field=other.name if keys[one.name] == one.key else one.name,
            )
    return kept({name: key for name, key in keys.items() if key != BY_NAME[name].key})


def _key(action: Action, typed: str) -> str:
    key = unicodedata.normalize("NFC", typed.strip()).lower() or action.key
    if key == HELP:
        raise Invalid(_("“?” opens the help."), field=action.name)
    if len(key) != 1 or not (key.isalpha() or key in DIGITS or key == action.key):
        raise Invalid(
            _("{action}: a key is one letter or digit, “{typed}” is not.").format(
                action=_(action.title), typed=typed.strip()[:20]
            ),
            field=action.name,
        )
    return key


def _alike(one: str, other: str) -> bool:
    """The same key, also together with Shift."""
    return one.upper() == other.upper()
