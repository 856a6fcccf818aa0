import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from tests.factories.cards import COMPLETE

PORTRAIT = b"the bytes of a portrait"


@pytest.fixture
def folders(settings, tmp_path):
    """(out, in): the folders of the files adapter, which is chosen."""
    settings.CARD_BUREAU = "apps.bureau.adapters.files.FilesBureau"
    settings.BUREAU_OUT_DIR = str(tmp_path / "out")
    settings.BUREAU_IN_DIR = str(tmp_path / "in")
    (tmp_path / "in").mkdir()
    default_storage.save(COMPLETE["portrait"], ContentFile(PORTRAIT))
    yield tmp_path / "out", tmp_path / "in"
    default_storage.delete(COMPLETE["portrait"])
