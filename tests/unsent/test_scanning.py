"""A virus scanner, where there is one, sees every upload before anything else does."""

import socket

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.unsent import scanning
from apps.unsent.held_uploads import HeldFileField
from apps.unsent.uploads import UploadField
from tests.application.pictures import upload
from tests.clamd import VIRUS, Scanner
from tests.factories.cards import make_draft


@pytest.fixture
def scanner(tmp_path, settings):
    path = tmp_path / "clamd"
    settings.VIRUS_SCANNER, settings.VIRUS_SCANNER_TIMEOUT = str(path), 0.5
    scanner = Scanner(path)
    yield scanner
    scanner.socket.close()


def file(content=b"words"):
    return SimpleUploadedFile("a.csv", content)


def code_of(content=b"words"):
    with pytest.raises(ValidationError) as refused:
        UploadField().clean(file(content))
    return refused.value.code


def test_a_clean_file_is_seen_whole_and_read_afterwards(scanner):
    long = b"0123456789" * 20_000
    assert UploadField().clean(file(long)).read() == long
    assert scanner.seen == [long]


def test_a_file_with_a_virus_is_refused(scanner):
    assert code_of(b"first " + VIRUS) == "infected"


@pytest.mark.parametrize("says", [b"INSTREAM size limit exceeded. ERROR", b""])
def test_an_answer_that_says_nothing_refuses_for_now(scanner, says):
    scanner.says = says
    assert code_of() == scanning.UNAVAILABLE


def test_a_scanner_that_is_away_refuses_for_now(settings):
    settings.VIRUS_SCANNER = "/nowhere/clamd"
    assert code_of() == scanning.UNAVAILABLE


def test_a_scanner_that_hangs_refuses_for_now(settings, tmp_path):
    with socket.socket(socket.AF_UNIX) as hung:
        hung.bind(str(tmp_path / "clamd"))
        hung.listen()
        settings.VIRUS_SCANNER = str(tmp_path / "clamd")
        settings.VIRUS_SCANNER_TIMEOUT = 0.2
        assert code_of() == scanning.UNAVAILABLE


def test_without_a_scanner_nothing_is_asked(settings):
    settings.VIRUS_SCANNER = ""
    assert UploadField().clean(file(VIRUS)).read() == VIRUS


def test_files_that_a_page_holds_are_seen_as_well(scanner):
    with pytest.raises(ValidationError):
        HeldFileField().clean(file(VIRUS))


@pytest.mark.django_db
def test_the_page_says_so_and_holds_what_was_chosen(client, settings):
    """A file that could not be looked at need not be chosen again."""
    settings.VIRUS_SCANNER = "/nowhere/clamd"
    draft = make_draft()
    client.force_login(draft.applicant)
    answer = client.post(
        reverse("application:portrait", args=[draft.reference]), {"picture": upload()}
    )
    page = answer.content.decode()
    assert "现在不能扫描病毒" in page
    assert 'name="picture-held"' in page
