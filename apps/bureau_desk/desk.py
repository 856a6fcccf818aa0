"""The four lists of the bureau's desk: batches, reports, files, lines in quarantine."""

from apps.bureau_desk.views import batches, files, held, lines, reports
from apps.desk.pages import DeskAdmin


class BatchDesk(DeskAdmin):
    pages = (
        ("", batches.index, "changelist"),
        ("held/", held.index, "held"),
        ("held/release/", held.release_many, "release_many"),
        ("held/<str:reference>/", held.detail, "hold"),
        ("held/<str:reference>/release/", held.release, "release"),
        ("held/<str:reference>/back/", held.send_back, "send_back"),
        ("<str:reference>/change/", batches.detail, "change"),
        ("<str:reference>/retry/", batches.retry, "retry"),
        ("orders/<str:reference>/called/", batches.called, "called"),
    )


class ReportDesk(DeskAdmin):
    pages = (
        ("", reports.index, "changelist"),
        ("<str:reference>/retry/", reports.retry, "retry"),
        ("<str:reference>/dismiss/", reports.dismiss, "dismiss"),
    )


class FileDesk(DeskAdmin):
    pages = (
        ("", files.index, "changelist"),
        ("upload/", files.upload, "upload"),
        ("upload/<str:reference>/", files.preview, "preview"),
        ("upload/<str:reference>/confirm/", files.confirm, "confirm"),
        ("upload/<str:reference>/discard/", files.discard, "discard"),
        ("<str:reference>/change/", files.detail, "change"),
    )


class LineDesk(DeskAdmin):
    pages = (
        ("", lines.index, "changelist"),
        ("<str:reference>/change/", lines.detail, "change"),
        ("<str:reference>/look/", lines.look, "look"),
        ("<str:reference>/correct/", lines.correct, "correct"),
        ("<str:reference>/dismiss/", lines.dismiss, "dismiss"),
    )
