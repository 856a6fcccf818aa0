"""Registers the desks of formal losses and of children; the one of requests is in `case_list`."""

from django.contrib import admin

from apps.people.models import Guardianship
from apps.replacement.models import FormalLoss
from apps.review.children.desk import GuardianshipAdmin
from apps.review.losses.desk import FormalLossAdmin

admin.site.register(FormalLoss, FormalLossAdmin)
admin.site.register(Guardianship, GuardianshipAdmin)
