"""What is kept of messages to people."""

from django.db.models import Q

from apps.common.kept_data import Category, DataSource, LegalGround, PersonalData, Receiver, Term

KEPT = (
    PersonalData(
        category=Category.MESSAGE,
        model="notices.Notice",
        fields=("text", "channel", "created_at", "status", "sent_at", "read_at"),
        purpose="告诉您办到了哪一步",
        source=DataSource.PORTAL,
        ground=LegalGround.DUTY,
        term=Term("写好", "NOTICE_RETENTION", "清空"),
        receivers=(Receiver.SMS,),
        of=lambda holder, reader: Q(holder=holder.pk, recipient=reader),
        about="holder",
    ),
    PersonalData(
        category=Category.MESSAGE,
        model="notices.MessagePreference",
        fields=("way", "wants_reminders", "changed_at"),
        purpose="按您选的方式通知",
        source=DataSource.SELF,
        ground=LegalGround.CONSENT,
        term=Term("改掉之前"),
        of="user__holder",
        stays="可以随时改回来",
    ),
    PersonalData(
        category=Category.MESSAGE,
        model="notices.OutboxMessage",
        fields=("recipient", "text", "created_at"),
        purpose="演示和试用时代替短信",
        source=DataSource.PORTAL,
        ground=LegalGround.DUTY,
        term=Term("发出", "OUTBOX_RETENTION"),
        data={"recipient": "phone"},
        not_shown="只有号码，没有记是谁的；正式运行时没有它",
        stays="到期自动删除",
    ),
)

WITHOUT = {
    "notices.MessagePreference": ("user",),
    "notices.Notice": (
        "event",
        "holder",
        "recipient",
        "next_try_at",
        "tries",
        "last_error",
        "forgotten_at",
        "is_set_aside",
    ),
    "notices.MessageWording": (
        "key",
        "number",
        "text",
        "sms_text",
        "sms_code",
        "title",
        "reason",
        "applies_from",
        "saved_at",
        "saved_by",
    ),
    "notices.NoticeCursor": (
        "settled_event",
        "seen_event",
        "next_transaction",
        "seen_at",
    ),
}
