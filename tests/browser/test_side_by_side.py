"""Two reviewers and a lead on one article at once: nothing of the others is seen before one's own work is finished."""

import pytest

from tests.browser.conftest import Desk, loads, press, until

pytestmark = pytest.mark.browser
NOTE = "a note that only its writer may read"


def test_nothing_of_others_is_on_the_page_or_in_its_source_before_finishing(desk: Desk) -> None:
    anna, ben, lea = desk.open("Anna"), desk.open("Ben"), desk.open("Lea")
    for page in (anna, ben, lea):
        desk.go(page, 14)
    press(anna, "2", "k", "n")
    anna.keyboard.type(NOTE)
    anna.keyboard.press("Tab")
    press(anna, "Enter")
    assert until(lambda: desk.labels_of("Anna") == ["Quote"])
    for page in (ben, lea):
        page.reload()
        html = page.content()
        assert NOTE not in html
        assert "Anna" not in html
        assert page.inner_text("#s-14 .vh").strip() == "14, not labelled yet:"
        assert page.locator(".sent .mark:not(.is-todo)").count() == 0
    assert ben.inner_text("#count") == "0 of 30"
    assert lea.locator("#label-form").count() == 0
    assert "nobody’s labels are shown" in lea.inner_text(".desk")
    desk.go(ben, 1)
    for _ in range(30):
        press(ben, "1")
    assert NOTE not in ben.content()
    loads(ben, lambda: ben.click('form[action$="/finish"] button'))
    ben.goto(f"{desk.base}/articles/{desk.article}/disagreements")
    assert "Anna" in ben.content()
