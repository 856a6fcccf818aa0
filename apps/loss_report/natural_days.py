"""How the days of a temporary loss count: 自然日, in Beijing, without shifting for holidays."""

from datetime import timedelta

from apps.common.moments import day_of, end_of

ONE_DAY = timedelta(days=1)


def end_of_suspension(at, days):
    """The end of a suspension of `days` that is reported at the moment `at`.

    The day of the report does not count (民法典第二百零一条). The last day ends at its 24:00. All
    reports of one day have the same end.
    """
    return end_of(day_of(at) + days * ONE_DAY)


def last_date(ends_at):
    """The day at whose 24:00 `ends_at` is."""
    return day_of(ends_at) - ONE_DAY


# How long before the end the reminder is sent: at nine on the day before the last day.
REMINDED_BEFORE = 2 * ONE_DAY - timedelta(hours=9)


def time_left(left):
    """The timedelta `left` as people say it: 7天4小时, 5小时, and minutes in the last hour only.

    static/js/countdown.js continues from this text.
    """
    minutes = max(0, int(left.total_seconds() // 60))
    days, minutes = divmod(minutes, 1440)
    hours, minutes = divmod(minutes, 60)
    if days:
        return f"{days}天{hours}小时" if hours else f"{days}天"
    if hours:
        return f"{hours}小时"
    return f"{minutes}分钟" if minutes else "不到1分钟"
