"""What pages say about the guardian behind the request of a child."""

from django import template

from apps.people.models import Guardianship

register = template.Library()


@register.simple_tag
def proof_of_guardian(guardian_id, ward_id):
    """户口簿 or 出生医学证明, by which HR confirmed the guardianship; empty without one."""
    guardianships = Guardianship.objects.confirmed().filter(guardian=guardian_id, ward=ward_id)
    guardianship = guardianships.first()
    return guardianship.get_proof_kind_display() if guardianship else ""
