"""Tables out of the files that HR sends: CSV, .xlsx and .xls, cell by cell. No models."""
