"""Who says it: forms of attributions, what comes back, what is refused with the typed words kept."""

import re
from typing import Any

from sqlmodel import col, select

from db.engine import Database
from db.models import Attribution, AttributionSpan, Source, Speaker
from tests import factories
from tests.web.conftest import Person, Reading, SignIn, fields_of, in_hand

SAID = {"speaker": "Ida Holm", "cue": "said", "content": "The pier is unsafe", "type": "direct"}


def add(reading: Reading, n: int = 2, **changes: str) -> Any:
    reading_form = fields_of(reading.page(n), "/attributions")
    return reading.person.post("/attributions", {**reading_form, **SAID, **changes})


def attributions(reading: Reading) -> list[Attribution]:
    with reading.database.read() as session:
        return list(session.exec(select(Attribution).order_by(col(Attribution.id))).all())


def test_an_attribution_is_saved_and_shown_under_its_sentence(reading: Reading) -> None:
    reading.label(2, "quote")
    answer = add(reading)
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("?s=2#s-2")
    html = reading.page(2)
    assert '<span class="by"><span>Ida Holm · said · direct</span></span>' in html
    assert f'<span class="who-hit" data-from="{factories.TEXT.index("Ida Holm")}">Ida Holm</span>' in html
    with reading.database.read() as session:
        spans = session.exec(select(AttributionSpan.part, AttributionSpan.start_cp, AttributionSpan.end_cp)).all()
    assert {(part, factories.TEXT[start:end]) for part, start, end in spans} == {
        ("cue", "said"),
        ("content", "The pier is unsafe"),
    }


def test_htmx_gets_row_and_part_and_stays(reading: Reading) -> None:
    reading.label(2, "quote")
    form = fields_of(reading.page(2), "/attributions")
    answer = reading.person.htmx("/attributions", {**form, **SAID})
    assert answer.status_code == 200
    assert in_hand(answer.text) == 2
    assert 'hx-target="#in-attribution"' in answer.text
    assert 'hx-target="#people"' in answer.text
    assert "Sentence 2: attribution added" in answer.text


def test_an_attribution_is_changed_and_what_the_form_does_not_ask_stays(reading: Reading) -> None:
    reading.label(2, "quote")
    add(reading)
    with reading.database.write() as session:
        session.exec(select(Attribution)).one().role = "harbour master"
    uid = attributions(reading)[0].uid
    form = fields_of(reading.page(2), f"/attributions/{uid}")
    assert (form["speaker"], form["cue"], form["content"]) == ("Ida Holm", "said", "The pier is unsafe")
    assert reading.person.post(f"/attributions/{uid}", {**form, "type": "mixed", "mode": "belief"}).status_code == 303
    after = attributions(reading)[0]
    assert (after.type, after.mode, after.role) == ("mixed", "belief", "harbour master")


def test_an_attribution_is_removed_in_both_shapes(reading: Reading) -> None:
    reading.label(2, "quote")
    for send in (reading.person.post, reading.person.htmx):
        add(reading)
        uid = attributions(reading)[-1].uid
        form = fields_of(reading.page(2), f"/attributions/{uid}")
        assert send(f"/attributions/{uid}/delete", form).status_code in (200, 303)
        assert attributions(reading) == []
    assert "Ida Holm · said" not in reading.page(2)


def test_a_second_hand_statement_names_its_outer_attribution_and_the_mentioned_source(reading: Reading) -> None:
    reading.label(2, "quote")
    add(reading, speaker="the harbour master", speaker_name="Ida Holm")
    outer = attributions(reading)[0].uid
    answer = add(reading, speaker="Ida Holm", parent=outer, source="Log of the harbour", cue="")
    assert answer.status_code == 303
    inner = attributions(reading)[1]
    assert inner.parent_id == attributions(reading)[0].id
    with reading.database.read() as session:
        titles = session.exec(select(Source.title)).all()
        speakers = session.exec(select(Speaker.name)).all()
    assert titles == ["Log of the harbour"]
    assert speakers == ["Ida Holm"]
    html = reading.page(2)
    assert fields_of(html, f"/attributions/{inner.uid}")["source"] == "Log of the harbour"
    assert fields_of(html, f"/attributions/{outer}")["speaker_name"] == "Ida Holm"
    form = fields_of(html, f"/attributions/{inner.uid}")
    assert reading.person.post(f"/attributions/{inner.uid}", form).status_code == 303
    with reading.database.read() as session:
        assert len(session.exec(select(Source.id)).all()) == 1
    refused = reading.person.post(f"/attributions/{outer}/delete", fields_of(reading.page(2), f"/attributions/{outer}"))
    assert refused.status_code == 409
    assert "reported by this one" in refused.text


