"""The words of one piece of text as the boundary rules see them, and the word lists they share."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

OPENING = frozenset("([{“‘«‹„‚「『《【（")
CLOSING = frozenset(")]}”’»›」』》】）")
BRACKETS = {"(": ")", "[": "]", "{": "}", "（": "）", "【": "】"}
STRAIGHT = frozenset(["\"", "'", "``", "''", "`"])
QUOTES = STRAIGHT | frozenset("“”‘’«»‹›„‚「」『』《》")
MARKS = OPENING | CLOSING | STRAIGHT
FINAL = frozenset(".!?…。！？؟۔।։")
DASHES = frozenset(["-", "--", "—", "–", "―"])


@dataclass
class Tokens:
    """Words, whether each is glued to the one before, where sentences start; `sides` gives each mark -1 or 1."""

    words: list[str]
    glued: list[bool]
    starts: list[bool]
    sides: dict[int, int] = field(init=False)  # index of a quotation mark or bracket -> 1 opening, -1 closing

    def __post_init__(self) -> None:
        self.sides = dict(mark_sides(self.words, self.glued))

    def boundaries(self) -> list[int]:
        """List the words that start a sentence, the first word of the piece aside."""
        return [index for index in range(1, len(self.words)) if self.starts[index]]

    def word(self, index: int) -> str:
        """Give a word, or nothing outside the piece."""
        return self.words[index] if 0 <= index < len(self.words) else ""

    def last_before(self, index: int) -> int:
        """Find the last word before an index that is no closing mark, -1 if there is none."""
        index -= 1
        while index >= 0 and self.sides.get(index) == -1:
            index -= 1
        return index

    def opened_before(self, index: int) -> int:
        """Find the first of the opening marks that stand directly before an index."""
        while index > 0 and self.sides.get(index - 1) == 1:
            index -= 1
        return index

    def first_from(self, index: int) -> int:
        """Find the first word from an index on that is no opening mark."""
        while self.sides.get(index) == 1:
            index += 1
        return index

    def dotted(self, index: int) -> str:
        """Give the word that ends at an index with its full stop, also where spaCy made the stop a word of its own."""
        word = self.word(index)
        if word == "." and index and self.glued[index]:
            return self.words[index - 1] + "."
        return word if len(word) > 1 and word.endswith(".") else ""

    def ends_finally(self, index: int) -> bool:
        """Tell whether the word at an index ends with final punctuation."""
        return self.word(index)[-1:] in FINAL if self.word(index) else False

    def sentence_start(self, index: int) -> int:
        """Find the start of the sentence that the word at an index is in."""
        while index > 0 and not self.starts[index]:
            index -= 1
        return index


def mark_sides(words: list[str], glued: list[bool]) -> Iterator[tuple[int, int]]:
    """Tell for each quotation mark and bracket whether it opens (1) or closes (-1), by the spaces round it first."""
    opened: dict[str, bool] = {}
    for index, word in enumerate(words):
        if word not in MARKS:
            continue
        side = side_of(words, glued, index, opened.get(word, False))
        opened[word] = side == 1
        yield index, side


def side_of(words: list[str], glued: list[bool], index: int, is_open: bool) -> int:
    """Tell whether one mark opens or closes; spaces win over its shape, as marks are often reversed."""
    word = words[index]
    if word in BRACKETS or word in BRACKETS.values():
        return 1 if word in BRACKETS else -1
    before = index > 0 and glued[index]
    after = index + 1 < len(words) and glued[index + 1]
    if before != after:
        return -1 if before else 1
    if before and (words[index - 1] in OPENING or words[index - 1] in DASHES):
        return 1
    if before and not words[index + 1][0].isalnum():
        return -1
    if word in STRAIGHT:
        return -1 if is_open or (index and index + 1 == len(words)) else 1
    return 1 if word in OPENING else -1


def words_of(text: str) -> frozenset[str]:
    """Read a list of words parted by white space."""
    return frozenset(text.split())


TITLES = words_of("""
    Mr. Mrs. Ms. Mx. Dr. Prof. Rev. Fr. Hon. Gov. Sen. Rep. Reps. Sens. Gen. Maj. Lt. Col. Sgt. Cpl. Pvt. Cmdr. Adm. Capt.
    Det. Insp. Supt. Pres. Amb. Sec. Atty. Messrs. Mmes. Mme. Mlle. Supt. Asst. Assoc. Bros. Msgr. Ald. Del. Mt. Ft. Brig.
    Drs. Profs. Govs. Gens. Treas. Dir. Hr. Mssrs. Pte. Lieut. Sr. Sra. Srta. Dra.
    """)
MONTHS = words_of("Jan. Feb. Mar. Apr. Jun. Jul. Aug. Sept. Sep. Oct. Nov. Dec. Mon. Tue. Tues. Wed. Thu. Thurs. Fri. Sat. Sun.")
NUMBERED = words_of("""
    no. nos. nr. n°. sec. secs. art. arts. p. pp. par. para. vol. vols. fig. figs. ch. chap. ca. c. approx. pt. eq. ex. ed.
    app. cl. § ver. v. rte. hwy. apt. ste. bldg. ref. tab. ext. tel. col. ll. l. op. est. max. min. b. d. fl. r. cap. lot. amend. reg.
    """)
INNER = words_of("e.g. i.e. vs. cf. viz. al. resp. incl. esp. ca. c. feat. aka a.k.a. w. approx. ibid. op. cit. vs")
PLACES = words_of("""
    U.S. U.K. U.N. E.U. U.S.A. U.A.E. D.C. N.Y. L.A. N.J. N.C. S.C. N.H. N.M. N.D. S.D. R.I. B.C. U.S.S.R. P.R.
    Calif. Conn. Colo. Ariz. Ala. Fla. Ga. Ill. Ind. Kan. Ky. La. Md. Mass. Mich. Minn. Miss. Mo. Mont. Neb. Nev. Okla.
    Ore. Pa. Penn. Tenn. Tex. Va. Vt. Wash. Wis. Wyo. Ont. Que. Alta. Sask.
    """)
FIRMS = words_of("Inc. Corp. Co. Ltd. Jr. Sr. Ph.D. M.D. Esq. Bros. LLC. L.P. L.L.C. P.C. N.V. S.A. B.V. A.G. Cos. M.A. B.A. Plc.")
HOURS = words_of("a.m. p.m. A.M. P.M. a.m.. p.m..")
LOWER_ABBREVIATIONS = words_of("""
    approx. arr. arrv. assoc. attn. ave. avg. bldg. capt. cont. corp. dept. dir. est. etc. excl. ext. feb. fig. figs. gal.
    gen. gov. hrs. ibid. inc. incl. jan. lbs. ltd. max. min. misc. mon. mrs. nos. oct. orig. prof. pts. pub. sept. sec. sen.
    sgt. std. tel. temp. thur. thurs. tue. tues. var. vol. vols. wed. yrs. esp. resp. messrs. rep. rev.
    """)
STARTERS = words_of("""
    The This That These Those There Then They He She It We You I But And Or So Yet Nor If When While Where Why How What Who
    Although Though Because Since After Before As At In On By For From With Without During Under Over Despite According
    However Moreover Meanwhile Still Also Instead Perhaps His Her Its Their Our My Your A An Another Each Every Some Most Many
    Few Several All Both No Not Now Today Yesterday Tomorrow Here Is Are Was Were Do Does Did Can Could Will Would Should Let
    Please Only Even Once Until Unless To Such Other Others Nobody Everyone Someone Nothing Two Three Four Five One
    """)
SPEECH_VERBS = words_of("""
    said says say asked asks replied answered added adds told cried shouted wondered exclaimed wrote writes yelled whispered
    demanded continued insisted joked recalled explained screamed called responded quipped tweeted declared argued noted
    muttered murmured observed remarked concluded snapped laughed sighed inquired warned admitted agreed announced began
    """)
BRANDS = words_of("Yahoo Jeopardy Joomla Yum Oklahoma Mamma Oliver Hello Airplane Moulin Wham Panic Shazam Kahoot OK")
LOWER_FINAL = re.compile(r"[a-z]{2,}\.\d{1,3}")
FOOTNOTE = re.compile(r"[¹²³⁴-⁹⁰*†‡§]+|\d{1,3}")
