"""Guidelines in the browser: rules with the decisions that cite them, new versions, labels under the old ones."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest

from annotator.services import adjudication, guidelines
from annotator.services.adjudication import Decision
from annotator.services.history import Actor
from db.engine import Database
from db.models import Assignment
from db.queries import guidelines as stored
from db.vocabulary import Label
from tests import factories as f
from tests.web.conftest import Person, SignIn, fields_of

QUESTION = "1. **Who speaks?** Somebody else: quote.\n"
NEW = f"# Our rules\n\n{QUESTION}\n**Voice.** Say whose it is.\n"


@dataclass(frozen=True)
class Scene:
    """Two reviewers have labelled a sentence differently; a lead has decided it by a rule. Ben has finished."""

    database: Database
    lead: Person
    other: Person
    ada: Person
    ben: Person
    article: str
    sentence: str

    def form(self, who: Person | None = None) -> dict[str, str]:
        return fields_of((who or self.lead).get("/guidelines/edit").text, "/guidelines")

    def save(self, body: str = NEW, **fields: str) -> Any:
        return self.lead.post("/guidelines", {**self.form(), "body": body, **fields})

    def active(self) -> tuple[str, str]:
        with self.database.read() as session:
            guideline = stored.active(session)
            return guideline.version, guideline.body


@pytest.fixture
def scene(database: Database, sign_in: SignIn) -> Scene:
    with database.write() as session:
        lead, other = f.make_lead(session, "Lena"), f.make_lead(session, "Otto")
        ada, ben = f.make_reviewer(session, "Ada"), f.make_reviewer(session, "Ben")
        article = f.make_article(session, title="The ferry stays")
        sentence = f.sentences_of(session, article)[1]
        f.annotate(session, sentence, ada, ("quote",))
        f.annotate(session, sentence, ben, ("opinion",), note="It <b>judges</b>.")
        decision = Decision(labels=frozenset({Label.QUOTE}), reason="A cue.", guideline_rule="1.0, question 1")
        adjudication.decide(session, Actor(lead.id), sentence.uid, decision, revision=0)
        mine = session.exec(f.select(Assignment).where(Assignment.reviewer_id == ben.id)).one()
        mine.state, mine.finished_at = "finished", f.AT
    people = (sign_in(person) for person in (lead, other, ada, ben))
    return Scene(database, *people, article.uid, sentence.uid)


def test_the_guidelines_link_each_rule_with_its_decisions(scene: Scene) -> None:
    page = scene.lead.get("/guidelines").text
    assert 'id="r-question-1"' in page
    assert 'id="r-voice"' in page
    rules = page[page.index('id="rules"') :]
    found = re.findall(r'href="/guidelines/rules/([\w-]+)">[^<]+</a>(?:<span class="soft push">(\d+))?', rules)
    assert dict(found)["question-1"] == "1"
    assert dict(found)["voice"] == ""


def test_a_rule_lists_the_decisions_that_cite_it_with_what_they_went_against(scene: Scene) -> None:
    page = scene.lead.get("/guidelines/rules/question-1").text
    assert "Does somebody other than the author speak or write here?" in page
    assert "The pier is unsafe" in page
    assert "A cue." in page
    assert "against 1 of 2 answers" in page
    assert "It &lt;b&gt;judges&lt;/b&gt;." in page
    assert f'href="/adjudication/{scene.sentence}"' in page
    assert "No decision cites it yet" in scene.lead.get("/guidelines/rules/voice").text
    assert scene.lead.get("/guidelines/rules/no-such-rule").status_code == 404


def test_a_reviewer_sees_decisions_of_finished_articles_only_and_nobodys_name(scene: Scene) -> None:
    there = scene.ben.get("/guidelines/rules/question-1").text
    assert f'href="/articles/{scene.article}?s=2#s-2"' in there
    assert "/adjudication/" not in there
    assert "Ada" not in there
    still_reading = scene.ada.get("/guidelines/rules/question-1").text
    assert "The pier is unsafe" not in still_reading
    assert "No decision in the articles that you have finished" in still_reading
    assert '<span class="soft push">1' not in scene.ada.get("/guidelines").text


def test_a_case_leads_to_the_rule_and_the_rule_back_to_the_case(scene: Scene) -> None:
    case = scene.lead.get(f"/adjudication/{scene.sentence}").text
    (link,) = set(re.findall(r'href="(/guidelines/rules/question-3\?case=[^"]+)"', case))
    page = scene.lead.get(link).text
    assert f'href="/adjudication/{scene.sentence}"' in page
    (back,) = re.findall(r'href="(/adjudication/[^"]+\?rule=[^"]+)"', page)
    again = fields_of(scene.lead.get(unescape(back)).text, f"/adjudication/{scene.sentence}")
    assert again["rule"] == "Question 3"
    assert scene.ben.get(link).text.count("/adjudication/") == 0


def test_words_that_are_no_rule_are_listed_and_have_a_page_too(scene: Scene) -> None:
    with scene.database.write() as session:
        other = f.sentences_of(session, session.get_one(f.Article, 1))[2]
        decision = Decision(labels=frozenset({Label.CLAIM}), guideline_rule="deletion test")
        adjudication.decide(session, Actor(scene.lead.reviewer.id), other.uid, decision, revision=0)
    assert 'href="/guidelines/rules/deletion-test">deletion test</a>' in scene.lead.get("/guidelines").text
    page = scene.lead.get("/guidelines/rules/deletion-test").text
    assert "No version of the guidelines has a rule of this name" in page
    assert "Two ferries a day" in page


def test_a_preview_shows_what_changes_and_stores_nothing(scene: Scene) -> None:
    text = scene.form()["body"].replace("4. **N", "Gone **N")
    answer = scene.lead.post("/guidelines", {**scene.form(), "body": text, "preview": "1"})
    assert answer.status_code == 200
    assert '<del><span class="vh">[gone: </span>4.' in answer.text
    assert "Gone" in answer.text
    assert fields_of(answer.text, "/guidelines")["body"] == text
    assert "Cited, and not in this text" not in answer.text
    without = scene.lead.post("/guidelines", {**scene.form(), "body": "Nothing.", "preview": "1"}).text
    assert 'href="/guidelines/rules/question-1" target="_blank"' in without[without.index("Cited, and not") :]
    assert scene.active()[0] == "1.0"


@pytest.mark.parametrize("ask", ["post", "htmx"])
def test_saving_makes_a_version_and_lists_the_labels_made_under_the_old_one(scene: Scene, ask: str) -> None:
    answer = getattr(scene.lead, ask)("/guidelines", {**scene.form(), "body": NEW})
    assert (answer.status_code, answer.headers["location"]) == (303, "/guidelines/labels?version=1.0&saved=1")
    assert scene.active() == ("1.1", NEW)
    page = scene.lead.get(answer.headers["location"]).text
    assert "2 labels made under 1.0" in page
    assert "Version 1.1 is saved and in force" in page
    links = [
        unescape(link) for link in re.findall(r'href="(/guidelines/labels\?version=1.0&amp;reviewer=[^"]+)"', page)
    ]
    assert len(links) == 2
    one = scene.lead.get(links[1]).text
    assert "Ben, The ferry stays" in one
    assert "Opinion" in one
    assert f'href="/adjudication/{scene.sentence}"' in one


def test_a_reviewer_sees_their_own_labels_under_the_old_version(scene: Scene) -> None:
    scene.save()
    page = scene.ada.get("/guidelines/labels?version=1.0").text
    assert "1 label made under 1.0" in page
    assert "Ben" not in page
    (link,) = re.findall(r'href="(/guidelines/labels\?version=1.0&amp;reviewer=[^"]+)"', page)
    assert f'href="/articles/{scene.article}?s=2#s-2"' in scene.ada.get(unescape(link)).text
    of_ben = f"/guidelines/labels?version=1.0&reviewer={scene.ben.reviewer.uid}&article={scene.article}"
    assert scene.ada.get(of_ben).status_code == 404
    assert scene.lead.get(of_ben).status_code == 200


def test_older_versions_stay_readable_with_what_changed(scene: Scene) -> None:
    scene.save(scene.form()["body"].replace("Paraphrase counts.", "A paraphrase counts."))
    old = scene.ada.get("/guidelines?version=1.0").text
    assert "An older version: new work is done under 1.1" in old
    assert "Paraphrase counts." in old
    changed = scene.ada.get("/guidelines/changes?old=1.0&new=1.1").text
    assert '<ins><span class="vh">[new: </span>A paraphrase' in changed
    assert changed == scene.ada.get("/guidelines/changes").text
    assert "Not a word differs" in scene.ada.get("/guidelines/changes?old=1.1&new=1.1").text
    versions = scene.ada.get("/guidelines/versions").text
    assert re.findall(r'<a href="(/guidelines\?version=1.0)">1.0</a>', versions)
    for address in ("?version=9", "/changes?old=9", "/labels?version=9"):
        assert scene.ada.get(f"/guidelines{address}").status_code == 404


def test_a_rule_that_is_gone_is_read_as_the_last_version_had_it(scene: Scene) -> None:
    scene.save("# Other\n\nNo rules.\n")
    page = scene.lead.get("/guidelines/rules/question-1").text
    assert "not in the version in force" in page
    assert 'href="/guidelines?version=1.0#r-question-1"' in page


def test_of_two_leads_who_write_at_once_the_second_is_refused_and_keeps_the_text(scene: Scene) -> None:
    mine, theirs = scene.form(), scene.form(scene.other)
    assert scene.lead.post("/guidelines", {**mine, "body": NEW}).status_code == 303
    answer = scene.other.post("/guidelines", {**theirs, "body": NEW + "Mine.\n"})
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
    assert "Version 1.1 came into force while you were writing over 1.0" in answer.text
    assert '<ins><span class="vh">[new: </span>Mine.' in answer.text
    again = fields_of(answer.text, "/guidelines")
    assert (again["body"], again["based_on"], again["version"]) == (NEW + "Mine.\n", "1.1", "1.2")
    assert scene.active() == ("1.1", NEW)
    assert scene.other.post("/guidelines", again).status_code == 303
    assert scene.active() == ("1.2", NEW + "Mine.\n")


@pytest.mark.parametrize(
    ("body", "version", "words"),
    [
        (" \n", "1.1", "without words"),
        (NEW, "1.0", "There is a version 1.0 already"),
        (NEW, "<b>", "A version is named by"),
        ("x" * 200_001, "1.1", "at most 200,000 characters"),
    ],
)
def test_a_text_that_cannot_be_comes_back_as_it_was_typed(scene: Scene, body: str, version: str, words: str) -> None:
    answer = scene.save(body, version=version)
    assert answer.status_code == 422
    assert words in unescape(answer.text)
    assert 'aria-invalid="true"' in answer.text
    again = fields_of(answer.text, "/guidelines")
    assert (again["body"], again["version"]) == (body, version)
    assert scene.active()[0] == "1.0"


def test_a_repeated_form_is_answered_alike_and_stores_nothing_twice(scene: Scene) -> None:
    form = {**scene.form(), "body": NEW}
    answers = [scene.lead.post("/guidelines", form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    with scene.database.read() as session:
        assert [version.guideline.version for version in stored.versions(session)] == ["1.1", "1.0"]


def test_a_text_with_windows_line_ends_and_strange_characters_is_kept(scene: Scene) -> None:
    strange = "# \u0645\u0631\u062d\u0628\u0627 👩🏽\u200d🚒\r\n\r\n1. **e\u0301\u2028?** yes\r\n"
    assert scene.save(strange).status_code == 303
    assert scene.active()[1] == strange.replace("\r\n", "\n")
    assert "👩🏽\u200d🚒" in scene.ada.get("/guidelines").text


def test_what_the_command_line_sets_is_what_people_read(scene: Scene) -> None:
    with scene.database.write() as session:
        guidelines.change(session, Actor(None), NEW, "2", based_on=None)
    assert "version 2" in scene.ada.get("/guidelines").text
