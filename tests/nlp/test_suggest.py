"""Suggested attributions, one construction a case; names and places are invented."""

import pytest

from annotator.domain.spans import Span
from annotator.nlp.blocks import blocks
from annotator.nlp.segment import segment
from annotator.nlp.suggest import Attribution, engine, suggest, suggest_many
from db.vocabulary import AttributionType, Mode, Naming


def words(text: str, spans: tuple[Span, ...]) -> str:
    return " | ".join(span.of(text) for span in spans)


def read(text: str) -> list[tuple[str, str, str]]:
    """Speaker, cue and content of each suggested attribution."""
    return [(words(text, one.speaker), words(text, one.cue), words(text, one.content)) for one in found(text)]


def found(text: str) -> list[Attribution]:
    return list(suggest(text).attributions)


def only(text: str) -> Attribution:
    (one,) = found(text)
    return one


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Clerk Ada Finch said that the well is dry.", ("Clerk Ada Finch", "said", "that the well is dry")),
        ("“The well is dry,” said clerk Ada Finch.", ("clerk Ada Finch", "said", "“The well is dry,”")),
        ("“The well is dry,” Finch told the Orrin Courier.", ("Finch", "told", "“The well is dry,”")),
        ("Finch tweeted: “What a day!”", ("Finch", "tweeted:", "“What a day!”")),
        ("According to the audit, two bills were paid.", ("the audit", "According to", "two bills were paid")),
        ("The well ran dry, according to Finch.", ("Finch", "according to", "The well ran dry")),
        ("As ranger Oskar Teil noted, eels avoid light.", ("ranger Oskar Teil", "As | noted", "eels avoid light")),
        (
            "The mill, as reported by Radio Kester, lost its licence.",
            ("Radio Kester", "as reported by", "The mill | lost its licence"),
        ),
        ("The plan, Tolland argued, would cost too much.", ("Tolland", "argued", "The plan | would cost too much")),
        ("Finch was blunt: “The pool stays shut.”", ("Finch", "was blunt:", "“The pool stays shut.”")),
        ("Her message to the voters was simple: “Trust me.”", ("Her", "was simple:", "“Trust me.”")),
        (
            "Residents were told by the board that the taps were safe.",
            ("the board", "were told by", "that the taps were safe"),
        ),
        ("It was announced on Friday that the line will close.", ("", "was announced", "that the line will close")),
        (
            "The union’s claim that its members were cheated was never tested.",
            ("The union", "claim", "that its members were cheated"),
        ),
        (
            "An accusation that the clinic sold blood was added by the union.",
            ("the union", "An accusation | was added by", "that the clinic sold blood"),
        ),
        (
            "Finch made the claim that the vote had been rigged.",
            ("Finch", "made the claim", "that the vote had been rigged"),
        ),
        (
            "“The harbour,” Finch said, “belongs to everyone.”",
            ("Finch", "said", "“The harbour,” | “belongs to everyone.”"),
        ),
        (
            "“The pumps failed,” Finch said. “The street was wet.”",
            ("Finch", "said", "“The pumps failed,” | “The street was wet.”"),
        ),
        (
            "“I signed nothing. I was ill that day,” said Finch.",
            ("Finch", "said", "“I signed nothing. I was ill that day,”"),
        ),
        ("Finch called the tax “a fine for being small”.", ("Finch", "called", "the tax “a fine for being small”")),
        ("The minister accused the union of lying.", ("The minister", "accused", "the union of lying")),
        ("Finch described the year as “hard but fruitful”.", ("Finch", "described", "the year as “hard but fruitful”")),
        ("The police urged drivers to avoid the ring road.", ("The police", "urged", "to avoid the ring road")),
        (
            "The firm said in a statement that it “regrets the delay” and had dismissed two men.",
            ("The firm", "said", "that it “regrets the delay” and had dismissed two men"),
        ),
        ("The mill will close, the Courier reports.", ("the Courier", "reports", "The mill will close")),
        ("“It was dark,” Korvall remembers.", ("Korvall", "remembers", "“It was dark,”")),
        (
            "In the words of one teacher, the reform is “a house without a roof”.",
            ("one teacher", "In the words of", "the reform is “a house without a roof”"),
        ),
        (
            "The radio quoted a neighbour as saying that the dog had barked.",
            ("a neighbour", "quoted | as saying", "that the dog had barked"),
        ),
        (
            "The claim by Dr. Noor Haddad that the well was poisoned is false.",
            ("Dr. Noor Haddad", "claim by", "that the well was poisoned"),
        ),
        (
            "“Is there any money left?” asked clerk Ada Finch.",
            ("clerk Ada Finch", "asked", "“Is there any money left?”"),
        ),
        (
            "Speaking for the town, Ada Finch, QC, said that, as it had rained, the pump was safe.",
            ("Ada Finch, QC", "said", "that, as it had rained, the pump was safe"),
        ),
        ("The sign at the gate read: Closed until May.", ("The sign at the gate", "read:", "Closed until May.")),
        (
            "The mayor wants “a clean break with the past”.",
            ("The mayor", "wants", "“a clean break with the past”"),
        ),
        ("By then Finch had admitted defeat.", ("Finch", "had admitted", "defeat")),
        (
            "“Nobody,” the coach, Ada Finch, told a news conference, “should play in that heat.”",
            ("the coach, Ada Finch", "told", "“Nobody,” | “should play in that heat.”"),
        ),
        (
            "“What we see,” said Dr. Maren Aldo, a doctor at the clinic in Orrin who took no part, “is the start.”",
            ("Dr. Maren Aldo", "said", "“What we see,” | “is the start.”"),
        ),
        (
            "In her book “The Long Dry,” Finch argues that rivers have rights.",
            ("Finch", "argues", "that rivers have rights"),
        ),
        (
            "Residents of the valley, many of whom have lived there for generations, say that nobody asked them.",
            ("Residents of the valley", "say", "that nobody asked them"),
        ),
        (
            "Finch warned that the storm “could be the worst in a generation.”",
            ("Finch", "warned", "that the storm “could be the worst in a generation.”"),
        ),
        (
            "Rumours that the bank was insolvent were denied by the regulator.",
            ("the regulator", "were denied by", "Rumours that the bank was insolvent"),
        ),
    ],
)
def test_speaker_cue_and_content_are_found(text: str, expected: tuple[str, str, str]) -> None:
    assert read(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "The “free” parking costs four crowns. The film “Harbour Lights” opens on Monday.",
        "The harbour act bans night fishing. It requires owners to register.",
        "She declined to answer. The mayor repeated her warning at a meeting.",
        "If the mayor says that the pool is shut, we go home.",
        "I think that the pool is shut.",
        "The ferry leaves at nine. It costs twelve crowns.",
        "The nurse asked not to be named.",
        "Security varied according to the size of the crowd.",
        "The act bars clerks from asking for papers, or denying help.",
        "The firm wants a “smart” bin.",
        "She painted a picture called “A Well to Keep.”",
    ],
)
def test_scare_quotes_titles_laws_and_thoughts_of_the_author_are_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "content"),
    [
        (
            "“The lights went out.\n\n“Then the dogs barked,” she said.",
            "“The lights went out. | “Then the dogs barked,”",
        ),
        (
            "“We had no choice,” said Mira Tolland. “It was late.\n\n“Nobody came.”",
            "“We had no choice,” | “It was late. | “Nobody came.”",
        ),
        ("”We never saw the permit“, said Hanne Brok.", "”We never saw the permit“"),
        ("‘It wasn’t a strike,’ Dell insisted. ‘It was a walk.’", "‘It wasn’t a strike,’ | ‘It was a walk.’"),
        ("«The vote was clean», said René Marang.", "«The vote was clean»"),
        ("“The lock was broken, caretaker Ivo Sand said. Nobody had seen it.", "“The lock was broken,"),
        ("The vote was clean,” said Ada Finch.", "The vote was clean,”"),
    ],
)
def test_quotation_marks_of_any_kind_are_paired(text: str, content: str) -> None:
    one = only(text)
    assert (words(text, one.content), one.type) == (content, AttributionType.DIRECT)


