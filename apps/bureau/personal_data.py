"""What is kept of the exchange with the card bureau."""

from django.db.models import Q

from apps.bureau.models import ProductionOrder
from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Receiver, Term


def _of_orders(holder, reader):
    orders = ProductionOrder.objects.filter(card_request__holder=holder.pk)
    return Q(order_reference__in=orders.values("reference"))


KEPT = (
    PersonalData(
        category=Category.CARD,
        model="bureau.ProductionOrder",
        fields=("reference", "status", "status_since", "fault"),
        purpose="送制卡中心制卡",
        source=DataSource.PORTAL,
        ground=LegalGround.SEPARATE_CONSENT,
        term=Term("和申请一起长期保存"),
        receivers=(Receiver.BUREAU, Receiver.BANK),
        of="card_request__holder",
        stays="制卡中心有疑问时要对得上",
    ),
    PersonalData(
        category=Category.CARD,
        model="bureau.BureauReport",
        fields=("card_number", "carrier", "tracking_number", "failure", "error"),
        title="回盘的内容",
        purpose="登记制卡和寄出的结果",
        source=DataSource.BUREAU,
        ground=LegalGround.DUTY,
        term=Term("收到并登记", "REPORT_RETENTION", "清空；卡号和运单号留在社保卡和申请上"),
        of=_of_orders,
        data={"card_number": "card_number"},
        stays="制卡中心有疑问时要对得上，到期清空",
    ),
    PersonalData(
        category=Category.CARD,
        model="bureau.BureauReport",
        fields=("reference", "kind", "reported_at", "received_at", "status", "status_since"),
        purpose="同一条回盘只登记一次",
        source=DataSource.BUREAU,
        ground=LegalGround.DUTY,
        term=Term("和申请一起长期保存"),
        of=_of_orders,
        stays="没有它，同一条回盘会登记两次",
    ),
    PersonalData(
        category=Category.WORK,
        model="bureau.QuarantinedLine",
        fields=("content", "fault"),
        purpose="改正读不出来的回盘",
        source=DataSource.BUREAU,
        ground=LegalGround.DUTY,
        term=Term("收到并处理", "REPORT_RETENTION", "清空"),
        not_shown="读不出来，所以分不出是谁的；加密保存，看一次记一次",
        stays="到期自动清空",
    ),
    PersonalData(
        category=Category.WORK,
        model="bureau.ReportUpload",
        fields=("name", "content"),
        purpose="人事处核对之后登记",
        source=DataSource.BUREAU,
        ground=LegalGround.DUTY,
        term=Term("上传", "REPORT_UPLOAD_RETENTION"),
        not_shown="整个文件加密保存，核对之前分不出谁的",
        stays="到期自动删除",
    ),
)

WITHOUT = {
    "bureau.ProductionBatch": (
        "status_since",
        "reference",
        "bureau",
        "created_at",
        "status",
        "next_try_at",
        "tries",
        "last_error",
    ),
    "bureau.ProductionOrder": ("card_request", "batch"),
    "bureau.SimulatedJob": (
        "order_reference",
        "bureau",
        "city_code",
        "is_pickup",
        "is_by_unit",
        "is_faulty",
        "received_at",
        "made_at",
        "sent_at",
        "is_made_reported",
        "is_sent_reported",
    ),
    "bureau.BureauFile": (
        "reference",
        "name",
        "sha256",
        "direction",
        "batch",
        "bureau",
        "exchanged_at",
        "exchanged_by",
        "good",
        "repeated",
        "broken",
        "refusal",
    ),
    "bureau.BureauReport": (
        "order_reference",
        "file",
        "next_try_at",
        "waits_for",
        "forgotten_at",
    ),
    "bureau.QuarantinedLine": (
        "reference",
        "file",
        "number",
        "content_index",
        "received_at",
        "status",
        "status_since",
        "report",
        "forgotten_at",
    ),
    "bureau.ReportUpload": ("reference", "uploaded_at", "uploaded_by"),
}
