"""Seals are digests of events, with a random number each: they say nothing about a person."""

WITHOUT = {
    "seals.Leaf": ("event", "salt", "digest"),
    "seals.Subtree": ("level", "position", "digest"),
    "seals.TreeHead": (
        "origin",
        "size",
        "root",
        "sealed_at",
        "last_event_id",
        "key_id",
        "signature",
    ),
    "seals.Sealer": ("updated_at",),
    "seals.ProofAddress": ("reference", "event", "created_at"),
    "seals.HeadCopy": (
        "channel",
        "target",
        "sent_number",
        "sent_size",
        "sent_at",
        "answer",
        "tries",
        "last_error",
        "next_try_at",
    ),
    "seals.SealCheck": ("computed_at", "heads", "leaves", "finding"),
}