def test_a_statement_goes_on_in_the_next_sentence_and_no_further_than_it_is_offered(reading: Reading) -> None:
    for n in (2, 3):
        reading.label(n, "quote")
    add(reading)
    first = attributions(reading)[0].uid
    html = reading.page(3)
    assert f'<option value="{first}">Ida Holm · said · direct</option>' in html
    assert 'name="continues"' not in reading.page(1)
    words = re.findall(r'id="s-3".*?: </span><span data-from="\d+">([^<]{12})', html)[0]
    assert add(reading, 3, cue="", content=words, continues=first).status_code == 303
    second = attributions(reading)[1]
    assert second.continues_id == attributions(reading)[0].id
    form = fields_of(reading.page(3), f"/attributions/{second.uid}")
    assert form["continues"] == first
    assert reading.person.post(f"/attributions/{second.uid}", {**form, "continues": "kept"}).status_code == 303
    assert attributions(reading)[1].continues_id == attributions(reading)[0].id
    form = fields_of(reading.page(3), f"/attributions/{second.uid}")
    assert reading.person.post(f"/attributions/{second.uid}", {**form, "continues": "att_nobody"}).status_code == 422
    assert reading.person.post(f"/attributions/{second.uid}", {**form, "continues": ""}).status_code == 303
    assert attributions(reading)[1].continues_id is None


def test_words_that_do_not_stand_in_the_article_come_back_with_the_message(reading: Reading) -> None:
    reading.label(2, "quote")
    form = fields_of(reading.page(2), "/attributions")
    wrong = {**form, **SAID, "content": "The pier is <unsafe> & old", "cue": "said"}
    plain, part = reading.person.post("/attributions", wrong), reading.person.htmx("/attributions", wrong)
    for answer in (plain, part):
        assert answer.status_code == 422
        assert "These words do not stand in the article" in answer.text
        assert "The pier is &lt;unsafe&gt; &amp; old</textarea>" in answer.text
        assert 'name="content" rows="2" aria-invalid="true" aria-describedby="a0-no"' in answer.text
        assert fields_of(answer.text, "/attributions")["cue"] == "said"
    assert in_hand(plain.text) == 2
    assert 'id="part-attribution" open' in plain.text
    assert part.text.lstrip().startswith('<hx-partial hx-target="#in-attribution"')
    assert attributions(reading) == []


def test_a_missing_speaker_or_type_is_said_beside_its_field(reading: Reading) -> None:
    reading.label(2, "quote")
    answer = add(reading, speaker="")
    assert answer.status_code == 422
    assert 'list="people" data-first autocomplete="off" aria-invalid="true"' in answer.text
    answer = add(reading, type="")
    assert answer.status_code == 422
    assert '<fieldset class="wide" aria-invalid="true"' in answer.text


def test_a_stale_attribution_is_a_conflict_and_can_be_saved_all_the_same(reading: Reading) -> None:
    reading.label(2, "quote")
    form = fields_of(reading.page(2), "/attributions")
    reading.label(2, "claim", mode="toggle")
    answer = reading.person.htmx("/attributions", {**form, **SAID, "request": "other"})
    assert answer.status_code == 409
    assert 'hx-target="#in-attribution"' not in answer.text  # what was typed stays where it is
    again = fields_of(answer.text, "/attributions")
    assert again["content"] == "The pier is unsafe"
    assert reading.person.post("/attributions", again).status_code == 303
    assert len(attributions(reading)) == 1


def test_a_request_that_comes_twice_adds_one_attribution(reading: Reading) -> None:
    reading.label(2, "quote")
    form = {**fields_of(reading.page(2), "/attributions"), **SAID}
    assert [reading.person.post("/attributions", form).status_code for _ in range(2)] == [303, 303]
    assert len(attributions(reading)) == 1


def test_another_reviewers_attribution_answers_like_none(reading: Reading, sign_in: SignIn) -> None:
    reading.label(2, "quote")
    add(reading)
    uid = attributions(reading)[0].uid
    other: Person = sign_in(reading.other)
    form = fields_of(other.get(f"{reading.url}?s=2").text, "/attributions")
    for path in (f"/attributions/{uid}", f"/attributions/{uid}/delete", "/attributions/att_0000000000000000"):
        assert other.post(path, {**form, **SAID}).status_code == 404
    assert len(attributions(reading)) == 1


