"""Orders for the card bureau, and the files and reports that are exchanged with it."""

from apps.bureau.models.bureau import BureauFile, BureauReport, QuarantinedLine, ReportUpload
from apps.bureau.models.production import ProductionBatch, ProductionOrder, SimulatedJob

__all__ = [
    "BureauFile",
    "BureauReport",
    "ProductionBatch",
    "ProductionOrder",
    "QuarantinedLine",
    "ReportUpload",
    "SimulatedJob",
]
