"""A picture that cannot be read is not found: the page that shows it goes on."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile
from django.http import Http404

from apps.common.served_files import picture_response
from apps.people.models import Holder


def spoil(path):
    path.write_bytes(path.read_bytes()[:-5] + b"other")


def put_a_folder_there(path):
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [Path.unlink, spoil, put_a_folder_there])
def test_what_is_lost_or_spoilt_is_not_found(settings, tmp_path, damage):
    settings.MEDIA_ROOT = tmp_path
    name = default_storage.save("one.jpg", ContentFile(b"picture"))
    file = FieldFile(Holder(), Holder._meta.get_field("reference_photo"), name)
    assert b"".join(picture_response(file)) == b"picture"
    file.close()
    damage(tmp_path / name)
    with pytest.raises(Http404):
        picture_response(FieldFile(file.instance, file.field, name))


def test_where_there_is_none_it_is_not_found():
    with pytest.raises(Http404):
        picture_response(Holder().reference_photo)
