"""Sources: what proves what, merging; each visitor sees what they may."""

import re
from dataclasses import replace

import pytest
from sqlmodel import select

from annotator.domain import evidence, ids
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


@pytest.fixture
def named(work: Work) -> Work:
    """Both sources known by their addresses, as `get_or_create` stores them."""
    with work.database.write() as session:
        uids = []
        for uid, url in ((work.source, "https://pier.example/log?a=1&b=2"), (work.second, "https://hidden.example/")):
            source = session.exec(select(Source).where(Source.uid == uid)).one()
            source.url = source.canonical_url = url
            source.dedup_key = evidence.dedup_key(None, url, "")
            source.uid = ids.source_id(source.dedup_key)
            uids.append(source.uid)
    return replace(work, source=uids[0], second=uids[1])


def form_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(version|title|url|publisher)" value="([^"]*)"', page.replace("&amp;", "&")))


def test_a_source_is_edited_on_its_page(named: Work) -> None:
    assert f'href="{named.source_url}/edit"' in named.anna.get(named.source_url).text
    form = form_of(named.anna.get(f"{named.source_url}/edit").text)
    answer = named.anna.post(
        f"{named.source_url}/edit", {**form, "title": "Pier <log>", "issued": "2024", "tier": "primary"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, named.source_url)
    page = named.lead.get(named.source_url).text
    assert "Pier &lt;log&gt;" in page
    assert "<dd>2024</dd>" in page
    assert named.anna.get(f"/sources/{named.second}/edit").status_code == 404
    assert named.anna.post(f"/sources/{named.second}/edit", {"title": "x"}).status_code == 404


def test_two_who_edit_a_source_see_both_values_and_lose_no_word(named: Work) -> None:
    url = f"{named.source_url}/edit"
    form = form_of(named.anna.get(url).text)
    assert named.lead.post(url, {**form, "title": "The lead’s"}).status_code == 303
    answer = named.anna.post(url, {**form, "title": "Anna’s"})
    assert answer.status_code == 409
    assert 'value="Anna’s"' in answer.text
    assert "Stored now: The lead’s" in answer.text
    again = form_of(answer.text)
    assert again["version"] != form["version"]
    assert named.anna.post(url, {**again, "title": "Anna’s"}).status_code == 303
    assert "Anna’s" in named.lead.get(named.source_url).text


def test_an_address_that_another_source_has_is_refused_with_the_way_to_merge(named: Work) -> None:
    form = form_of(named.lead.get(f"/sources/{named.second}/edit").text)
    answer = named.lead.post(f"/sources/{named.second}/edit", {**form, "url": "https://pier.example/log?a=1&b=2"})
    assert answer.status_code == 409
    link = f"/sources/{named.source}/merge?other={named.second}"
    assert f'href="{link}"' in answer.text
    assert named.lead.get(link).status_code == 200
    refused = named.lead.post(f"/sources/{named.second}/edit", {**form, "url": "no address", "note": "kept"})
    assert refused.status_code == 422
    assert 'value="no address"' in refused.text
    assert "kept</textarea>" in refused.text


def test_a_source_that_somebody_may_not_know_of_is_joined_as_if_it_were_new(named: Work) -> None:
    form = form_of(named.anna.get(f"{named.source_url}/edit").text)
    answer = named.anna.post(f"{named.source_url}/edit", {**form, "url": "https://hidden.example/"})
    assert answer.headers["location"] == f"/sources/{named.second}"
    assert excerpts(named.anna.get(f"/sources/{named.second}").text) == ["pile 4 is rotten"]


def test_the_sources_of_an_article_are_listed_once_each_with_their_claims(work: Work) -> None:
    address = f"/articles/{work.article}?sources=1&s=2"
    page = work.anna.get(address).text
    assert re.findall(r'<li class="sep" dir="auto"><a href="/sources/(\w+)"', page) == [work.source]
    assert f'href="/articles/{work.article}?s=2#s-2"' in page
    assert "Copy of the log" not in page
    assert "Copy of the log" in work.lead.get(address).text
    work.lead.post(f"/sources/{work.second}/merge", {"into": work.source})
    assert re.findall(r'class="sep" dir="auto"><a href="/sources/(\w+)"', work.lead.get(address).text) == [work.source]
    assert work.outsider.get(address).status_code == 404
