"""What is kept in memory stays within its room."""

from db.kept import Kept


def test_the_least_used_goes_first_and_the_room_is_never_exceeded() -> None:
    kept = Kept(10)
    for name in "abc":
        kept.put(name, name.upper(), 3)
    assert kept.get("a") == "A"
    kept.put("d", "D", 3)
    assert [kept.get(name) for name in "abcd"] == ["A", None, "C", "D"]
    kept.put("a", "again", 4)
    assert kept.get("a") == "again"
    kept.put("e", "E", 3)
    assert [kept.get(name) for name in "acde"] == ["again", None, "D", "E"]


def test_what_is_larger_than_all_the_room_is_not_kept_and_drops_the_value_before() -> None:
    kept = Kept(10)
    kept.put("a", 1, 2)
    kept.put("a", 2, 11)
    assert kept.get("a") is None
    kept.put("b", 3, 10)
    assert kept.get("b") == 3
