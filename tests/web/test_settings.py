"""One's own keys: kept for this person alone, on the page wherever a key is named, refused with what was typed."""

import re

import pytest
from sqlmodel import select

from annotator.settings import Settings
from annotator.web.app import create_app
from db.engine import Database
from db.models import Event, Reviewer
from tests import factories
from tests.web.conftest import Person, Reading, SignIn, fields_of

OWN = {
    "claim": "q", "quote": "w", "opinion": "ä", "none": "r", "unsure": "t", "low": "ф", "next": "ш", "previous": "л",
    "todo": "u", "attribution": "d", "details": "c", "source": "x", "note": "y", "history": "h", "undo": "b",
}  # fmt: skip


def typed(**keys: str) -> dict[str, str]:
    return {f"key_{name}": key for name, key in keys.items()}


def choose(person: Person, **keys: str) -> None:
    answer = person.post("/settings", {**fields_of(person.get("/settings").text, "/settings"), **typed(**keys)})
    assert answer.status_code == 303, answer.text
    assert answer.headers["location"] == "/settings?saved=1"


def test_each_action_has_a_field_with_its_key_and_leads_have_three_more(database: Database, sign_in: SignIn) -> None:
    with database.write() as session:
        anna, lea = factories.make_reviewer(session, "Anna"), factories.make_lead(session, "Lea")
    mine = fields_of(sign_in(anna).get("/settings").text, "/settings")
    assert {name: key for name, key in mine.items() if name.startswith("key_")} == typed(
        claim="1", quote="2", opinion="3", none="4", unsure="5", low="f", next="j", previous="k", todo="u",
        attribution="a", details="c", source="s", note="n", history="h", undo="z",
    )  # fmt: skip
    leads = fields_of(sign_in(lea).get("/settings").text, "/settings")
    assert (leads["key_split"], leads["key_merge"], leads["key_move"]) == ("/", "m", "b")


def test_own_keys_are_on_the_page_wherever_a_key_is_named(reading: Reading) -> None:
    reading.label(2, "quote", mode="toggle")
    reading.label(2, "claim", mode="toggle")
    choose(reading.person, **OWN)
    html = reading.page(2)
    keys = re.findall(r'data-key="([^"]+)"', html)
    assert sorted(keys) == sorted([*OWN.values(), "Q", "W", "Ä", "?"])
    assert set(re.findall(r'aria-keyshortcuts="([^"]+)"', html)) == {
        *set(OWN.values()) - {"q", "w", "ä"}, "q Shift+q", "w Shift+w", "ä Shift+ä", "?",
    }  # fmt: skip
    shown = re.findall(r"<kbd[^>]*>([^<]+)</kbd>", html.partition('id="keys"')[0])
    assert set(shown) == {*OWN.values(), "Shift", "Enter", "?"}
    told = re.findall(r"<kbd>([^<]+)</kbd>", html.partition('id="keys"')[2])
    assert told == [*"qwärt", "Shift", *"qwäфшлu", "Enter", *"dcxyhb", "⇧b", "Esc", "?"]
    answer = reading.person.htmx("/annotations", {**fields_of(html, "/annotations"), "label": "none"})
    assert set(re.findall(r'data-key="([^"]+)"', answer.text)) <= {*OWN.values(), "Q", "W", "Ä"}


def test_the_live_region_and_the_help_of_a_claim_name_own_keys(reading: Reading) -> None:
    assert "Keys 1 to 5 label a sentence and go on" in reading.page(2)
    choose(reading.person, claim="q")
    html = reading.page(2)
    assert "Keys q 2 3 4 5 label a sentence and go on" in html
    assert '<kbd aria-hidden="true">q</kbd>, or' in html


def test_redo_follows_the_key_of_undo(reading: Reading) -> None:
    reading.label(2, "quote")
    choose(reading.person, undo="ü")
    reading.person.post("/undo", fields_of(reading.page(2), "/undo"))
    assert 'data-key="Ü" aria-keyshortcuts="Shift+ü">Redo <kbd aria-hidden="true">Ü</kbd>' in reading.page(2)
    choose(reading.person, undo="ת")
    assert ">Redo</button>" in reading.page(2)


@pytest.mark.parametrize(
    ("keys", "field", "said"),
    [
        ({"note": "j"}, "note", "“j” would do two things: Next sentence, and Note."),
        ({"next": "?"}, "next", "“?” opens the help."),
        ({"low": "ff", "todo": "ж"}, "low", "Low confidence: a key is one letter or digit, “ff” is not."),
        ({"claim": "<b>"}, "claim", "Claim: a key is one letter or digit, “&lt;b&gt;” is not."),
    ],
)
def test_what_cannot_be_is_refused_and_stays_typed(
    reading: Reading, keys: dict[str, str], field: str, said: str
) -> None:
    form = fields_of(reading.person.get("/settings").text, "/settings")
    answer = reading.person.post("/settings", {**form, **typed(**keys)})
    assert answer.status_code == 422
    assert said in answer.text
    assert re.search(rf'id="key-{field}"[^>]* aria-invalid="true" aria-describedby="problem"', answer.text)
    shown = fields_of(answer.text, "/settings")
    assert {f"key_{name}": shown[f"key_{name}"].replace("&lt;", "<") for name in keys} == typed(**keys)
    assert 'data-key="j"' in reading.page(2)


def test_keys_are_one_persons_own_and_survive_a_restart(reading: Reading, sign_in: SignIn) -> None:
    with reading.database.write() as session:
        ben = factories.make_reviewer(session, "Berit")
    other = sign_in(ben)
    choose(reading.person, next="ш")
    choose(other, next="ö", undo="y")
    choose(other, previous="p")
    form = fields_of(reading.person.get("/settings").text, "/settings")
    assert (form["key_next"], form["key_undo"]) == ("ш", "z")
    app = create_app(Settings(), reading.database)
    other.client.app = app  # type: ignore[method-assign]  # as after a restart
    form = fields_of(other.get("/settings").text, "/settings")
    assert (form["key_next"], form["key_undo"], form["key_previous"]) == ("ö", "y", "p")


def test_a_reset_brings_the_usual_keys_back_and_each_change_is_one_event(reading: Reading) -> None:
    choose(reading.person, next="x")
    choose(reading.person, next="x")
    assert "Reset all keys" in reading.person.get("/settings").text
    assert reading.person.post("/settings", {"reset": "1"}).status_code == 303
    assert "Reset all keys" not in reading.person.get("/settings").text
    assert fields_of(reading.person.get("/settings").text, "/settings")["key_next"] == "j"
    with reading.database.read() as session:
        details = session.exec(select(Event.detail).where(Event.action == "preferences")).all()
        assert details == ['{"keys":{"next":"x"}}', '{"keys":{}}']
        kept = dict(session.exec(select(Reviewer.name, Reviewer.preferences)).all())
    assert kept[reading.person.reviewer.name] == '{"keys":{}}'


def test_an_empty_field_stands_for_the_usual_key(reading: Reading) -> None:
    choose(reading.person, next="x")
    choose(reading.person, next="")
    assert fields_of(reading.person.get("/settings").text, "/settings")["key_next"] == "j"


def test_keys_that_are_off_stay_off_with_other_keys(reading: Reading) -> None:
    reading.person.post("/settings", {"keys": "0"})
    choose(reading.person, next="x")
    assert '<body data-keys="off">' in reading.page(2)
    assert 'data-key="x"' in reading.page(2)
