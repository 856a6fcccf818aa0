from apps.common.navigation import Entry, Place


def is_for_a_replacement(context):
    """A page of another matter that shows the request for a replacement."""
    card_request = context.get("card_request")
    namespace = context["request"].resolver_match.app_name
    return namespace == "application" and card_request is not None and card_request.is_replacement


ENTRIES = (
    Entry(Place.MATTERS, 40, "补换", "replacement:guide", also_current=is_for_a_replacement),
)
