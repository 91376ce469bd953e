"""Label Studio JSON: tasks whose regions stand on their words, and a configuration that knows every label."""

import json
from typing import Any
from xml.etree import ElementTree

from annotator.export import labelstudio
from db.engine import Database
from tests.export.conftest import Written, articles, counts, lost


def tasks(written: Written) -> list[dict[str, Any]]:
    return list(json.loads((written("labelstudio") / labelstudio.FILE).read_bytes()))


def test_regions_stand_on_their_words_in_code_points(written: Written, hard: Database) -> None:
    found = tasks(written)
    assert [task["data"]["text"] for task in found] == [article["text"] for article, _ in articles(hard)]
    for task in found:
        for annotation in task["annotations"]:
            for region in annotation["result"]:
                value = region["value"]
                assert task["data"]["text"][value["start"] : value["end"]] == value["text"]


def test_every_judgement_and_claim_is_a_region_and_ids_are_unique(written: Written, hard: Database) -> None:
    regions = [found for task in tasks(written) for a in task["annotations"] for found in a["result"]]
    ids = [region["id"] for region in regions]
    wanted = counts(hard)
    assert len(ids) == len(set(ids))
    empty = lost(written("labelstudio"))["annotations_without_label"]
    assert empty == 1
    labelled = sum("sentence_id" in region["meta"] for region in regions)
    assert labelled + empty == wanted["annotations"] + wanted["gold"]
    assert sum(uid.startswith("clm_") for uid in ids) == wanted["claims"]


def test_the_configuration_names_every_label_that_is_used(written: Written) -> None:
    view = ElementTree.fromstring((written("labelstudio") / labelstudio.CONFIG).read_text("utf-8"))
    known = {label.attrib["value"] for label in view.iter("Label")}
    control, text = view.find("Labels"), view.find("Text")
    assert control is not None
    assert text is not None
    for task in tasks(written):
        for annotation in task["annotations"]:
            for region in annotation["result"]:
                assert set(region["value"]["labels"]) <= known
                assert (region["from_name"], region["to_name"]) == (control.attrib["name"], text.attrib["name"])


def test_gold_is_the_ground_truth_and_people_are_ids(written: Written) -> None:
    for task in tasks(written):
        who = [(annotation["ground_truth"], annotation["completed_by"]["email"]) for annotation in task["annotations"]]
        assert who[0] == (True, "gold")
        assert all(not truth and name.startswith("rev_") for truth, name in who[1:])
