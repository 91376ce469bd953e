"""Which language a text is in, by its script and by the words that spaCy lists as too common to search for.

A word that many languages list counts less. Where two languages come close, or a text is short, there is no answer.
"""

import re
import runpy
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

# those whose words are told apart well enough: see the figures in intake/README.md
BY_WORDS = (
    "ar", "bg", "ca", "cs", "da", "de", "en", "es", "et", "fa", "fi", "fr", "hi", "hr", "hu", "id", "it", "lt",
    "lv", "mk", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sq", "sr", "sv", "tl", "tr", "uk", "ur", "vi",
)  # fmt: skip
BY_SCRIPT = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "THAI": "th", "HEBREW": "he", "GREEK": "el", "ARMENIAN": "hy",
    "TAMIL": "ta", "TELUGU": "te", "KANNADA": "kn", "GUJARATI": "gu", "BENGALI": "bn", "MALAYALAM": "ml",
}  # fmt: skip
HAN = "CJK"
READ = 2_000  # characters, some three hundred words
FEWEST = 12  # words
LEAST = 0.12  # of the words, each counted by how few languages have it
AHEAD = 1.4  # times as much as the next language
MOSTLY = 0.5  # of the letters in one script
KANA = 0.1  # Japanese is written with Chinese signs too
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def detect(text: str) -> str | None:
    """The code of the language of a text; None when it is not plain."""
    words = [word.casefold().replace("’", "'") for word in WORD.findall(text[:READ])]
    by_script = _by_script("".join(words))
    if by_script is not None:
        return by_script
    if len(words) < FEWEST:
        return None
    scores = dict.fromkeys(("", *BY_WORDS), 0.0)
    known = stop_words()
    for word, number in Counter(words).items():
        for language in (languages := known.get(word, ())):
            scores[language] += number / len(languages)
    first, second = sorted(scores, key=scores.__getitem__, reverse=True)[:2]
    most, next_most = scores[first], scores[second]
    return first if most >= LEAST * len(words) and most >= AHEAD * next_most else None


def _by_script(letters: str) -> str | None:
    """The language that is the only one of its script here."""
    some = letters[:: max(1, len(letters) // 100)]
    scripts = Counter(unicodedata.name(letter, "").partition(" ")[0].partition("-")[0] for letter in some)
    if not some or scripts["LATIN"] > MOSTLY * len(some):
        return None
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > KANA * len(some):
        return "ja"
    found, number = scripts.most_common(1)[0]
    return (BY_SCRIPT | {HAN: "zh"}).get(found) if number > MOSTLY * len(some) else None


@cache
def stop_words() -> Mapping[str, tuple[str, ...]]:
    """Each common word with the languages that have it; only the lists are read, which takes a tenth of a second."""
    spec = find_spec("spacy")
    assert spec is not None
    assert spec.origin is not None
    found: dict[str, tuple[str, ...]] = {}
    for language in BY_WORDS:
        listed = runpy.run_path(str(Path(spec.origin).parent / "lang" / language / "stop_words.py"))["STOP_WORDS"]
        for word in sorted({word.casefold().replace("’", "'") for word in listed if WORD.fullmatch(word)}):
            found[word] = (*found.get(word, ()), language)
    return found
