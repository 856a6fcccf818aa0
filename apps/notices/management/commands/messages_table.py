"""Write docs/messages.md from the messages of all apps, or check that it is fresh."""

from apps.common.generated_document import DocumentCommand
from apps.notices.document import document


class Command(DocumentCommand):
    help = "由各应用的消息生成 docs/messages.md；加 --check 只比较，不写入"
    document = "messages.md"
    difference = "与消息表不一致"

    def fresh(self, old):
        return document()
