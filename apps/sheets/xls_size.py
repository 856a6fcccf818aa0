"""How much of an .xls file may be read: the library makes every row and cell that is left out.

One cell in the last row of a sheet makes 65,536 rows, some 16 MB, and a file of 8 KB holds a
hundred such sheets. So what the sheets of a file take is counted while they are read.
"""

import xlrd

from apps.sheets.cells import UnreadableSheet

MOST_SHEETS = 250
MOST_LINES = 200_000  # of all sheets; a stray value in the last row of a sheet makes 65,536
MOST_CELLS = 2_000_000


class CountedSheet(xlrd.sheet.Sheet):
    """The library's, counted per file. Raises `UnreadableSheet`."""

    def __init__(self, book, position, name, number):
        if number >= MOST_SHEETS:
            raise UnreadableSheet(
                "工作表太多。请只保留要上传的一张，保存后重新上传。", code="elements"
            )
        super().__init__(book, position, name, number)

    def put_cell_ragged(self, rowx, colx, ctype, value, xf_index):
        width = len(self._cell_types[rowx]) if rowx < self.nrows else 0
        self._count(lines=rowx + 1 - self.nrows, cells=colx + 1 - width)
        super().put_cell_ragged(rowx, colx, ctype, value, xf_index)

    def tidy_dimensions(self):
        """Called when the sheet has been read to its end."""
        read = self.book._position - self._position
        self._count(lines=len(self.rowinfo_map) - self.nrows, read=read)
        super().tidy_dimensions()

    def _count(self, *, lines, cells=0, read=0):
        counted = self.book.__dict__.setdefault("counted", [0, 0, 0])
        counted[0] += max(lines, 0)
        counted[1] += max(cells, 0)
        counted[2] += read
        if counted[2] > len(self.book.mem):
            raise ValueError("sheets that share their content")
        if counted[0] > MOST_LINES or counted[1] > MOST_CELLS:
            raise UnreadableSheet(
                "工作表里有太多空行或空列。请新建一个工作簿，把要上传的内容复制过去，保存后上传。",
                code="elements",
            )


xlrd.sheet.Sheet = CountedSheet  # the name by which the library makes them
