"""From a number in the report to its sentences, to the case, the decision, the gold, the rule, and the export."""

import json
import re
from html import unescape
from pathlib import Path

from annotator.domain.changes import Change
from annotator.export import validate
from annotator.services import annotations
from annotator.services.history import Actor
from db.engine import Database
from tests import factories as f
from tests.conftest import Command
from tests.reports.test_disagreements import TABLE, fill
from tests.web.conftest import Person, SignIn, fields_of


def follow(lead: Person, href: str) -> str:
    answer = lead.get(unescape(href).partition("#")[0])
    assert answer.status_code == 200
    return str(answer.text)


def test_a_number_leads_to_its_sentence_its_decision_its_gold_and_the_export(
    database: Database, sign_in: SignIn, command: Command, tmp_path: Path
) -> None:
    with database.write() as session:
        article = fill(session, TABLE)
        sentences = [sentence.uid for sentence in f.sentences_of(session, article)]
        people = {reviewer.name: reviewer for reviewer in session.exec(f.select(f.Reviewer))}
        person = f.make_lead(session, "Lena")
    lead = sign_in(person)
    # the number, and the sentences behind it
    report = follow(lead, "/disagreements")
    cells = dict(re.findall(r'href="(/disagreements\?cell=[^"#]+)[^>]*>([\d.]+)<', report))
    href = next(address for address in cells if {"claim%2Bquote", "quote"} == set(address.split("=")[1].split(".")))
    assert float(cells[href]) > 0
    page = follow(lead, href)
    cases = re.findall(r'href="(/adjudication/sen_[^"]+)"', page)
    (case,) = [address for address in cases if sentences[1] in address]
    url = f"/adjudication/{sentences[1]}"
    # the case, with the minority's reason, and the decision
    with database.write() as session:
        for name in ("Ada", "Ben", "Cleo"):
            change = Change(note=f"{name} has a reason.")
            annotations.save(session, Actor(people[name].id), sentences[1], change, revision=1)
    form = fields_of(follow(lead, case), url)
    rule = follow(lead, "/guidelines/rules/question-1")
    assert "No decision cites it yet" in rule
    before = lead.get("/disagreements.json").json()
    decision = {**form, "label": ["quote"], "reason": "The words are hers.", "rule": "1"}
    assert lead.post(url, decision).status_code == 303
    # the report, the rule and the case say so
    after = lead.get("/disagreements.json").json()
    assert (before["disputed"]["decided"], after["disputed"]["decided"]) == (0, 1)
    assert "The words are hers." in follow(lead, "/guidelines/rules/question-1")
    kept = follow(lead, url).partition("Kept with the decision")[2]
    # the export: gold with the reason, and beside it what it went against with theirs
    texts = lead.get("/export/sentences.jsonl").text.splitlines()
    (line,) = [line for line in map(json.loads, texts) if line["id"] == sentences[1]]
    gold = line["gold"]
    assert (line["primary_label"], gold["labels"], gold["note"]) == ("quote", ["quote"], "The words are hers.")
    assert (gold["method"], gold["adjudicator_id"]) == ("adjudicated", lead.reviewer.uid)
    others = [one for one in line["annotations"] if one["labels"] != ["quote"]]
    assert others
    names = {person.uid: name for name, person in people.items()}
    for one in others:
        assert one["note"] == f"{names[one['reviewer_id']]} has a reason."
        assert one["note"] in kept
    # the command writes the same bytes, and they are valid
    assert command("export", str(tmp_path / "corpus")).exit_code == 0
    assert (tmp_path / "corpus" / "sentences.jsonl").read_text("utf-8").splitlines() == texts
    assert list(validate.validate(tmp_path / "corpus")) == []
