"""Speakers: who said what, other names, merging; each visitor sees what they may."""

import re

import pytest
from sqlmodel import select

from db.engine import Database
from db.models import Event, Speaker
from tests import factories
from tests.web.conftest import SignIn
from tests.web.work import Work, gold_without_attribution, recorded


@pytest.fixture
def work(database: Database, sign_in: SignIn) -> Work:
    return recorded(database, sign_in)


def said(page: str) -> list[str]:
    """The words that a page says were said."""
    return re.findall(r"<mark>([^<]+)</mark>", page)


def test_a_reviewer_at_work_sees_only_their_own_statements(work: Work) -> None:
    page = work.anna.get(work.speaker_url).text
    assert said(page) == ["The pier is unsafe"]
    assert "Ben" not in page
    assert "two ferries" not in page
    assert "One statement in one article: one direct." in page


def test_who_has_finished_sees_the_others_too(work: Work) -> None:
    page = work.ben.get(work.speaker_url).text
    assert said(page) == ["The pier is unsafe", "two ferries were late"]
    assert "· by Anna" in page
    assert "· by Ben" not in page


def test_a_lead_sees_everybodys_work_with_names(work: Work) -> None:
    page = work.lead.get(work.speaker_url).text
    assert said(page) == ["The pier is unsafe", "two ferries were late"]
    assert "· by Anna" in page
    assert "· by Ben" in page
    assert "Two statements in one article: one direct and one indirect. Two hold a claim, with a source." in page


def test_gold_replaces_reviewers_work_but_not_for_who_is_still_at_work(work: Work) -> None:
    gold_without_attribution(work, 2)
    assert said(work.lead.get(work.speaker_url).text) == ["two ferries were late"]
    assert said(work.ben.get(work.speaker_url).text) == ["two ferries were late"]
    assert said(work.anna.get(work.speaker_url).text) == ["The pier is unsafe"]


def test_what_somebody_else_recorded_does_not_exist_before_finishing(work: Work) -> None:
    other = f"/speakers/{work.other}"
    hidden, absent = work.anna.get(other), work.anna.get("/speakers/spk_0000000000000000")
    assert (hidden.status_code, absent.status_code) == (404, 404)
    assert "the chief" not in hidden.text
    assert "the chief" not in work.anna.get("/speakers").text
    assert "the chief" not in work.anna.get(work.speaker_url).text
    assert work.anna.post(f"{other}/aliases", {"alias": "x"}).status_code == 404
    assert work.anna.post(f"{work.speaker_url}/merge", {"into": work.other}).status_code == 404
    assert work.ben.get(other).status_code == 200


def test_who_reads_nothing_sees_nobody(work: Work) -> None:
    assert "Nobody has been quoted yet." in work.outsider.get("/speakers").text
    assert work.outsider.get(work.speaker_url).status_code == 404


def test_a_statement_says_how_it_is_reported_and_links_to_its_sentence(work: Work) -> None:
    page = work.ben.get(work.speaker_url).text
    assert f'<a href="/articles/{work.article}?s=2">Sentence 2</a> · said · direct' in page
    assert f'<a href="/articles/{work.article}?s=4">Sentence 4</a> · wrote · indirect · as “She”' in page
    assert "as “Ida Holm”" not in page
    assert re.search(r"Supports</span> 1 source", page)
    assert re.search(r"Refutes</span> 1 source", page)


def test_filters_list_claims_and_what_has_no_source(work: Work) -> None:
    with work.database.write() as session:
        speaker = session.exec(select(Speaker).where(Speaker.uid == work.speaker)).one()
        article = factories.make_article(session, "A note\n\nHolm says it is open.")
        quoted = factories.annotate(session, factories.sentences_of(session, article)[1], work.ben.reviewer, ("quote",))
        factories.make_attribution(session, quoted, speaker_id=speaker.id)
        other = factories.make_article(session, "Another note\n\nHolm says it has two piers.")
        claimed = factories.annotate(
            session, factories.sentences_of(session, other)[1], work.ben.reviewer, ("quote", "claim")
        )
        factories.make_attribution(session, claimed, speaker_id=speaker.id)
    count = {
        show: len(said(work.ben.get(f"{work.speaker_url}?show={show}").text)) for show in ("all", "claim", "unsourced")
    }
    assert count == {"all": 4, "claim": 3, "unsourced": 1}
    assert "Three hold a claim, one of them without a source yet." in work.ben.get(work.speaker_url).text


