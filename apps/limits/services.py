"""Counts what one person uploads, in the database: it needs no Redis and holds for all processes.

Call `count_upload` before the file is opened, outside of any transaction that could be undone.
"""

from datetime import timedelta

from django.conf import settings

from apps.common.templatetags.formats import time_of_day
from apps.limits.models import CountedUpload
from apps.limits.refusals import TooManyUploads

HOUR = timedelta(hours=1)


def count_upload(*, kind, by, at, number=1):
    """Count `number` files of the `UploadKind` `kind`.

    Raises `TooManyUploads`, which names the time from which so many can be sent again; then nothing
    is counted. The rows are written first, so that parallel requests cannot pass together.
    """
    most = settings.UPLOADS_AN_HOUR[kind]
    written = CountedUpload.objects.bulk_create(
        [CountedUpload(kind=kind, by=by, at=at) for _ in range(number)]
    )
    recent = CountedUpload.objects.filter(by=by, kind=kind, at__gt=at - HOUR)
    if recent.count() <= most:
        return
    CountedUpload.objects.filter(pk__in=[row.pk for row in written]).delete()
    raise TooManyUploads(
        f"一小时内最多上传 {most} {kind.measure}{kind.label}，现在已经到了。"
        f"{_goes_on(recent, most=most, number=number)}填写的其他内容都还在。",
        code="too_many_uploads",
    )


def _goes_on(recent, *, most, number):
    """From when on `number` more can be sent: when the oldest in the way are an hour old."""
    moments = list(recent.order_by("at").values_list("at", flat=True))
    in_the_way = len(moments) + number - most
    if number > most or not 0 < in_the_way <= len(moments):
        return "请一次少传几个。"
    free_at = moments[in_the_way - 1] + HOUR + timedelta(minutes=1)  # a started minute counts
    return f"{time_of_day(free_at)} 以后可以接着上传。"


def forget(*, at, limit):
    """Delete what was counted settings.UPLOAD_COUNT_RETENTION ago, or earlier. Returns how many."""
    old = CountedUpload.objects.filter(at__lte=at - settings.UPLOAD_COUNT_RETENTION)
    oldest = old.order_by("at").values("pk")[:limit]
    return CountedUpload.objects.filter(pk__in=oldest).delete()[0]