def test_second_hand_speech_has_the_outer_attribution_as_parent() -> None:
    text = "The Herald reported that Ruiz had called the plan “dead”."
    outer, inner = found(text)
    assert (words(text, outer.speaker), words(text, inner.speaker)) == ("The Herald", "Ruiz")
    assert (outer.parent, inner.parent) == (None, 0)
    assert (outer.type, inner.type) == (AttributionType.INDIRECT, AttributionType.MIXED)


def test_a_quotation_in_a_quotation_is_nested() -> None:
    text = "“He told me, ‘Go home,’” said welder Anouk Stel."
    assert [(words(text, one.content), one.parent) for one in found(text)] == [
        ("“He told me, ‘Go home,’”", None),
        ("‘Go home,’", 0),
    ]


def test_a_belief_is_no_statement() -> None:
    text = "Ada Finch said her client believes the contract was forged."
    assert [(one.mode, one.parent) for one in found(text)] == [(Mode.STATEMENT, None), (Mode.BELIEF, 0)]
    assert only("Farmers fear that the dam will flood their meadows.").mode == Mode.BELIEF


@pytest.mark.parametrize(
    ("text", "naming"),
    [
        ("Ada Finch said the well was dry.", Naming.NAMED),
        ("A clerk said the well was dry.", Naming.DESCRIBED),
        ("Residents said the well was dry.", Naming.COLLECTIVE),
        ("“It was dry,” said an official speaking on condition of anonymity.", Naming.ANONYMOUS),
        ("Sources close to her say the well was dry.", Naming.ANONYMOUS),
        ("A clerk who was not authorised to speak said the well was dry.", Naming.ANONYMOUS),
        ("It was said that the well was dry.", Naming.UNSPECIFIED),
    ],
)
def test_naming_tells_how_the_speaker_is_known(text: str, naming: Naming) -> None:
    assert only(text).naming == naming


