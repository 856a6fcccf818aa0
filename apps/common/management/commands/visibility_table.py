"""Write the table of apps.common.visibility into docs/security.md, or check that it is fresh."""

from apps.common.generated_document import DocumentCommand
from apps.common.visibility import DATA, PLACES, rule_of

BEGIN, END = "<!-- visibility_table -->\n", "<!-- /visibility_table -->"


def table():
    """Places down, data across, and what the masks leave."""
    lines = [["在哪里（谁看）", *(datum.label for datum in DATA.values())]]
    lines.append(["---"] * (len(DATA) + 1))
    for name, place in PLACES.items():
        rules = (rule_of(f"{name}.{datum}").value for datum in DATA)
        label = f"{place.label}，每次记录" if place.is_recorded else place.label
        lines.append([f"{label}（{place.readers}）", *rules])
    return "".join(f"| {' | '.join(line)} |\n" for line in lines) + "\n" + _masks()


def _masks():
    how = "；".join(f"{datum.label} {datum.masked_how}" for datum in DATA.values())
    return f"遮盖以后剩下什么：{how}。长度不对的值整个隐藏。\n"


class Command(DocumentCommand):
    help = "把谁在哪里看到什么（apps/common/visibility.py）写进 docs/security.md；加 --check 只比较"
    document = "security.md"
    difference = "的遮盖表与代码不一致"

    def fresh(self, old):
        before, rest = old.split(BEGIN)
        return before + BEGIN + table() + END + rest.split(END)[1]
