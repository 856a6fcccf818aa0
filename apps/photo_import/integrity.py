"""Of archives of pictures: one that is done left no picture, and what waits is worked off."""

from django.db.models import Exists, OuterRef, Q

from apps.common.integrity import PATIENCE, About, Invariant
from apps.photo_import.enums import ArchiveStatus, PictureFinding
from apps.photo_import.models import ArchivedPicture, PhotoArchive


def _done_with_pictures_left(at):
    left = ArchivedPicture.objects.filter(
        Q(finding="") | Q(finding=PictureFinding.MATCHED, done_at=None), archive=OuterRef("pk")
    )
    return PhotoArchive.objects.filter(Exists(left), status=ArchiveStatus.STORED)


def _left_alone(at):
    return PhotoArchive.objects.under_way().filter(status_since__lte=at - PATIENCE)


INVARIANTS = [
    Invariant("存完的照片压缩包没有剩下的照片", _done_with_pictures_left),
    Invariant("上传和确认过的照片压缩包都在看、在存或办完", _left_alone, About.WORK),
]
