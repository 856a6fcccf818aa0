from django.db import models


class UploadKind(models.TextChoices):
    """What is uploaded. settings.UPLOADS_AN_HOUR says how many of each one person may send."""

    PICTURE = "PICTURE", "照片"
    TABLE = "TABLE", "表格文件"

    @property
    def measure(self):
        """The word between a number and the label: 60 张照片."""
        return {UploadKind.PICTURE: "张", UploadKind.TABLE: "个"}[self]
