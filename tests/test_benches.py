"""Every benchmark stands in `make bench`, and a tiny run of each is part of the check."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
RUN = re.compile(r"-m bench[.](\w+) [$][(]if [$][(]TINY[)],([0-9 ]+)")
# They read what the benchmarks have measured.
AFTERWARDS = {"table", "simulate"}
NOTE_AND_COPY = """
import os, sys
from bench import table
table.note("page_home", ours=[20, 10, 25], floor=[40, 30, 50], unit="requests a second")
table.main(os.environ["BENCH_ROWS"], sys.argv[1])
"""


def benchmarks():
    """The modules of bench/ that can be run; the others hold what these share."""
    paths = sorted((ROOT / "bench").glob("*.py"))
    found = {path.stem for path in paths if "__main__" in path.read_text(encoding="utf-8")}
    return found - AFTERWARDS


def test_every_benchmark_is_run_by_make_with_tiny_sizes_of_its_own():
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {name for name, sizes in RUN.findall(recipe) if sizes.strip()} == benchmarks()
    assert recipe.count("-m bench.") == len(benchmarks() | AFTERWARDS)


def test_a_tiny_run_on_both_databases_is_part_of_the_check():
    steps = re.findall(r'"([^"]*make bench TINY=1)"', (ROOT / ".ci/run").read_text())
    assert steps == ["make bench TINY=1", "DATABASE_URL='$database' make bench TINY=1"]


def test_every_benchmark_prints_what_it_measures_beside_a_floor_or_a_peer():
    for name in benchmarks():
        text = (ROOT / f"bench/{name}.py").read_text(encoding="utf-8")
        assert "table.note(" in text or "table.compare(" in text, name


@pytest.mark.slow
def test_the_table_is_the_median_of_the_ratios_of_each_round(tmp_path, monkeypatch):
    monkeypatch.setenv("BENCH_ROWS", str(tmp_path / "rows"))
    shown = subprocess.run(
        [sys.executable, "-c", NOTE_AND_COPY, str(tmp_path / "copy.json")],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert "page_home" in shown.stdout
    (row,) = json.loads((tmp_path / "copy.json").read_text(encoding="utf-8"))
    assert row == {
        "name": "page_home",
        "ratio": 0.5,
        "ours": 20.0,
        "floor": 40.0,
        "unit": "requests a second",
    }
