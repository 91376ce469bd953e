"""The report's pages: who sees them, that every number is a link that leads somewhere, what JSON and CSV hold."""

import csv
import io
import json
import re
from dataclasses import dataclass
from html import escape, unescape

import pytest

from annotator.reports import disagreement_files as files
from annotator.reports.disagreements import disagreement_report
from annotator.services import finishing
from annotator.services.history import Actor
from db.engine import Database
from db.models import Reviewer
from tests import factories as f
from tests.reports.test_disagreements import TABLE, fill
from tests.web.conftest import Person, SignIn, fields_of


@dataclass(frozen=True)
class Scene:
    article: str
    lead: Person
    ada: Person  # has finished the article
    cleo: Person  # has not
    url: str


@pytest.fixture
def scene(database: Database, sign_in: SignIn) -> Scene:
    with database.write() as session:
        article = fill(session, TABLE)
        people = {reviewer.name: reviewer for reviewer in session.exec(f.select(Reviewer))}
        finishing.finish(session, Actor(people["Ada"].id), article.uid)
        lead = f.make_lead(session, "Lena")
    return Scene(
        article.uid, sign_in(lead), sign_in(people["Ada"]), sign_in(people["Cleo"]),
        f"/articles/{article.uid}/disagreements",
    )  # fmt: skip


def test_lead_sees_the_report_with_the_numbers_of_the_report_object(scene: Scene, database: Database) -> None:
    page = scene.lead.get(scene.url)
    assert page.status_code == 200
    with database.read() as session:
        found = disagreement_report(session, [scene.article])
    assert found.alpha_sets.value is not None
    assert f'<p class="big">{found.alpha_sets.value:.2f}</p>' in page.text
    assert "Three reviewers agree fully on 2 of 5 sentences." in page.text
    assert page.text.count("<h1") == 1


@pytest.mark.parametrize("ending", ["", ".json", ".csv"])
def test_reviewer_who_has_not_finished_sees_no_report(scene: Scene, ending: str) -> None:
    hidden = scene.cleo.get(scene.url + ending)
    missing = scene.cleo.get("/articles/art_0000000000000000/disagreements" + ending)
    assert (hidden.status_code, missing.status_code) == (404, 404)
    assert without_request(hidden.text) == without_request(missing.text)


def without_request(text: str) -> str:
    return re.sub(r'Request [0-9a-f]+|"request":"[0-9a-f]+"|art_[0-9a-f]+', "", text)


@pytest.mark.parametrize("ending", ["", ".json", ".csv"])
def test_reviewer_who_has_finished_sees_the_report_but_no_adjudication(scene: Scene, ending: str) -> None:
    page = scene.ada.get(scene.url + ending)
    assert page.status_code == 200
    assert "/adjudication" not in page.text


def test_corpus_page_of_a_reviewer_is_about_what_they_have_finished(scene: Scene, database: Database) -> None:
    with database.write() as session:
        fill(session, TABLE, f.make_article(session, f"{f.TEXT}\n\nA second article of the harbour."))
    assert "A second article" not in scene.ada.get("/disagreements?show=all").text
    assert [a["id"] for a in scene.ada.get("/disagreements.json").json()["articles"]] == [scene.article]
    nothing = scene.cleo.get("/disagreements")
    assert nothing.status_code == 200
    assert "the others open when you finish them" in nothing.text
    assert "The pier is unsafe" not in nothing.text
    assert scene.cleo.get("/disagreements.json").json()["sentences"] == []
    assert "A second article" in scene.lead.get("/disagreements?show=all").text
    assert len(scene.lead.get("/disagreements.json").json()["articles"]) == 2


@pytest.mark.parametrize("url", ["/disagreements", "/disagreements.json", "/disagreements.csv"])
def test_nobody_sees_a_report_signed_out(scene: Scene, url: str) -> None:
    scene.lead.client.cookies.clear()
    assert scene.lead.get(url).status_code in (303, 401)


