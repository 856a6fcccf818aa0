"""What a spreadsheet saved as the results of its formulas."""

import io

from apps.common.later import later

openpyxl = later("openpyxl")


class FormulaResults:
    """The results in the sheet `title` of `content`, in rising order of their rows.

    The library shows either formulas or results, so the file is opened a second time, when the
    first result is asked for. A program that is no spreadsheet saves none.
    """

    def __init__(self, content, title):
        self.content, self.title = content, title
        self._rows = None
        self._line, self._row = 0, ()

    def at(self, line, place):
        """The value in row `line`, counted from 1, at `place`, counted from 0; None without one."""
        if self._rows is None:
            workbook = openpyxl.load_workbook(
                io.BytesIO(self.content), read_only=True, data_only=True, keep_links=False
            )
            sheet = workbook[self.title]
            sheet.reset_dimensions()
            self._rows = sheet.iter_rows()
        while self._line < line:
            self._row = next(self._rows, ())
            self._line += 1
        return self._row[place].value if place < len(self._row) else None
