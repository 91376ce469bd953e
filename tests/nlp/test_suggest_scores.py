"""Scores of sentences, and the evaluator; all sentences are invented."""

import json
from pathlib import Path

import numpy as np
import pytest

from annotator.nlp import evaluate_suggestions
from annotator.nlp.model import train_suggestions
from annotator.nlp.scores import WEIGHTS
from annotator.nlp.suggest import Scores, suggest

UNSEEN = Path(__file__).with_name("claims_unseen.jsonl")  # not among the sentences the weights were learnt from


def score(text: str) -> Scores:
    (one,) = suggest(text).sentences
    return one


@pytest.mark.parametrize(
    "text",
    [
        "The ferry carried 41,000 passengers in 2022.",
        "“We lost a third of our staff last year,” clinic director Ana Ruiz said.",
        "The harbour act bans night fishing.",
    ],
)
def test_what_evidence_could_show_is_scored_as_a_claim(text: str) -> None:
    assert score(text).claim >= 0.5
    assert any(reason.startswith("claim: ") for reason in score(text).why)


@pytest.mark.parametrize(
    "text", ["Who paid for it?", "Sign up for our newsletter.", "The minister asked teachers to be patient.", "Enough!"]
)
def test_questions_orders_and_boilerplate_are_no_claims(text: str) -> None:
    assert score(text).claim < 0.5
    assert not any(reason.startswith("claim: ") for reason in score(text).why)


def test_that_somebody_said_it_does_not_make_a_claim() -> None:
    said = "“How awful,” said harbour office director Ana Ruiz of Port Orrin."
    assert score(said).claim < score(said.replace("How awful", "Two ferries sank in May")).claim


def test_quote_follows_the_attributions() -> None:
    assert score("“The well is dry,” said Ada Finch.").quote >= 0.9
    assert score("Ada Finch said the well is dry.").why[-1] == "quote: reporting verb said"
    assert score("Farmers fear that the dam will flood their meadows.").quote < 0.5
    assert score("The ferry leaves at nine.").quote < 0.1
    first, second = suggest("“The well is dry. The pump is broken,” said Ada Finch.").sentences
    assert min(first.quote, second.quote) >= 0.9


def test_judging_words_make_an_opinion_and_are_named() -> None:
    opinion = score("This absurd plan is a disgrace, and we must surely stop it!")
    assert opinion.opinion >= 0.5
    assert "opinion: damning word" in opinion.why
    assert score("The ferry carried 41,000 passengers in 2022.").opinion < 0.5


def test_unseen_sentences_are_mostly_told_apart(capsys: pytest.CaptureFixture[str]) -> None:
    evaluate_suggestions.main([str(UNSEEN), "--verbose"])
    lines = capsys.readouterr().out
    claims = next(line for line in lines.splitlines() if line.startswith("claim True"))
    assert float(claims.split("F1")[1]) >= 0.8
    assert float(lines.split("AUC")[1].split()[0]) >= 0.87


@pytest.mark.parametrize("name", ["attributions_seen", "attributions_unseen"])
def test_attributions_of_invented_news_are_found_and_few_are_made_up(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    evaluate_suggestions.main([str(UNSEEN.with_name(f"{name}.jsonl"))])
    scores = {line[:15].strip(): line[16:].split() for line in capsys.readouterr().out.splitlines()}
    precision, recall, f1 = (float(scores["relations"][place]) for place in (1, 3, 5))
    assert (precision >= 0.88, recall >= 0.68, f1 >= 0.77) == (True, True, True)
    assert float(scores["quoted content"][5]) >= 0.9
    assert float(scores["speaker"][0]) >= 0.96
    assert float(scores["exact content"][0]) >= 0.72


def test_the_evaluator_counts_what_is_right_missing_and_too_many(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "“The well is dry,” said Ada Finch. The mayor said it was full."
    gold = {"speaker": [[24, 33]], "cue": [[19, 23]], "content": [[0, 18]], "type": "direct", "mode": "statement"}
    missed = {**gold, "speaker": [], "cue": [[60, 61]], "content": [[58, 59]]}
    rest = {"naming": "named", "negated": False, "parent": None}
    file = tmp_path / "gold.jsonl"
    document = {"doc_id": "a", "text": text, "attributions": [{**gold, **rest}, {**missed, **rest}]}
    file.write_text(json.dumps(document) + "\n", "utf-8")
    evaluate_suggestions.main([str(file), "--verbose"])
    lines = capsys.readouterr().out
    assert "relations       P 0.500  R 0.500  F1 0.500  of 2" in lines
    assert "exact content   1.000" in lines
    assert "a missing: " in lines
    assert "a too many: " in lines


def test_training_gives_the_shipped_shape_and_the_same_weights_each_time(tmp_path: Path) -> None:
    lines = [
        {"text": f"The council bought {number} boats in 19{number}.", "label": "OBJ"} for number in range(70, 82)
    ] + [{"text": f"Line {number} is a shameful, utterly absurd farce!", "label": "SUBJ"} for number in range(12)]
    data = tmp_path / "train.jsonl"
    data.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    outs = [tmp_path / "one.json", tmp_path / "two.json"]
    for out in outs:
        train_suggestions.main([str(data), "--out", str(out)])
    one, shipped = (json.loads(path.read_text("utf-8")) for path in (outs[0], WEIGHTS))
    assert outs[0].read_bytes() == outs[1].read_bytes()
    assert one["weights"]["claim"] == pytest.approx(shipped["weights"]["claim"], abs=0.02)
    assert one["weights"]["opinion"]["damning word"] > 0
    assert "CC BY 4.0" in shipped["credit"]


def test_articles_of_the_corpus_end_with_the_sentences_that_were_argued_about() -> None:
    argued = [False, True, True, False, False, True, False]
    assert train_suggestions.articles([{"solved_conflict": one} for one in argued]).tolist() == [0, 0, 0, 1, 1, 1, 2]


def test_the_fit_separates_what_can_be_separated() -> None:
    signs = np.array([[1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]] * 100)
    first, second, bias = train_suggestions.fitted(signs, signs[:, 0] > 0, "opinion")
    assert first > 1
    assert abs(second) < 0.1
    assert bias < 0
