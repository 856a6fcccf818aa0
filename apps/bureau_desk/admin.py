"""Registers the pages of the bureau in the admin: one line for each model."""

from django.contrib import admin

from apps.bureau.models import BureauFile, BureauReport, ProductionBatch, QuarantinedLine
from apps.bureau_desk.desk import BatchDesk, FileDesk, LineDesk, ReportDesk

admin.site.register(ProductionBatch, BatchDesk)
admin.site.register(BureauReport, ReportDesk)
admin.site.register(BureauFile, FileDesk)
admin.site.register(QuarantinedLine, LineDesk)
