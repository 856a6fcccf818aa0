"""Write docs/lifecycle.md from the tables of moves, or check that it is fresh."""

from apps.common.generated_document import DocumentCommand
from apps.lifecycle.diagram import document


class Command(DocumentCommand):
    help = "由流转表生成 docs/lifecycle.md；加 --check 只比较，不写入"
    document = "lifecycle.md"
    difference = "与流转表不一致"

    def fresh(self, old):
        return document()
