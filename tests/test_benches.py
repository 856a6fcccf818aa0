"""Every benchmark stands in `make bench`, and a tiny run of each is part of the check."""

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
RUN = re.compile(r"-m bench[.](\w+) [$][(]if [$][(]TINY[)],([0-9 ]+)")


def benchmarks():
    """The modules of bench/ that can be run; the others hold what these share."""
    paths = sorted((ROOT / "bench").glob("*.py"))
    return {path.stem for path in paths if "__main__" in path.read_text(encoding="utf-8")}


def test_every_benchmark_is_run_by_make_with_tiny_sizes_of_its_own():
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {name for name, sizes in RUN.findall(recipe) if sizes.strip()} == benchmarks()
    assert recipe.count("-m bench.") == len(benchmarks())


def test_a_tiny_run_on_both_databases_is_part_of_the_check():
    steps = [line for line in (ROOT / ".ci/run").read_text().splitlines() if "TINY=1" in line]
    assert len(steps) == 2
    assert sum("DATABASE_URL" in step for step in steps) == 1


def test_every_benchmark_prints_what_it_measures_beside_a_floor_or_a_peer():
    for name in benchmarks():
        text = (ROOT / f"bench/{name}.py").read_text(encoding="utf-8")
        assert "floor" in text or "rate of" in text, name
