"""A report file with one broken line, so that the quarantine is not empty."""

from apps.bureau import reports
from apps.bureau.adapters import report_file
from apps.bureau.models import ProductionOrder

# Whose card is being made.
EMPLOYEE_NUMBER = "D1008"


def build(*, at, tell):
    orders = ProductionOrder.objects.filter(
        card_request__applicant__employee_number=EMPLOYEE_NUMBER
    )
    order = orders.order_by("pk").last()
    if order is None:
        return
    cut_short = f"HP-0001,{order.reference},MADE"
    data = "\r\n".join([",".join(report_file.COLUMNS), cut_short, ""]).encode()
    reports.store(file=report_file.read("demo-01.csv", data, at=at), by=None, at=at)
    tell("制卡中心的一行回盘有误，已隔离")
