"""How the portal itself runs is about no person."""

WITHOUT = {
    "operations.Process": ("kind", "name", "release", "started_at", "seen_at"),
    "operations.TaskRun": (
        "task",
        "watched_since",
        "started_at",
        "succeeded_at",
        "failed_at",
        "last_error",
        "last_ms",
        "successes",
        "failures",
        "total_ms",
    ),
    "operations.KeyRecord": ("name", "digest", "first_seen_at"),
    "operations.LastFound": ("check_key", "is_bad", "since_at"),
    "operations.Alarm": (
        "check_key",
        "says",
        "began_at",
        "ended_at",
        "told_at",
        "end_told_at",
        "told_through",
        "end_told_through",
        "leased_until",
        "last_error",
    ),
}