def test_the_same_statement_of_two_reviewers_is_one_with_both_names(work: Work) -> None:
    with work.database.write() as session:
        speaker = factories.make_speaker(session, "Rosa Quist")
        article = factories.make_article(session, "A note\n\nQuist says it is open.")
        for person, labels in ((work.anna, ("quote",)), (work.ben, ("quote", "opinion"))):
            row = factories.annotate(session, factories.sentences_of(session, article)[1], person.reviewer, labels)
            factories.make_attribution(session, row, speaker_id=speaker.id)
    page = work.lead.get(f"/speakers/{speaker.uid}").text
    assert len(said(page)) == 1
    assert "· by Anna, Ben" in page


def test_a_statement_outside_its_sentence_names_where_the_cue_is(work: Work) -> None:
    with work.database.write() as session:
        speaker = factories.make_speaker(session, "Rosa Quist")
        text = "A note\n\n“It is open. It has two piers,” Quist says."
        article = factories.make_article(session, text)
        row = factories.annotate(session, factories.sentences_of(session, article)[1], work.ben.reviewer, ("quote",))
        place = (text.index("says"), text.index("says") + 4)
        content = (text.index("It is"), text.index("piers") + 5)
        factories.make_attribution(session, row, speaker_id=speaker.id, cue=[place], content=[content])
    page = work.ben.get(f"/speakers/{speaker.uid}").text
    assert "running quote, cue in 3" in page
    assert said(page) == ["It is open."]


def test_a_name_is_added_counted_and_taken_away(work: Work) -> None:
    answer = work.ben.post(f"{work.speaker_url}/aliases", {"alias": "  she "})
    assert (answer.status_code, answer.headers["location"]) == (303, work.speaker_url)
    page = work.ben.get(work.speaker_url).text
    found = re.search(r'>she</span> <span class="soft small">(\d+)', page)
    assert found
    assert found[1] == "1"
    action = re.search(r'action="(/speakers/\w+/aliases/\d+/delete)"', page)
    assert action
    assert work.ben.post(action[1]).status_code == 303
    assert "No other name yet." in work.ben.get(work.speaker_url).text
    assert work.ben.post(action[1]).status_code == 404


def test_an_empty_name_comes_back_with_the_reason(work: Work) -> None:
    answer = work.ben.post(f"{work.speaker_url}/aliases", {"alias": "Ida HOLM"})
    assert answer.status_code == 422
    assert "That is the name the speaker has already." in answer.text
    assert 'value="Ida HOLM"' in answer.text


def test_a_merge_says_first_what_moves_and_can_be_undone(work: Work) -> None:
    before = _events(work)
    page = work.lead.get(f"{work.speaker_url}/merge?other={work.other}").text
    assert "Is the chief the same as Ida Holm?" in page
    assert "1 of the chief" in page
    assert f'action="/speakers/{work.other}/merge"' in page
    assert _events(work) == before
    answer = work.lead.post(f"/speakers/{work.other}/merge", {"into": work.speaker})
    assert (answer.status_code, answer.headers["location"]) == (303, work.speaker_url)
    merged = work.lead.get(work.speaker_url).text
    assert said(merged) == ["The pier is unsafe", "two ferries were late"]
    assert "The same as" in work.lead.get(f"/speakers/{work.other}").text
    assert "the chief" not in re.sub(r"<main.*?</h1>", "", work.lead.get("/speakers").text)
    assert work.lead.post(f"/speakers/{work.other}/unmerge").status_code == 303
    assert said(work.lead.get(f"/speakers/{work.other}").text) == ["two ferries were late"]


def _events(work: Work) -> int:
    with work.database.read() as session:
        return len(session.exec(select(Event.id)).all())


def test_a_reviewer_learns_of_a_merged_speaker_only_what_is_theirs_to_see(work: Work) -> None:
    work.lead.post(f"/speakers/{work.other}/merge", {"into": work.speaker})
    page = work.anna.get(work.speaker_url).text
    assert "the chief" not in page
    assert said(page) == ["The pier is unsafe"]


@pytest.mark.parametrize("other", ["", "spk_0000000000000000", "self"])
def test_a_merge_with_nobody_is_not_there(work: Work, other: str) -> None:
    name = work.speaker if other == "self" else other
    assert work.lead.get(f"{work.speaker_url}/merge?other={name}").status_code == 404
    assert work.lead.post(f"{work.speaker_url}/merge", {"into": name}).status_code in (404, 409)


def test_the_list_finds_by_words_of_the_name(work: Work) -> None:
    page = work.lead.get("/speakers?q=holm+ida").text
    assert re.findall(r'class="t"[^>]*>([^<]+)<', page) == ["Ida Holm"]
    assert "2 sentences" in page
    assert "Nobody is called “&lt;b&gt;”" in work.lead.get("/speakers?q=<b>").text


def test_names_are_shown_literally(work: Work) -> None:
    with work.database.write() as session:
        factories.make_speaker(session, "<img src=x onerror=alert(1)>")
    page = work.lead.get("/speakers").text
    assert "<img" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page
