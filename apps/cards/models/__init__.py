"""The shared card-lifecycle model: a card, the request that leads to it, and what happened."""

from apps.cards.models.bureau import BureauFile, BureauReport, QuarantinedLine, ReportUpload
from apps.cards.models.card import Card
from apps.cards.models.discarded import DiscardedFile
from apps.cards.models.duration import StageDuration
from apps.cards.models.particulars import Amendment, Particulars
from apps.cards.models.production import ProductionBatch, ProductionOrder, SimulatedJob
from apps.cards.models.request import CardRequest

__all__ = [
    "Amendment",
    "BureauFile",
    "BureauReport",
    "Card",
    "CardRequest",
    "DiscardedFile",
    "Particulars",
    "ProductionBatch",
    "ProductionOrder",
    "QuarantinedLine",
    "ReportUpload",
    "SimulatedJob",
    "StageDuration",
]
