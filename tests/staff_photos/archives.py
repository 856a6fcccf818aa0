"""Archives of pictures for tests."""

import io
import zipfile


def zipped(files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as found:
        for name, content in files.items():
            found.writestr(name, content)
    return target.getvalue()
