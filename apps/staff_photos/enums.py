from django.db import models


class PhotoPurpose(models.TextChoices):
    """What the pictures of an archive are for."""

    REFERENCE = "REFERENCE", "对比照：核验人脸、审核照片时对照"
    PORTRAIT = "PORTRAIT", "申领用证件照：本人申请时可以直接选用"

    @property
    def is_offered(self):
        """Whether people are offered the pictures."""
        return self == PhotoPurpose.PORTRAIT
