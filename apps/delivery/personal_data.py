"""What is kept of where a card is sent."""

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Receiver, Term

KEPT = (
    PersonalData(
        category=Category.DELIVERY,
        model="delivery.Shipment",
        fields=(
            "recipient",
            "phone",
            "province",
            "city",
            "county",
            "address",
            "postcode",
            "branch",
            "saved_at",
        ),
        purpose="把卡寄给您",
        source=DataSource.SELF,
        ground=LegalGround.SEPARATE_CONSENT,
        term=Term("领取或申请终止", "DATA_RETENTION", "清空"),
        receivers=(Receiver.CARRIER,),
        of="card_request__holder",
        data={"recipient": "recipient", "phone": "phone", "address": "street"},
        written_by="saved_by",
        contact=("recipient", "phone", "county", "address", "postcode"),
        stays="卡还在路上或可能要查件，到期清空；没付款的可以撤销申请",
    ),
    PersonalData(
        category=Category.DELIVERY,
        model="delivery.Shipment",
        fields=("method", "tier", "postage_fen"),
        title="领卡方式和邮寄费",
        purpose="说明邮寄费是怎么算的",
        source=DataSource.PORTAL,
        ground=LegalGround.DUTY,
        term=Term("和订单一起长期保存"),
        of="card_request__holder",
        stays="账目的凭据",
    ),
)

WITHOUT = {"delivery.Shipment": ("card_request", "saved_by", "forgotten_at")}
