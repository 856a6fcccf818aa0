"""Saved lists are about no person: a filter, and a name that may hold no number."""

WITHOUT = {
    "saved_lists.SavedList": (
        "reference",
        "by",
        "at",
        "name",
        "query",
        "is_shared",
        "changed_by",
        "changed_at",
    ),
    "saved_lists.FirstList": ("by", "saved_list"),
}