def test_a_pronoun_is_named_as_the_person_it_stands_for() -> None:
    text = "Doctor Selma Roth came with her aide, Emil Strand. She said the ward was full. He added that it was cold."
    assert [(words(text, one.speaker), one.naming) for one in found(text)] == [
        ("She", Naming.NAMED),
        ("He", Naming.NAMED),
    ]
    assert [one.naming for one in found("A clerk came in. She said the well was dry.")] == [Naming.DESCRIBED]


@pytest.mark.parametrize(
    ("text", "negated", "mode"),
    [
        ("The ministry did not say how many permits had been refused.", True, Mode.STATEMENT),
        ("A spokesman declined to say whether the pool would open.", True, Mode.STATEMENT),
        ("Ruiz denied that he had met the builder.", False, Mode.STATEMENT),
        ("“Who paid for the boat?” asked Bram Iddings.", False, Mode.QUESTION),
        ("The mayor was asked whether the crane was safe.", False, Mode.QUESTION),
        ("The judge ordered the firm to pay.", False, Mode.DIRECTIVE),
    ],
)
def test_negation_and_mode_are_told(text: str, negated: bool, mode: Mode) -> None:
    assert (only(text).negated, only(text).mode) == (negated, mode)


def test_unmarked_speech_after_a_colon_is_direct() -> None:
    text = "The notice on the door reads: We are closed until Monday."
    one = only(text)
    assert (words(text, one.cue), words(text, one.content)) == ("reads:", "We are closed until Monday.")
    assert one.type == AttributionType.DIRECT


def test_turns_of_a_transcript_are_direct_and_run_to_the_end_of_the_line() -> None:
    text = "INTERVIEWER: When was that?\nHAVEL: About ten. I looked at the clock."
    assert read(text) == [
        ("INTERVIEWER", ":", "When was that?"),
        ("HAVEL", ":", "About ten. I looked at the clock."),
    ]
    assert [(one.mode, one.naming) for one in found(text)] == [
        (Mode.QUESTION, Naming.DESCRIBED),
        (Mode.STATEMENT, Naming.NAMED),
    ]


