"""The dashboard and the rules for Prometheus: they can be read, and what they name exists."""

import json
import re
from itertools import chain

import pytest
from django.conf import settings
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML

FOLDER = settings.BASE_DIR / "deploy" / "monitoring"


def dashboard():
    return json.loads((FOLDER / "grafana-dashboard.json").read_text(encoding="utf-8"))


def loaded(name):
    return YAML(typ="safe").load((FOLDER / name).read_text(encoding="utf-8"))


def expressions():
    for panel in dashboard()["panels"]:
        for target in panel["targets"]:
            yield target["expr"]
    for group in loaded("alerts.yml")["groups"]:
        for rule in group["rules"]:
            yield rule["expr"]


@pytest.mark.django_db
def test_every_metric_they_name_exists(client):
    client.get("/areas/")
    text = client.get("/metrics").content.decode()
    families = list(text_string_to_metric_families(text))
    exposed = {sample.name for family in families for sample in family.samples}
    # A family without a sample now: of processes, queues and the pool.
    exposed |= {family.name for family in families}
    named = set(chain.from_iterable(re.findall(r"\bportal_\w+", text) for text in expressions()))
    assert len(named) > 10
    named_with_total = {name.removesuffix("_total") for name in named}
    known = {name.removesuffix("_total") for name in exposed}
    assert sorted(named_with_total - known) == []


def test_every_rule_says_what_it_is_and_what_to_do():
    for group in loaded("alerts.yml")["groups"]:
        for rule in group["rules"]:
            assert rule["annotations"]["summary"]
            assert rule["annotations"]["remedy"].endswith("。")
            assert rule["labels"]["severity"] in {"page", "warn"}


def test_panels_have_a_place_and_a_number_of_their_own():
    panels = dashboard()["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24
        assert not cells & taken
        taken |= cells


def test_prometheus_asks_where_the_portal_answers():
    (job,) = loaded("prometheus.yml")["scrape_configs"]
    assert job["metrics_path"] == "/metrics"
    assert loaded("prometheus.yml")["rule_files"] == ["alerts.yml"]
