"""Mending boundaries from the annotate page: a preview first, split, merge, undo; for leads only."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest
from sqlmodel import Session, col, select

from db.engine import Database
from db.models import Annotation, Article, Event, Reviewer, Segmentation, Sentence
from db.queries import history
from tests import factories
from tests.web.conftest import Person, SignIn, fields_of, forms_of, in_hand

# fiction; emoji, a combining mark, a line separator, letters from right to left
TEXT = (
    "The pier\n\n"
    "👩🏽‍🚒 “Cafe\u0301 Holm burned,” said אבי כהן, and\u2028the ferry sank. Nobody paid.The board left.\n\n"
    "Alone!"
)
CUT = "and\u2028the ferry"


@dataclass
class Mending:
    """An article that three reviewers have labelled, its lead, and somebody who reads something else."""

    database: Database
    lead: Person
    anna: Person
    outsider: Person
    article: str
    sentences: list[str]

    @property
    def url(self) -> str:
        return f"/articles/{self.article}"

    def page(self, query: str) -> str:
        answer = self.lead.get(f"{self.url}?{query}")
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    def split_fields(self, words: str = CUT) -> dict[str, str]:
        fields = fields_of(self.page(f"s=2&cut=split&at={TEXT.index(words)}"), self.split_url)
        return {**fields, "at": str(TEXT.index(words))}

    @property
    def split_url(self) -> str:
        return f"/sentences/{self.sentences[1]}/split"

    @property
    def merge_url(self) -> str:
        return f"/sentences/{self.sentences[1]}/merge"

    @property
    def undo_url(self) -> str:
        return f"{self.url}/sentences/undo"

    def live(self) -> list[str]:
        """The words of the live sentences."""
        with self.database.read() as session:
            article = session.exec(select(Article)).one()
            return [TEXT[one.start_cp : one.end_cp] for one in factories.sentences_of(session, article)]

    def rows(self) -> list[Any]:
        """Every annotation of a live sentence with all that hangs on it."""
        with self.database.read() as session:
            return [(said.model_dump(), history.snapshot(session, said)) for said in _live_rows(session)]

    def said(self, words: str) -> dict[str, tuple[set[str], str]]:
        """By reviewer: labels and status on the live sentence that begins with these words."""
        with self.database.read() as session:
            found = {}
            for said in _live_rows(session):
                start = session.get_one(Sentence, said.sentence_id).start_cp
                if TEXT.startswith(words, start):
                    names = {name for name in ("claim", "quote", "opinion") if getattr(said, f"is_{name}")}
                    found[session.get_one(Reviewer, said.reviewer_id).name] = (names, str(said.status))
            return found

    def stored(self) -> tuple[int, int]:
        """How many segmentations and events there are."""
        with self.database.read() as session:
            return len(session.exec(select(Segmentation.id)).all()), len(session.exec(select(Event.id)).all())


def _live_rows(session: Session) -> list[Annotation]:
    statement = select(Annotation).join(Sentence, col(Sentence.id) == Annotation.sentence_id)
    live = statement.where(col(Sentence.retired_in).is_(None), Annotation.role == "reviewer")
    return list(session.exec(live.order_by(col(Sentence.start_cp), col(Annotation.reviewer_id))))


@pytest.fixture
def mending(database: Database, sign_in: SignIn) -> Mending:
    with database.write() as session:
        lead, outsider = factories.make_lead(session, "Lena"), factories.make_reviewer(session, "Otto")
        people = [factories.make_reviewer(session, name) for name in ("Anna", "Ben", "Cleo")]
        article = factories.make_article(session, TEXT)
        factories.assign(session, article, *people)
        found = factories.sentences_of(session, article)
        for person, first, second in zip(
            people, (["quote", "claim"], ["claim"], ["none"]), (["quote", "claim"], ["opinion"], []), strict=True
        ):
            factories.annotate(session, found[1], person, first)
            if second:
                factories.annotate(session, found[2], person, second)
        said = session.exec(select(Annotation).where(Annotation.sentence_id == found[1].id)).first()
        assert said is not None
        start = TEXT.index("Cafe")
        factories.make_attribution(session, said, content=[(start, start + len("Cafe\u0301 Holm burned"))])
        factories.keep(session, said)
        uids = [sentence.uid for sentence in found]
    return Mending(database, sign_in(lead), sign_in(people[0]), sign_in(outsider), article.uid, uids)


def shown(html: str) -> list[str]:
    """The sentences that the card says would come."""
    listed = re.search(r"It would become</p><ol>(.*?)</ol>", html, re.DOTALL)
    assert listed
    return [unescape(text) for text in re.findall(r'<span dir="auto">(.*?)</span>', listed[1], re.DOTALL)]


def places(html: str) -> list[int]:
    return [int(at) for at in re.findall(r'<input type="radio" form="cut" name="at" value="(\d+)"', html)]


def test_each_word_is_a_place_by_code_points_of_the_article(mending: Mending) -> None:
    html = mending.page("s=2&cut=split")
    words = ["“Cafe\u0301", "Holm", "burned,”", "said אבי", "אבי", "כהן,", "and\u2028", "the ferry", "ferry", "sank."]
    assert places(html) == [TEXT.index(word) for word in words]
    row = re.search(r'id="s-2".*?role="radiogroup"[^>]*>(.*?)</span>', html, re.DOTALL)
    assert row
    assert unescape(re.sub(r"<[^>]+>", "", row[1])) == TEXT[TEXT.index("👩") : TEXT.index("sank.") + 5]
    assert in_hand(html) == 2


def test_a_full_stop_without_its_space_is_a_place_and_the_one_proposed(mending: Mending) -> None:
    html = mending.page("s=3&cut=split")
    assert TEXT.index("The board") in places(html)
    assert shown(html) == ["Nobody paid.", "The board left."]


def test_the_preview_says_what_happens_never_how_anybody_labelled_and_stores_nothing(mending: Mending) -> None:
    before = mending.stored()
    html = mending.page(f"s=2&cut=split&at={TEXT.index(CUT)}")
    assert shown(html) == ["👩🏽‍🚒 “Cafe\u0301 Holm burned,” said אבי כהן,", "and\u2028the ferry sank."]
    assert "3 reviewers labelled it. Both halves start with their labels as <b>needs review</b>" in html
    assert "Attributions and evidence follow their words" in html
    assert "new numbers" in html
    for name in ("Anna", "Ben", "Cleo", 'class="mark is-claim', 'class="mark is-quote'):
        assert name not in html
    merged = mending.page("s=2&cut=merge")
    assert "3 reviewers labelled one of the two or both" in merged
    assert shown(merged) == [TEXT[TEXT.index("👩") : TEXT.index("\n\nAlone")]]
    assert mending.stored() == before


def test_the_preview_shows_the_leads_own_label_as_it_would_become(mending: Mending) -> None:
    mending.lead.post(f"{mending.url}/take")
    fields = fields_of(mending.page("s=2"), "/annotations")
    mending.lead.post("/annotations", {**fields, "label": "opinion"})
    html = mending.page("s=2&cut=split")
    assert html.count('<span class="mark is-opinion is-review"') == 2
    assert "4 reviewers labelled it" in html


def test_preview_by_form_leads_to_the_page_that_shows_it_and_to_htmx_its_part(mending: Mending) -> None:
    before, fields = mending.stored(), {**mending.split_fields(), "preview": "1"}
    answer = mending.lead.post(mending.split_url, fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{mending.url}?s=2&cut=split&at={fields['at']}")
    part = mending.lead.htmx(mending.split_url, fields)
    assert part.text.lstrip().startswith('<hx-partial hx-target="#becomes"')
    assert shown(part.text)[1] == "and\u2028the ferry sank."
    answer = mending.lead.post(mending.merge_url, {"revision": "1", "preview": "1"})
    assert answer.headers["location"] == f"{mending.url}?s=2&cut=merge#s-2"
    assert mending.stored() == before


def test_a_place_whose_preview_was_not_seen_gets_it_first(mending: Mending) -> None:
    before, fields = mending.stored(), mending.split_fields()
    other = TEXT.index("ferry")
    answer = mending.lead.post(mending.split_url, {**fields, "at": str(other)})
    assert answer.headers["location"].endswith(f"&cut=split&at={other}")
    assert mending.stored() == before


def test_split_puts_everybodys_labels_on_both_halves_for_review(mending: Mending) -> None:
    answer = mending.lead.post(mending.split_url, mending.split_fields())
    assert (answer.status_code, answer.headers["location"]) == (303, f"{mending.url}?s=2#s-2")
    assert mending.live()[1:3] == ["👩🏽‍🚒 “Cafe\u0301 Holm burned,” said אבי כהן,", "and\u2028the ferry sank."]
    wanted = {
        "Anna": ({"quote", "claim"}, "needs_review"),
        "Ben": ({"claim"}, "needs_review"),
        "Cleo": (set(), "needs_review"),
    }
    assert mending.said("👩") == mending.said("and\u2028") == wanted


def test_merge_keeps_equal_labels_and_joins_others_for_review(mending: Mending) -> None:
    fields = fields_of(mending.page("s=2&cut=merge"), mending.merge_url)
    answer = mending.lead.post(mending.merge_url, fields)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{mending.url}?s=2#s-2")
    assert mending.said("👩") == {
        "Anna": ({"quote", "claim"}, "complete"),
        "Ben": ({"claim", "opinion"}, "needs_review"),
        "Cleo": (set(), "needs_review"),
    }
    assert len(mending.live()) == 3


@pytest.mark.parametrize("kind", ["split", "merge"])
def test_undo_from_the_page_brings_every_row_back(mending: Mending, kind: str) -> None:
    before, texts = mending.rows(), mending.live()
    if kind == "split":
        mending.lead.post(mending.split_url, mending.split_fields())
    else:
        mending.lead.post(mending.merge_url, fields_of(mending.page("s=2&cut=merge"), mending.merge_url))
    assert mending.rows() != before
    html = mending.page("s=1")
    assert 'data-key="z"' in html
    fields = fields_of(html, mending.undo_url)
    for _ in range(2):  # an answer that got lost
        answer = mending.lead.post(mending.undo_url, fields)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{mending.url}?s=2#s-2")
    assert mending.live() == texts
    assert mending.rows() == before


def test_a_repeated_request_is_answered_like_the_first_time(mending: Mending) -> None:
    fields = mending.split_fields()
    answers = [mending.lead.post(mending.split_url, fields) for _ in range(2)]
    assert [answer.headers["location"] for answer in answers] == [f"{mending.url}?s=2#s-2"] * 2
    assert len(mending.live()) == 5
    other = {**fields, "at": str(TEXT.index("ferry")), "seen": str(TEXT.index("ferry"))}
    assert mending.lead.post(mending.split_url, other).status_code == 409


def test_what_rests_on_older_boundaries_is_refused_in_words(mending: Mending) -> None:
    stale, merge = mending.split_fields(), fields_of(mending.page("s=2&cut=merge"), mending.merge_url)
    third = f"/sentences/{mending.sentences[2]}/split"
    elsewhere = fields_of(mending.page("s=3&cut=split"), third)
    mending.lead.post(third, {**elsewhere, "at": str(TEXT.index("The board"))})
    before = mending.stored()
    for url, fields in ((mending.split_url, stale), (mending.merge_url, merge), (mending.undo_url, {"revision": "1"})):
        answer = mending.lead.post(url, fields)
        assert answer.status_code == 409
        assert "boundaries of this article were changed in the meantime" in answer.text
    gone = mending.lead.post(third, {**elsewhere, "request": "another", "at": elsewhere["seen"], "revision": "2"})
    assert (gone.status_code, "changed in the meantime" in gone.text) == (409, True)
    assert mending.stored() == before


def test_a_sentence_that_ends_its_paragraph_or_is_one_word_says_why_not(mending: Mending) -> None:
    last = mending.page("s=3&cut=merge")
    assert "There is no next sentence in this paragraph to merge with." in last
    assert 'data-key="Enter"' not in last
    assert mending.lead.post(f"/sentences/{mending.sentences[2]}/merge", {"revision": "1"}).status_code == 422
    word = mending.page("s=4&cut=split")
    assert "only one word" in word
    assert places(word) == []


@pytest.mark.parametrize("at", ["", "0", "999999", "x"])
def test_a_place_outside_the_sentence_is_refused(mending: Mending, at: str) -> None:
    before = mending.stored()
    assert mending.lead.post(mending.split_url, {"revision": "1", "at": at}).status_code == 422
    assert mending.stored() == before


def test_only_a_lead_may_mend_and_nobody_else_sees_that_one_can(mending: Mending) -> None:
    before = mending.stored()
    for person in (mending.anna, mending.outsider):
        for query in ("cut=split", "cut=merge"):
            assert person.get(f"{mending.url}?s=2&{query}").status_code == 404
        for url in (mending.split_url, mending.merge_url, mending.undo_url):
            assert person.post(url, {"revision": "1", "at": str(TEXT.index(CUT))}).status_code == 404
    assert mending.lead.get(f"{mending.url}?s=2&cut=other").status_code == 404
    html = mending.anna.get(f"{mending.url}?s=2").text
    assert "cut=" not in html
    assert mending.stored() == before


def test_a_forged_form_changes_nothing(mending: Mending) -> None:
    fields = mending.split_fields()
    before = mending.stored()
    for token in ("", mending.anna.token):
        assert mending.lead.post(mending.split_url, {**fields, "token": token}).status_code == 403
    assert mending.lead.post(mending.split_url, fields, sec_fetch_site="cross-site").status_code == 403
    assert mending.stored() == before


def test_links_follow_the_sentence_in_hand(mending: Mending) -> None:
    part = mending.lead.htmx(f"{mending.url}?s=3&was=2").text
    assert f'href="{mending.url}?s=3&amp;cut=split"' in part
    assert f'href="{mending.url}?s=3&amp;cut=merge#s-3"' in part


def test_undo_is_not_offered_once_a_reviewer_worked_on_the_halves(mending: Mending) -> None:
    mending.lead.post(mending.split_url, mending.split_fields())
    undo = fields_of(mending.page("s=2"), mending.undo_url)
    html = mending.anna.get(f"{mending.url}?s=2").text
    mending.anna.post("/annotations", {**fields_of(html, "/annotations"), "label": "claim"})
    assert mending.undo_url not in [form["action"] for form in forms_of(mending.page("s=2"))]
    answer = mending.lead.post(mending.undo_url, undo)
    assert (answer.status_code, "have worked on the new sentences" in answer.text) == (409, True)


def test_a_lead_who_takes_part_has_key_z_for_labels_and_a_button_for_boundaries(mending: Mending) -> None:
    mending.lead.post(f"{mending.url}/take")
    mending.lead.post(mending.split_url, mending.split_fields())
    html = mending.page("s=2")
    form = next(part for part in html.split("<form ") if f'action="{mending.undo_url}"' in part)
    assert 'data-key="z"' not in form.split("</form>")[0]
    assert mending.lead.post(mending.undo_url, fields_of(html, mending.undo_url)).status_code == 303


def test_a_label_whose_boundary_changed_is_hollow_and_confirmed_by_the_same_label(mending: Mending) -> None:
    mending.lead.post(mending.split_url, mending.split_fields())
    html = mending.anna.get(f"{mending.url}?s=2").text
    row = re.search(r'id="s-2".*?</a>', html, re.DOTALL)
    assert row
    assert 'class="mark is-quote is-review"' in row[0]
    assert "2, Quote and claim, needs review: " in row[0]
    confirm = next(form for form in forms_of(html) if dict(form["fields"]).get("label") and form["id"] == "")
    assert "Confirm Quote and claim" in html
    data: dict[str, Any] = dict(confirm["fields"])
    data["label"] = [value for name, value in confirm["fields"] if name == "label"]
    mending.anna.post("/annotations", data)
    second = fields_of(mending.anna.get(f"{mending.url}?s=3").text, "/annotations")
    mending.anna.post("/annotations", {**second, "label": ["quote", "claim"]})
    for words in ("👩", "and\u2028"):
        assert mending.said(words)["Anna"] == ({"quote", "claim"}, "complete")
        assert mending.said(words)["Ben"][1] == "needs_review"


def test_saving_on_a_sentence_that_was_cut_meanwhile_keeps_what_was_typed(mending: Mending) -> None:
    html = mending.anna.get(f"{mending.url}?s=2").text
    note = {**fields_of(html, "/annotations", stay="1"), "note": "a long note"}
    said = {**fields_of(html, "/attributions"), "speaker": "Ida Holm", "content": "nowhere"}
    claim = {**note, "text_normalized": "It burned."}
    mending.lead.post(mending.split_url, mending.split_fields())
    before = mending.stored()
    kept = {"/annotations": (note, "a long note"), "/attributions": (said, "Ida Holm")}
    for url, (fields, typed) in kept.items():
        answer = mending.anna.post(url, fields)
        assert answer.status_code == 409
        assert "boundaries of this sentence were changed" in answer.text
        assert typed in answer.text
        assert in_hand(answer.text) == 2
        part = mending.anna.htmx(url, fields)
        assert part.status_code == 409
        assert part.text.startswith('<hx-partial hx-target="#messages"')
    action = next(form["action"] for form in forms_of(html) if form["action"].startswith("/claims/"))
    answer = mending.anna.post(action, claim)
    assert (answer.status_code, "boundaries of this sentence were changed" in answer.text) == (409, True)
    assert mending.outsider.post("/annotations", {**note, "token": mending.outsider.token}).status_code == 404
    assert mending.stored() == before


def details(mending: Mending) -> str:
    """Anna describes her claim in sentence 2 and proves it; the page with the forms of both."""
    html = mending.anna.get(f"{mending.url}?s=2").text
    claim = next(form for form in forms_of(html) if form["action"].startswith("/claims/"))
    mending.anna.post(claim["action"], {**dict(claim["fields"]), "text_normalized": "The café burned."})
    html = mending.anna.get(f"{mending.url}?s=2").text
    mending.anna.post("/evidence", {**fields_of(html, "/evidence"), "title": "Log of the pier", "excerpt": "pile 4"})
    return str(mending.anna.get(f"{mending.url}?s=2").text)


def edits(html: str) -> list[tuple[str, dict[str, str], str, str]]:
    """Action and fields of every form that changes what is there, the field that is typed into, and its words."""
    found = []
    for form in forms_of(html):
        fields, action = dict(form["fields"]), form["action"]
        field = {"attributions": "cue", "claims": "verdict_note", "evidence": "note"}.get(action.split("/")[1], "")
        if field and (action.count("/") == 2 or action == "/evidence"):
            found.append((action, fields, field, f"typed {len(found)}"))
    return found


@pytest.mark.parametrize("kind", ["split", "merge", "move"])
def test_words_typed_into_what_is_there_come_back_in_its_form_on_the_sentence_that_has_it_now(
    mending: Mending, kind: str
) -> None:
    forms = edits(details(mending))
    assert len({action for action, *_ in forms}) == 5  # attribution, two claims, evidence there and new
    fields = {"split": mending.split_fields(), "merge": {"revision": "1"}}
    moved = {"revision": "1", "at": str(TEXT.index("paid."))}
    mending.lead.post(f"/sentences/{mending.sentences[1]}/{kind}", fields.get(kind, moved))
    before = mending.stored()
    for action, typed, field, words in forms:
        answer = mending.anna.post(action, {**typed, field: words})
        assert answer.status_code == 409
        assert "boundaries of this sentence were changed" in answer.text
        again = next(form for form in forms_of(answer.text) if dict(form["fields"]).get(field) == words)
        noun = action.split("/")[1]
        assert again["action"] != action or action == "/evidence"
        assert again["action"].startswith(f"/{noun}")
        assert dict(again["fields"]).get("claim", "") != typed.get("claim", "") or "claim" not in typed
    assert mending.stored() == before
    action, typed, field, words = forms[0]
    answer = mending.anna.post(action, {**typed, field: "said"})
    again = next(form for form in forms_of(answer.text) if dict(form["fields"]).get(field) == "said")
    named = {**dict(again["fields"]), "speaker": "אבי כהן"}
    assert mending.anna.post(again["action"], named).status_code == 303


def test_words_typed_for_what_is_nowhere_any_more_are_shown_above(mending: Mending) -> None:
    html = details(mending)
    attribution, claim, *_ = edits(html)
    mending.lead.post(mending.split_url, mending.split_fields())
    now = mending.anna.get(f"{mending.url}?s=2").text
    for form in forms_of(now):  # Anna, in another window, takes the attribution away and says that it is no claim
        if form["action"].startswith("/attributions/"):
            mending.anna.post(form["action"] + "/delete", dict(form["fields"]))
            break
    for n in (2, 3):
        fields = fields_of(mending.anna.get(f"{mending.url}?s={n}").text, "/annotations")
        mending.anna.post("/annotations", {**fields, "label": "quote"})
    answer = mending.anna.post(attribution[0], {**attribution[1], "cue": "my words"})
    assert (answer.status_code, fields_of(answer.text, "/attributions")["cue"]) == (409, "my words")
    answer = mending.anna.post(claim[0], {**claim[1], "verdict_note": "<my words>"})
    assert answer.status_code == 409
    assert re.search(r"You had typed:</p><ul>.*<li dir=\"auto\">&lt;my words&gt;</li>", answer.text)


MOVED = "sank."  # the boundary after it moves before it


def move_url(mending: Mending) -> str:
    return f"/sentences/{mending.sentences[1]}/move"


def test_a_boundary_moves_before_any_word_of_the_two_sentences_but_stays_not_where_it_is(mending: Mending) -> None:
    html = mending.page("s=2&cut=move")
    there = places(html)
    assert there[-5:] == [TEXT.index(word) for word in ("sank.", "paid.", "The board", "board left", "left.")]
    assert TEXT.index("Nobody") not in there
    assert shown(html) == [TEXT[TEXT.index("👩") : TEXT.index("The board")], "The board left."]
    assert "Each sentence starts with the labels of what it is made of as <b>needs review</b>" in html
    assert html.count('role="radiogroup"') == 2
    assert html.count("checked autofocus") == 1


def test_a_moved_boundary_takes_labels_along_for_review_and_undo_brings_every_row_back(mending: Mending) -> None:
    before, texts = mending.rows(), mending.live()
    at = TEXT.index(MOVED)
    fields = fields_of(mending.page(f"s=2&cut=move&at={at}"), move_url(mending))
    seen = mending.lead.post(move_url(mending), {**fields, "at": str(TEXT.index("paid."))})
    assert seen.headers["location"] == f"{mending.url}?s=2&cut=move&at={TEXT.index('paid.')}"
    part = mending.lead.htmx(move_url(mending), {**fields, "at": str(at), "preview": "1"})
    assert shown(part.text)[1] == "sank. Nobody paid.The board left."
    assert mending.rows() == before
    for _ in range(2):  # an answer that got lost
        answer = mending.lead.post(move_url(mending), {**fields, "at": str(at)})
        assert (answer.status_code, answer.headers["location"]) == (303, f"{mending.url}?s=2#s-2")
    assert mending.live()[1:3] == [
        "👩🏽‍🚒 “Cafe\u0301 Holm burned,” said אבי כהן, and\u2028the ferry",
        shown(part.text)[1],
    ]
    assert mending.said("👩")["Ben"] == ({"claim"}, "needs_review")
    assert mending.said("sank.")["Ben"] == ({"claim", "opinion"}, "needs_review")
    html = mending.page("s=1")
    assert "A boundary was moved" in html
    mending.lead.post(mending.undo_url, fields_of(html, mending.undo_url))
    assert (mending.live(), mending.rows()) == (texts, before)


def test_a_boundary_that_cannot_move_says_why(mending: Mending) -> None:
    assert "There is no next sentence in this paragraph" in mending.page("s=3&cut=move")
    assert mending.lead.post(f"/sentences/{mending.sentences[2]}/move", {"revision": "1", "at": "9"}).status_code == 422
    there = mending.lead.post(move_url(mending), {"revision": "1", "at": str(TEXT.index("Nobody"))})
    assert (there.status_code, "is there already" in there.text) == (422, True)
    for at in ("", "0", "999999", "x"):
        assert mending.lead.post(move_url(mending), {"revision": "1", "at": at}).status_code == 422
    assert mending.lead.get(f"{mending.url}?s=2&cut=move&at={TEXT.index('Nobody')}").status_code == 422
    stale = mending.lead.post(move_url(mending), {"revision": "7", "at": str(TEXT.index(MOVED))})
    assert (stale.status_code, "changed in the meantime" in stale.text) == (409, True)
    assert mending.anna.get(f"{mending.url}?s=2&cut=move").status_code == 404
    assert mending.anna.post(move_url(mending), {"revision": "1", "at": str(TEXT.index(MOVED))}).status_code == 404
