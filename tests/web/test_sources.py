"""Sources: what proves what, merging; each visitor sees what they may."""

import re

import pytest
from sqlmodel import select

from db.engine import Database
from db.models import Annotation, Source
from tests import factories
from tests.web.conftest import SignIn
from tests.web.work import Work, gold_without_attribution, recorded


@pytest.fixture
def work(database: Database, sign_in: SignIn) -> Work:
    return recorded(database, sign_in)


def excerpts(page: str) -> list[str]:
    return re.findall(r'<p class="meta">[^<]*“([^”]+)”</p>', page)


def test_a_reviewer_at_work_sees_only_their_own_evidence(work: Work) -> None:
    page = work.anna.get(work.source_url).text
    assert excerpts(page) == ["pile 4 is rotten"]
    assert "Used for one claim: it supports it." in page
    assert "Ben" not in page


def test_who_has_finished_and_the_lead_see_all_of_it(work: Work) -> None:
    for person, by in ((work.ben, "· by Anna"), (work.lead, "· by Ben")):
        page = person.get(work.source_url).text
        assert excerpts(page) == ["pile 4 is rotten", "one ferry was late"]
        assert "Used for two claims in one article: it supports one and refutes one." in page
        assert by in page


def test_gold_replaces_reviewers_work_but_not_for_who_is_still_at_work(work: Work) -> None:
    gold_without_attribution(work, 2)
    assert excerpts(work.lead.get(work.source_url).text) == ["one ferry was late"]
    assert excerpts(work.anna.get(work.source_url).text) == ["pile 4 is rotten"]


def test_evidence_counts_only_while_the_claim_label_is_set(work: Work) -> None:
    with work.database.write() as session:
        row = session.exec(select(Annotation).where(Annotation.reviewer_id == work.anna.reviewer.id)).one()
        row.is_claim, row.claim_voice = False, None
    assert work.anna.get(work.source_url).status_code == 404
    assert excerpts(work.lead.get(work.source_url).text) == ["one ferry was late"]


def test_what_somebody_else_found_does_not_exist_before_finishing(work: Work) -> None:
    hidden = work.anna.get(f"/sources/{work.second}")
    assert hidden.status_code == 404
    assert "Copy of the log" not in work.anna.get("/sources").text
    assert "Copy of the log" not in work.anna.get(work.source_url).text
    assert work.anna.post(f"{work.source_url}/merge", {"into": work.second}).status_code == 404
    assert work.outsider.get(work.source_url).status_code == 404
    assert "No source yet." in work.outsider.get("/sources").text


def test_an_address_is_a_link_only_when_it_leads_to_the_web(work: Work) -> None:
    page = work.lead.get(work.source_url).text
    link = '<a href="https://pier.example/log?a=1&amp;b=2" rel="noopener noreferrer nofollow">'
    assert link in page
    other = work.lead.get(f"/sources/{work.second}").text
    assert "javascript:alert(1)" in other
    assert 'href="javascript' not in other


def test_a_claim_says_whose_it_is_and_where_it_stands(work: Work) -> None:
    page = work.lead.get(work.source_url).text
    assert f'<a href="/articles/{work.article}?s=2">sentence 2</a>' in page
    assert "p. 3: “pile 4 is rotten”" in page
    assert ">Supports</span>" in page.replace("</svg>Supports", ">Supports")


def test_where_an_article_leans_on_a_source_is_listed(work: Work) -> None:
    with work.database.write() as session:
        source = factories.make_source(session, "Harbour act")
        article = factories.make_article(session, "A note\n\nQuist cites the act.")
        row = factories.annotate(session, factories.sentences_of(session, article)[1], work.ben.reviewer, ("quote",))
        quist = factories.make_speaker(session, "Rosa Quist")
        factories.make_attribution(session, row, speaker_id=quist.id, source_id=source.id)
    page = work.ben.get(f"/sources/{source.uid}").text
    assert "Mentioned, but no evidence for a claim yet." in page
    assert f'by <a href="/speakers/{quist.uid}">Rosa Quist</a>' in page
    assert "Harbour act" in work.ben.get("/sources").text
    assert work.anna.get(f"/sources/{source.uid}").status_code == 404


def test_a_merge_says_first_what_moves_and_can_be_undone(work: Work) -> None:
    page = work.lead.get(f"{work.source_url}/merge?other={work.second}").text
    assert "1 piece" in page
    assert f'action="/sources/{work.second}/merge"' in page
    answer = work.lead.post(f"/sources/{work.second}/merge", {"into": work.source})
    assert (answer.status_code, answer.headers["location"]) == (303, work.source_url)
    assert "Used for three claims in one article" in work.lead.get(work.source_url).text
    assert "The same as" in work.lead.get(f"/sources/{work.second}").text
    work.lead.post(f"/sources/{work.second}/unmerge")
    assert "Used for two claims in one article" in work.lead.get(work.source_url).text


def test_the_list_finds_by_words_of_the_title(work: Work) -> None:
    page = work.lead.get("/sources?q=COPY").text
    assert re.findall(r'class="t"[^>]*>([^<]+)<', page) == ["Copy of the log"]


def test_a_source_that_nobody_used_is_seen_by_the_lead_alone(work: Work) -> None:
    with work.database.write() as session:
        unused = factories.make_source(session, "Unread book")
        assert session.exec(select(Source).where(Source.uid == unused.uid)).one()
    assert "Not used for a claim yet." in work.lead.get(f"/sources/{unused.uid}").text
    assert work.ben.get(f"/sources/{unused.uid}").status_code == 404
