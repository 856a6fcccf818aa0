"""Write docs/personal-data.md from the declarations of all apps, or check that it is fresh."""

from apps.common.generated_document import DocumentCommand
from apps.my_data.document import document


class Command(DocumentCommand):
    help = "由各应用的登记生成 docs/personal-data.md；加 --check 只比较，不写入"
    document = "personal-data.md"
    difference = "与个人信息的登记不一致"

    def fresh(self, old):
        return document()
