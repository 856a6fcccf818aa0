"""The life of an archive of pictures: looked at by a worker, confirmed by somebody, stored."""

from apps.events.enums import Role
from apps.lifecycle.tables import Lifecycle, move
from apps.photo_import.enums import ArchiveAction, ArchiveStatus

PHOTO_ARCHIVE = Lifecycle(
    name="photo_archive",
    label="PhotoArchive (照片压缩包)",
    noun="这个压缩包",
    statuses=ArchiveStatus,
    actions=ArchiveAction,
    moves={
        ArchiveAction.UPLOAD: move((), ArchiveStatus.UPLOADED, Role.STAFF),
        ArchiveAction.READ: move({ArchiveStatus.UPLOADED}, ArchiveStatus.READ, Role.WORKER),
        ArchiveAction.FAIL: move({ArchiveStatus.UPLOADED}, ArchiveStatus.UNREADABLE, Role.WORKER),
        ArchiveAction.CONFIRM: move({ArchiveStatus.READ}, ArchiveStatus.STORING, Role.STAFF),
        ArchiveAction.FINISH: move({ArchiveStatus.STORING}, ArchiveStatus.STORED, Role.WORKER),
        ArchiveAction.DISCARD: move(
            {ArchiveStatus.UPLOADED, ArchiveStatus.READ, ArchiveStatus.UNREADABLE},
            ArchiveStatus.DISCARDED,
            Role.STAFF,
            Role.WORKER,
        ),
    },
)
