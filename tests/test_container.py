"""Dockerfile and compose file without Docker: what they name is there, and nothing is left open."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
COMPOSE = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
STEPS = [line.split(maxsplit=1) for line in DOCKERFILE.splitlines() if re.match(r"[A-Z]+ ", line)]


def arguments(instruction):
    return [rest for name, rest in STEPS if name == instruction]


def images():
    named = [image.split()[0] for image in arguments("FROM")]
    return named + re.findall(r"^ +image: ([\w.-]+:[\w.-]+)", COMPOSE, flags=re.M)


@pytest.mark.parametrize("image", images())
def test_every_image_names_its_whole_version(image):
    assert re.search(r":\d+\.\d+", image), image


def test_what_is_copied_is_there():
    for copied in arguments("COPY"):
        if not copied.startswith("--from"):
            *sources, _ = copied.split()
            for source in sources:
                assert (ROOT / source).exists(), source


def test_everything_that_is_imported_is_copied():
    copied = " ".join(arguments("COPY"))
    for folder in ("apps", "sbk_portal", "templates", "static", "fixtures", "locale"):
        assert f"{folder} {folder}" in copied


def test_packages_come_with_their_hashes():
    for command in arguments("RUN"):
        for install in re.findall(r"pip install [^&;|]+", command):
            assert "--require-hashes" in install, install


def test_the_program_is_compiled_and_does_not_run_as_root():
    assert any("compileall" in command for command in arguments("RUN"))
    assert arguments("USER")[-1] == "portal"
    last_run = max(number for number, step in enumerate(STEPS) if step[0] == "RUN")
    assert STEPS.index(["USER", "portal"]) > last_run


@pytest.mark.parametrize("service", ["web", "beat", "postgres", "redis"])
def test_every_service_that_stays_says_whether_it_is_well(service):
    [block] = re.findall(rf"^  {service}:\n((?:    .*\n|\n)+)", COMPOSE, flags=re.M)
    assert "healthcheck:" in block


def test_workers_say_so_too():
    worker = COMPOSE.split("x-worker: &worker")[1].split("\nservices:")[0]
    assert "inspect ping" in worker


DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize("image", images())
def test_a_digest_is_whole(image):
    """None is written yet: that needs Docker and a registry (deploy/pin-images)."""
    assert "@" not in image or re.search(r"@sha256:[0-9a-f]{64}$", image)


def test_digests_are_written_behind_the_versions(tmp_path):
    """With a stand-in for Docker that knows one digest; the second time nothing is doubled."""
    for name in ("Dockerfile", "docker-compose.yml"):
        shutil.copy(ROOT / name, tmp_path)
    docker = tmp_path / "bin" / "docker"
    docker.parent.mkdir()
    docker.write_text(f"#!/bin/sh\necho {DIGEST}\n")
    docker.chmod(0o700)
    for _ in range(2):
        subprocess.run(
            [ROOT / "deploy" / "pin-images", tmp_path],
            env={"PATH": f"{docker.parent}:/usr/bin:/bin"},
            check=True,
            capture_output=True,
        )
    text = "".join((tmp_path / name).read_text() for name in ("Dockerfile", "docker-compose.yml"))
    assert text.count(DIGEST) == len(images())
    for image in images():
        assert f"{image.split('@')[0]}@{DIGEST}" in text
    assert text.replace(f"@{DIGEST}", "") == (ROOT / "Dockerfile").read_text() + COMPOSE


def test_an_answer_without_a_digest_changes_nothing(tmp_path):
    for name in ("Dockerfile", "docker-compose.yml"):
        shutil.copy(ROOT / name, tmp_path)
    docker = tmp_path / "docker"
    docker.write_text("#!/bin/sh\necho nothing\n")
    docker.chmod(0o700)
    ended = subprocess.run(
        [ROOT / "deploy" / "pin-images", tmp_path],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        check=False,
        capture_output=True,
    )
    assert ended.returncode == 1
    assert (tmp_path / "Dockerfile").read_text() == (ROOT / "Dockerfile").read_text()
