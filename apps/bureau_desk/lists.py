"""Lists of the bureau's desk, newest first. A cursor is used, so that no page counts all rows."""

from apps.encryption import public_keys

SIZE = 50


def page_of(rows, params):
    """At most `SIZE` of the `rows`, older than the cursor in `params` (a request's GET).

    Returns them and the query string of the next page, or "". An invalid cursor means the first
    page.
    """
    rows = rows.order_by("-pk")
    cursor = public_keys.in_data(params, "before", rows.model)
    if cursor is not None:
        rows = rows.filter(pk__lt=cursor)
    found = list(rows[: SIZE + 1])
    if len(found) <= SIZE:
        return found, ""
    following = params.copy()
    following["before"] = public_keys.of(found[SIZE - 1])
    return found[:SIZE], f"?{following.urlencode()}"


def choice(value, choices):
    """The member of the enumeration `choices` that `value` names, or None."""
    return choices(value) if value in choices.values else None
