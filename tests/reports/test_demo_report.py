"""The report on the demonstration, which is always the same, against the golden one that is read in review.

The golden file has the figures, four places of them, and a line a sentence; what each reviewer said is not in it.
REWRITE_GOLDEN=1 pytest tests/reports/test_demo_report.py writes it anew.
"""

import json
import os
from pathlib import Path
from typing import Any

from annotator.reports import disagreement_files as files
from annotator.reports.disagreements import disagreement_report
from annotator.services import demo
from db.engine import Database

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "demo_report.json"


def rounded(value: Any) -> Any:
    """Four places are what every processor's arithmetic agrees on."""
    if isinstance(value, float):
        return round(value, 4) + 0.0  # no minus zero
    if isinstance(value, dict):
        return {name: rounded(one) for name, one in value.items()}
    return [rounded(one) for one in value] if isinstance(value, list) else value


def compact(told: dict[str, Any]) -> dict[str, Any]:
    """The report with a line for whatever has many lines."""
    layers = {}
    for name, layer in told["layers"].items():
        metrics = {
            metric: one["reason"] or f"{one['value']} ({one['ci95'][0]} to {one['ci95'][1]})"
            for metric, one in layer["metrics"].items()
        }
        pairs = [f"{p['a']} {p['b']} {p['shared']} {p['kappa']}" for p in layer["pairs"]]
        layers[name] = {"items": layer["items"], "ratings": layer["ratings"], "metrics": metrics, "pairs": pairs}
    sentences = [
        f"{s['article_id']} {s['ordinal']} {s['difference']} {s['entropy_bits']} {s['gold']}" for s in told["sentences"]
    ]
    spots = [f"{s['type']} {s['name']} {s['disputed']}/{len(s['sentences'])} {s['z']}" for s in told["hot_spots"]]
    return told | {"layers": layers, "sentences": sentences, "hot_spots": spots}


def test_report_on_the_demonstration_is_the_golden_one(database: Database) -> None:
    demo.fill(database)
    with database.read() as session:
        found = compact(rounded(json.loads(json.dumps(files.as_json(disagreement_report(session))))))
    if os.environ.get("REWRITE_GOLDEN"):
        GOLDEN.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert found == json.loads(GOLDEN.read_text("utf-8"))
