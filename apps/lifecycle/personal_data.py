"""What a sweep could not do: codes and counts."""

WITHOUT = {
    "lifecycle.Setback": (
        "subject_kind",
        "subject_id",
        "action",
        "reason",
        "tries",
        "first_at",
        "next_try_at",
    )
}
