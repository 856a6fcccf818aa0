"""A storage that fails, as on a full disk."""

import errno

from django.core.files.storage import default_storage


def fill_the_disk(monkeypatch, *, after=0):
    """Let every write but the first `after` ones fail."""
    save, left = default_storage.save, [after]

    def fail(*args, **options):
        if left[0] > 0:
            left[0] -= 1
            return save(*args, **options)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(default_storage, "save", fail)


def held(html, name):
    """What the page carries along for the file input `name`, to be sent back."""
    marker = f'name="{name}-held" value="'
    return [part.split('"', 1)[0] for part in html.split(marker)[1:]]


def stored():
    """The names of all files that are kept."""
    folders, files = default_storage.listdir("")
    return files + [name for folder in folders for name in default_storage.listdir(folder)[1]]
