"""The report on the demonstration, which is always the same, against the golden one that is read in review.

The golden file has the figures, four places of them, and a line a sentence; what each reviewer said is not in it.
REWRITE_GOLDEN=1 pytest tests/reports/test_demo_report.py writes it anew.
"""

import json
import os
import re
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
    method = {name: one for name, one in told["method"].items() if name not in ("versions", "formulas")}
    method["paragraph"] = method["paragraph"].partition(" Computed with")[0]  # versions are not the same everywhere
    left_out = {name: f"{one['count']} on {len(one['sentences'])}" for name, one in told["left_out"].items()}
    found = told | {"layers": layers, "sentences": sentences, "hot_spots": spots}
    return found | {"method": method, "left_out": left_out}


def in_short_lines(found: Any) -> str:
    """Indented, but what fits on a line in one line."""
    text = json.dumps(found, ensure_ascii=False, indent=1)
    for _ in range(2):
        text = re.sub(
            r"([\[{])\s+([^\[\]{}]{0,140}?)\s+([\]}])",
            lambda match: match[1] + re.sub(r",\s+", ", ", match[2]) + match[3],
            text,
        )
    return text + "\n"


def test_report_on_the_demonstration_is_the_golden_one(database: Database) -> None:
    demo.fill(database)
    with database.read() as session:
        found = compact(rounded(json.loads(json.dumps(files.as_json(disagreement_report(session))))))
    if os.environ.get("REWRITE_GOLDEN"):
        GOLDEN.write_text(in_short_lines(found), "utf-8")
    assert found == json.loads(GOLDEN.read_text("utf-8"))
