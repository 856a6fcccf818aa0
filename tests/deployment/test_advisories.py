"""Advisories in the OSV format are held against the pinned versions, each within its time frame."""

import json
import re
import zipfile
from datetime import date

import pytest
from django.conf import settings

from tests.deployment import advisories
from tests.deployment.advisories import TIME_FRAMES, findings, pins

PINNED = {("django", "5.2.19"), ("typing-extensions", "4.1.0")}


def advisory(name="Django", *, versions=(), events=(), severity="CRITICAL", **more):
    return {
        "id": "TEST-1",
        "published": "2026-11-01T08:00:00Z",
        "database_specific": {"severity": severity},
        "affected": [
            {
                "package": {"ecosystem": "PyPI", "name": name},
                "versions": list(versions),
                "ranges": [{"type": "ECOSYSTEM", "events": list(events)}] if events else [],
            }
        ],
    } | more


@pytest.fixture
def found(tmp_path):
    def find(*found, **options):
        for number, each in enumerate(found):
            (tmp_path / f"{number}.json").write_text(json.dumps(each))
        return findings(PINNED, tmp_path, **options)

    return find


SINCE_5 = {"introduced": "5.0"}


@pytest.mark.parametrize(
    ("affected", "is_found"),
    [
        ({"versions": ["5.2.19"]}, True),
        ({"versions": ["5.2.18"]}, False),
        ({"events": [{"introduced": "0"}]}, True),
        ({"events": [SINCE_5, {"fixed": "5.2.20"}]}, True),
        ({"events": [SINCE_5, {"fixed": "5.2.19"}]}, False),
        ({"events": [SINCE_5, {"last_affected": "5.2.19"}]}, True),
        ({"events": [SINCE_5, {"last_affected": "5.2.18"}]}, False),
        ({"events": [{"introduced": "6.0"}]}, False),
        ({"events": [{"introduced": "0"}, {"fixed": "4.2"}, SINCE_5, {"fixed": "5.3"}]}, True),
        ({"versions": ["5.2.19"], "name": "Flask"}, False),
        ({"versions": ["4.1.0"], "name": "typing_extensions"}, True),
        ({"versions": ["5.2.19"], "withdrawn": "2026-11-02T00:00:00Z"}, False),
    ],
)
def test_a_version_is_found_where_the_advisory_names_it(found, affected, is_found):
    assert bool(found(advisory(**affected))) == is_found


@pytest.mark.parametrize(("severity", "days"), [*TIME_FRAMES.items(), ("", TIME_FRAMES["HIGH"])])
def test_the_day_by_which_it_must_be_mended(found, severity, days):
    [finding] = found(advisory(versions=["5.2.19"], severity=severity))
    assert (finding.due - date(2026, 11, 1)).days == days


def test_what_was_accepted_is_left_out_until_its_day(found, tmp_path):
    path = tmp_path / "accepted.txt"
    path.write_text("# why\nCVE-2026-1 until 2026-12-01: we send no mail by that function\n")
    assert advisories.accepted(date(2026, 12, 1), path) == {"CVE-2026-1"}
    assert advisories.accepted(date(2026, 12, 2), path) == set()
    known = advisory(versions=["5.2.19"], aliases=["CVE-2026-1"])
    assert found(known, without={"CVE-2026-1"}) == []
    path.write_text("CVE-2026-1 for ever\n")
    with pytest.raises(ValueError, match="until"):
        advisories.accepted(date(2026, 12, 1), path)


def test_an_archive_is_read_as_well(tmp_path):
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("TEST-1.json", json.dumps(advisory(versions=["5.2.19"])))
    assert len(findings(PINNED, tmp_path / "all.zip")) == 1


def test_every_pinned_version_is_read():
    text = (settings.BASE_DIR / "requirements" / "run.txt").read_text()
    assert len(pins()) >= len(re.findall(r"^\S+==", text, flags=re.MULTILINE)) > 50


def test_the_time_frames_are_those_of_the_document():
    text = (settings.BASE_DIR / "docs" / "security.md").read_text(encoding="utf-8")
    for severity in ("CRITICAL", "HIGH", "MODERATE", "LOW"):
        assert f"| {severity} | {TIME_FRAMES[severity]} 天 |" in text