def test_several_turns_in_one_line_are_told_apart() -> None:
    text = "INTERVIEWER: When was that? HAVEL: About ten. I looked up. INTERVIEWER: Note: it was dark?"
    assert read(text) == [
        ("INTERVIEWER", ":", "When was that?"),
        ("HAVEL", ":", "About ten. I looked up."),
        ("INTERVIEWER", ":", "Note: it was dark?"),
    ]


def test_a_tag_after_a_quotation_wins_over_the_colon_before_it() -> None:
    text = "Brandt insists he is innocent: “I have nothing to hide,” he said."
    assert [(words(text, one.speaker), words(text, one.content)) for one in found(text)] == [
        ("Brandt", "he is innocent"),
        ("he", "“I have nothing to hide,”"),
    ]


def test_a_subject_after_as_speaks_and_not_the_one_before() -> None:
    text = "Crowds chanted “Shame!” as the mayor, flanked by guards, told them that the sale would go ahead."
    assert [(words(text, one.speaker), words(text, one.content)) for one in found(text)] == [
        ("Crowds", "“Shame!”"),
        ("the mayor", "that the sale would go ahead"),
    ]


def test_a_quotation_that_ended_is_not_of_the_speaker_of_the_next_sentence() -> None:
    text = "“We count,” Tesk tweeted. “We won.” By then Ada Finch had admitted defeat."
    assert [(words(text, one.speaker), words(text, one.content)) for one in found(text)] == [
        ("Tesk", "“We count,” | “We won.”"),
        ("Ada Finch", "defeat"),
    ]


@pytest.mark.parametrize(
    ("text", "antecedents"),
    [
        ("Clerk Ada Finch came in. She said the well was dry.", ["Clerk Ada Finch"]),
        ("Mayor Ada Finch came in. It was late. The mayor said the well was dry.", ["Mayor Ada Finch"]),
        ("The report is out. It says the well is dry.", ["The report"]),
        ("Critics accuse the mayor of hiding it. He says he is not.", ["", "the mayor"]),
        ("FINCH: Who is Bo Ek?\nEK: A cook.\n\nShe said no more than that the well was dry.", ["", "", "EK"]),
        ("The WHO is slow. WHO says the well is dry.", [""]),
        ("The mayor said the well was dry. They said no.", [""]),
    ],
)
def test_a_pronoun_or_a_role_leads_to_the_mention_it_stands_for(text: str, antecedents: list[str]) -> None:
    assert [words(text, one.antecedent) for one in found(text)] == antecedents


def test_the_colon_of_a_headline_paraphrases_unless_it_names_a_place() -> None:
    body = "\n\nThe talks in Tessaly go on."
    assert read("Brandvold: Strike could last all summer" + body) == [
        ("Brandvold", ":", "Strike could last all summer")
    ]
    assert only("Brandvold: Strike could last all summer" + body).type == AttributionType.INDIRECT
    assert found("Tessaly: Strike could last all summer" + body) == []


def test_offsets_are_code_points_of_the_text_as_it_is() -> None:
    text = "Fire 👨🏻‍🚒\u2028\r\n\r\n\tThe e\u0301lan  rose, 🙂\xa0said  Rene\u0301  Marang .\n"
    assert words(text, only(text).speaker) == "Rene\u0301  Marang"


def test_known_blocks_are_kept() -> None:
    text = "“It is dry,” said Ada Finch. The well is old."
    given = suggest(text, blocks=blocks(text))
    assert given == suggest(text)
    assert [(one.start, one.end) for one in given.sentences] == [(one.start, one.end) for one in segment(text)]


def test_a_language_without_rules_has_no_suggestions() -> None:
    german, english = suggest_many([("„Es ist leer“, sagte sie.", "de"), ("“Dry,” said Finch.", "en")])
    assert (german.attributions, german.sentences) == ((), ())
    assert english.attributions


def test_texts_stream_in_order_and_alone_or_together_give_the_same() -> None:
    texts = [f"“Well {number} is dry,” said Ada Finch." for number in range(40)]
    assert list(suggest_many((text, "en") for text in texts)) == [suggest(text) for text in texts]


def test_the_engine_names_rules_and_pipeline() -> None:
    assert engine().startswith("annotator-suggest ")
    assert "core_web_sm" in engine()
