"""Counts say nothing about a person; what a request counts for is deleted with it."""

WITHOUT = {
    "reporting.StepCount": ("number", "week_date", "milestone", "city", "bank"),
    "reporting.StandingCount": ("number", "week_date", "standing"),
    "reporting.StageCount": (
        "number",
        "ended_date",
        "began_date",
        "stage",
        "city",
        "bank",
        "days",
    ),
    "reporting.InHandCount": (
        "number",
        "status",
        "came_back_by",
        "since_date",
        "city",
        "bank",
        "rule",
    ),
    "reporting.StatusCount": ("number", "status", "came_back_by", "since_date"),
    "reporting.CountedRequest": ("last_event_id", "is_activated", "shares"),
    "reporting.CountingProgress": (
        "settled_event_id",
        "seen_event_id",
        "next_event_id",
        "next_transaction",
        "calendar",
    ),
}