def test_names_are_offered_from_the_article_and_own_work_only(reading: Reading) -> None:
    with reading.database.write() as session:
        sentence = next(
            s for s in factories.sentences_of(session, _article(session, reading)) if s.uid == reading.sentences[1]
        )
        annotation = factories.annotate(session, sentence, reading.other, ["quote"])
        factories.make_attribution(session, annotation, speaker_id=factories.make_speaker(session, "Hidden Person").id)
        factories.keep(session, annotation)
    html = reading.page(2)
    assert '<option value="Ida Holm">' in html
    assert "Hidden Person" not in html


def _article(session: Any, reading: Reading) -> Any:
    from db.models import Article  # the type is only needed here

    return session.exec(select(Article).where(Article.uid == reading.article)).one()


TWICE = "He said 🚢 it sails. “It sails 🚢,” he said, and 🚢 she said 🚢 it too. The end."  # fiction


def at(words: str, nth: int) -> int:
    places = [match.start() for match in re.finditer(re.escape(words), TWICE)]
    return places[nth]


def units(words: str) -> int:
    return len(words.encode("utf-16-le")) // 2


def twice(database: Database, sign_in: SignIn) -> tuple[Person, str]:
    with database.write() as session:
        anna, article = factories.make_reviewer(session, "Anna"), factories.make_article(session, TWICE)
        factories.assign(session, article, anna)
        uid = article.uid
    person = sign_in(anna)
    url = f"/articles/{uid}?s=2"
    person.post("/annotations", {**fields_of(person.get(url).text, "/annotations"), "label": "quote"})
    return person, url


def test_of_words_that_stand_twice_those_that_were_selected_are_meant(database: Database, sign_in: SignIn) -> None:
    """The place comes as a browser counts it: from where a piece of the sentence begins, in units of UTF-16."""
    person, url = twice(database, sign_in)
    start = TWICE.index("“")
    for nth in (1, 2):
        place = f"{start},{units(TWICE[start : at('said', nth)])}"
        backward = f"{start},{units(TWICE[start : at('said', nth) + 5])}"  # with the space behind it
        for where in (place, backward):
            said = {"speaker": "she", "cue": "said", "content": "It sails", "type": "direct", "cue_at": where}
            form = fields_of(person.get(url).text, "/attributions")
            assert person.post("/attributions", {**form, **said}).status_code == 303
            with database.read() as session:
                cues = select(AttributionSpan.start_cp).where(AttributionSpan.part == "cue")
                assert session.exec(cues.order_by(col(AttributionSpan.attribution_id).desc())).first() == at(
                    "said", nth
                )


def test_words_that_were_selected_stay_where_they_are_when_the_form_is_saved_again(
    database: Database, sign_in: SignIn
) -> None:
    person, url = twice(database, sign_in)
    said = {"speaker": "she", "cue": "said", "content": "It sails", "type": "direct", "cue_at": str(at("said", 2))}
    person.post("/attributions", {**fields_of(person.get(url).text, "/attributions"), **said})
    with database.read() as session:
        uid = session.exec(select(Attribution.uid)).one()
    form = fields_of(person.get(url).text, f"/attributions/{uid}")
    assert (form["cue_at"], form["content_at"]) == (str(at("said", 2)), str(at("It sails", 0)))
    assert person.post(f"/attributions/{uid}", {**form, "type": "mixed"}).status_code == 303
    with database.read() as session:
        cues = select(AttributionSpan.start_cp).where(AttributionSpan.part == "cue")
        assert session.exec(cues).one() == at("said", 2)


def test_a_place_that_is_none_is_passed_over_and_kept_with_what_was_refused(
    database: Database, sign_in: SignIn
) -> None:
    person, url = twice(database, sign_in)
    for place in ("-1", "9" * 12, "1,2,3", "x", "<b>", "999999,999999"):
        said = {"speaker": "he", "cue": "said", "content": "It sails", "type": "direct", "cue_at": place}
        answer = person.post("/attributions", {**fields_of(person.get(url).text, "/attributions"), **said})
        assert answer.status_code == 303, place
    answer = person.post("/attributions", {**fields_of(person.get(url).text, "/attributions"), **said, "content": "no"})
    assert answer.status_code == 422
    assert 'name="cue_at" value="999999,999999"' in answer.text
