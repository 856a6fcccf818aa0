"""Statuses and actions of an archive of pictures, and what becomes of each picture."""

from django.db import models


class ArchiveStatus(models.TextChoices):
    UPLOADED = "UPLOADED", "正在看照片"
    READ = "READ", "待核对"
    UNREADABLE = "UNREADABLE", "读不了"
    STORING = "STORING", "正在存入"
    STORED = "STORED", "已存入"
    DISCARDED = "DISCARDED", "已放弃"


class ArchiveAction(models.TextChoices):
    UPLOAD = "UPLOAD", "上传照片压缩包"
    READ = "READ", "看完照片"
    FAIL = "FAIL", "照片压缩包读不了"
    CONFIRM = "CONFIRM", "确认存入照片"
    FINISH = "FINISH", "存完照片"
    DISCARD = "DISCARD", "放弃照片压缩包"


class PictureFinding(models.TextChoices):
    """What was found out about a picture before anything was stored."""

    MATCHED = "MATCHED", "对上了人"
    UNMATCHED = "UNMATCHED", "没有对上人"
    DOUBLED = "DOUBLED", "一人两张"
    REFUSED = "REFUSED", "照片不能用"

    @property
    def is_good(self):
        """Whether a picture with it may be stored."""
        return self == PictureFinding.MATCHED


class PictureOutcome(models.TextChoices):
    """What became of a matched picture once the preview was confirmed."""

    STORED = "STORED", "已存入"
    SAME = "SAME", "和原来的一样"
    NOT_STORED = "NOT_STORED", "没有存入"
