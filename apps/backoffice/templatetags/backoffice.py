"""What every page of the admin shows around its content."""

from django import template

from apps.backoffice import navigation

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_navigation(context):
    """The bar between the parts of the desk, as far as the signed-in person may go."""
    match = context["request"].resolver_match
    name = match.url_name if match and match.url_name else ""
    return navigation.bar_for(context["user"], name)