def test_json_and_csv_are_those_of_the_command(scene: Scene, database: Database) -> None:
    with database.read() as session:
        found = disagreement_report(session, [scene.article])
    answer = scene.lead.get(scene.url + ".json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == files.as_json(found)
    answer = scene.lead.get(scene.url + ".csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    assert answer.text == files.as_csv(found)
    assert next(csv.reader(io.StringIO(answer.text)))[0] == "row"


def test_every_link_of_the_report_leads_to_a_page(scene: Scene) -> None:
    page = scene.lead.get(scene.url).text
    main = page[page.index("<main") :]
    links = {unescape(link).partition("#")[0] for link in re.findall(r'href="([^"]+)"', main)}
    assert any("cell=" in link for link in links)
    assert any("pair=" in link for link in links)
    assert any("show=unsure" in link for link in links)
    assert {link: scene.lead.get(link).status_code for link in links if link} == {link: 200 for link in links if link}


@pytest.mark.parametrize("more", ["", "&unsure=label"])
def test_second_half_of_the_page_is_an_answer_of_its_own(scene: Scene, more: str) -> None:
    first = scene.lead.get(f"{scene.url}?{more}").text
    assert 'id="reviewers"' not in first
    link, place = map(unescape, re.search(r'<a href="([^"#]+)#(details)"', first).group(1, 2))  # type: ignore[union-attr]
    assert f'hx-get="{escape(link)}"' in first
    assert f'id="{place}"' in first
    assert f'href="{escape(link)}#reviewers"' in first
    whole = scene.lead.get(link).text
    part = scene.lead.get(link, hx_request="true").text
    assert whole.count('id="reviewers"') == part.count('id="reviewers"') == 1
    assert "<html" not in part
    assert part.strip() in whole
    assert whole[: whole.index('id="details"')] == first[: first.index('id="details"')].replace(
        f'href="{escape(link)}#reviewers"', 'href="#reviewers"'
    )
    assert scene.lead.get(f"{scene.url}?part=nonsense").text.count('id="reviewers"') == 0
    assert scene.cleo.get(link).status_code == 404


def test_number_leads_to_its_sentences_and_from_there_to_the_case(scene: Scene) -> None:
    page = scene.lead.get(scene.url + "?cell=quote.claim%2Bquote").text
    listed = page[page.index('id="sentences"') :]
    assert "The pier is unsafe" in listed
    assert "The council should have closed it" not in listed
    href = unescape(re.search(r'href="(/adjudication/sen_[^"]+)"', listed)[1])  # type: ignore[index]
    case = scene.lead.get(href)
    assert case.status_code == 200
    assert "The pier is unsafe" in case.text


def test_unsure_counts_as_a_label_and_every_link_keeps_that(scene: Scene) -> None:
    page = scene.lead.get(scene.url).text
    switch = unescape(re.search(r'href="([^"]+)">Count unsure as a label', page)[1])  # type: ignore[index]
    counted = scene.lead.get(switch).text
    assert "Count unsure as missing" in counted
    assert ">Unsure</span>" in counted
    links = [unescape(link) for link in re.findall(r'href="([^"]+)"', counted) if scene.url + "?" in link]
    assert links
    assert all("unsure=label" in link for link in links)
    told = scene.lead.get(scene.url + ".json?unsure=label").json()
    assert told["method"]["unsure"] == "label"
    assert "unsure" in told["layers"]


def test_own_page_has_own_numbers_alone_on_finished_articles(scene: Scene) -> None:
    page = scene.ada.get("/disagreements/mine").text
    main = page[page.index("<main") :]
    assert "5 sentences labelled in 1 finished article" in main
    assert not re.search("Ben|Cleo", main)
    assert "There is none yet" in scene.cleo.get("/disagreements/mine").text


def test_reviewer_sees_of_the_lines_about_reviewers_their_own(scene: Scene) -> None:
    def table(page: str) -> str:
        start = page.index('id="reviewers"')
        return page[start : page.index("</table>", start)]

    page = scene.ada.get(scene.url + "?part=details").text
    assert "Ada" in table(page)
    assert not re.search("Ben|Cleo", table(page))
    assert "Cleo" in table(scene.lead.get(scene.url + "?part=details").text)
    told = {line["name"]: line for line in scene.ada.get(scene.url + ".json").json()["reviewers"]}
    assert "competence" in told["Ada"]
    assert set(told["Ben"]) == {"id", "name"}
    names = {row["name"] for row in csv.DictReader(io.StringIO(scene.ada.get(scene.url + ".csv").text))}
    assert "Ada / claim" in names
    assert "Ben / claim" not in names


def test_counts_and_the_html_file_can_be_downloaded(scene: Scene, database: Database) -> None:
    with database.read() as session:
        found = disagreement_report(session, [scene.article])
    for ending, text in ((".counts.csv", files.as_counts(found)), (".html", files.as_html(found))):
        answer = scene.lead.get(scene.url + ending)
        assert answer.text == text
        assert "attachment" in answer.headers["content-disposition"]


def test_page_is_new_after_every_change(scene: Scene, database: Database) -> None:
    assert "Three reviewers agree fully on 2 of 5 sentences." in scene.lead.get(scene.url).text
    with database.write() as session:
        last = session.exec(f.select(f.Sentence).order_by(f.col(f.Sentence.start_cp).desc())).first()
        cleo = session.exec(f.select(Reviewer).where(Reviewer.name == "Cleo")).one()
        assert last is not None
        f.annotate(session, last, cleo, ("claim",))
    assert "14 answers" in scene.lead.get(scene.url).text


def test_from_a_number_to_its_sentence_to_a_decision_to_gold_to_the_export(scene: Scene) -> None:
    report = scene.lead.get(scene.url).text
    cell = next(unescape(link) for link in re.findall(r'href="([^"]+)"', report) if "cell=claim%2Bquote.quote" in link)
    listed = scene.lead.get(cell.partition("#")[0]).text
    case = unescape(re.search(r'href="(/adjudication/sen_[^"]+)"', listed)[1])  # type: ignore[index]
    address = case.partition("?")[0]
    form = fields_of(scene.lead.get(case).text, address)
    form = {name: value for name, value in form.items() if name not in ("label", "press", "open")}
    answer = scene.lead.post(address, {**form, "label": ["quote", "claim"], "reason": "It can be checked."})
    assert answer.status_code == 303
    after = scene.lead.get(scene.url).text
    decided = unescape(re.search(r'href="([^"]+)">1<span class="vh"> decided', after)[1])  # type: ignore[index]
    assert "The pier is unsafe" in scene.lead.get(decided.partition("#")[0]).text
    lines = map(json.loads, scene.lead.get("/export/sentences.jsonl").text.splitlines())
    gold = {line["id"]: line["gold"] for line in lines if line["gold"]}
    assert list(gold) == [address.rpartition("/")[2]]
    assert gold[address.rpartition("/")[2]]["labels"] == ["claim", "quote"]


@pytest.mark.parametrize("query", ["?show=nonsense", "?cell=..%01", "?pair=x", "?cell=%F0%9F%91%A8.", "?show=%22%3E"])
def test_unknown_choice_is_an_ordinary_page(scene: Scene, query: str) -> None:
    answer = scene.lead.get(scene.url + query)
    assert answer.status_code == 200
    assert '">"' not in answer.text


def test_undefined_reads_not_defined_with_the_reason_and_who_is_missing(sign_in: SignIn, database: Database) -> None:
    with database.write() as session:
        article = fill(session, {"Ada": ["c", "q"]})
        f.assign(session, article, f.make_reviewer(session, "Ben"))
        lead = sign_in_later(session)
    page = sign_in(lead).get(f"/articles/{article.uid}/disagreements").text
    assert "not defined" in page
    assert "only one reviewer" in page
    assert "Ben (has not begun)" in page
    assert not re.search(r">\s*(?:nan|NaN)\s*<", page)


def sign_in_later(session: f.Session) -> Reviewer:
    return f.make_lead(session, "Lena")


def test_plots_have_no_style_attribute_and_a_text_alternative(scene: Scene) -> None:
    page = scene.lead.get(scene.url + "?part=details").text
    assert " style=" not in page
    assert "<script" not in page[page.index("<main") :]
    plots = re.findall(r"<svg[^>]*>", page[page.index("<main") :])
    assert plots
    assert all('role="img" aria-label="' in svg or re.search(r'viewBox="0 0 \d+ 18"', svg) for svg in plots)


def test_text_of_people_is_escaped(sign_in: SignIn, database: Database) -> None:
    with database.write() as session:
        article = f.make_article(session, "<b>Bold</b> words.\n\nMore <i>words</i>.", title="<u>Title</u>")
        fill(session, {"<s>Ada</s>": ["c", "q"], "Ben": ["q", "c"]}, article)
        lead = f.make_lead(session, "Lena")
    page = sign_in(lead).get("/disagreements?part=details").text
    for raw in ("<b>Bold", "<i>words", "<u>Title", "<s>Ada"):
        assert raw not in page


def test_a_report_that_is_kept_is_read_in_either_language_and_its_data_are_english(scene: Scene) -> None:
    english, kept = scene.lead.get(scene.url).text, scene.lead.get(scene.url + ".json").content
    german = scene.lead.get(scene.url + "?part=details", accept_language="de").text
    assert "Drei Prüfende sind sich bei 2 von 5 Sätzen ganz einig." in german
    assert "Krippendorffs Alpha" in german
    assert not re.search(r"\b(?:reviewers?|sentences?|not defined|no overlap)\b", visible_words(german))
    assert scene.lead.get(scene.url + ".json", accept_language="de").content == kept
    assert (
        scene.lead.get(scene.url + ".csv", accept_language="de").content == scene.lead.get(scene.url + ".csv").content
    )
    assert '<html lang="de">' in scene.lead.get(scene.url + ".html", accept_language="de").text
    assert visible_words(scene.lead.get(scene.url).text) == visible_words(english)


def visible_words(page: str) -> str:
    """What a reader sees of the page's main part, without the minute it was made in."""
    main = re.sub(r"\d+:\d\d UTC", "", page[page.index("<main") :])
    return unescape(re.sub(r"<[^>]*>|disagreements\.[\w.]+", " ", main))
