"""A small app of a test: it adds 政治面貌 to the application, and needs nothing but this file."""

from django.db import models

from apps.requests.declaration import Field, from_age


class PoliticalStatus(models.TextChoices):
    """GB/T 4762-1984, in part."""

    PARTY = "01", "中共党员"
    LEAGUE = "03", "共青团员"
    NONE = "13", "群众"


FIELD = Field(
    name="political_status",
    label="政治面貌",
    codes=PoliticalStatus,
    asked=from_age("EMPLOYMENT_FROM_AGE"),
    required=from_age("EMPLOYMENT_FROM_AGE"),
    help_text="以组织关系所在单位的登记为准",
    still_holds=lambda row, today: True,
    datum="sensitive",
    is_compared_with_earlier=True,
    export_width=12,
    is_ordered=True,
)
