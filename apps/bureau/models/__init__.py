"""What is ordered from the card bureau, and the files and reports that go to and fro."""

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
