"""Keeps what somebody posted after the session had ended, and gives it back after signing in.

It is sealed with the key of the encrypted columns, and lives for settings.UNSENT_FORM_LIFETIME.
"""

import json

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from apps.encryption import ciphers
from apps.encryption.ciphers import InvalidToken
from apps.people.models import UnsentForm
from apps.unsent.typed_again import Typed

# What only the person may know is never kept. A test compares the list with all forms.
SECRETS = {
    "csrfmiddlewaretoken",
    "password",
    "password1",
    "password2",
    "oldpassword",
    "usable_password",
    "code",
    "last_four",
    "credential",
    "login",
}
# Of one form, files included; of a form of a page that nobody had signed in for.
MOST_BYTES = 7 * 1024 * 1024
MOST_BYTES_OF_NOBODY = 2 * 1024 * 1024
# Of one account; of pages that nobody had signed in for, in all.
MOST_OF_ACCOUNT = 5
MOST_OF_NOBODY = 50


def is_secret(name):
    """Whether the input `name` is for what only the person may know."""
    return name.rpartition("-")[2] in SECRETS


def keep(*, typed, browser, path, by, at):
    """Keep `typed`, posted from the page `path` by a page that was made for the account `by`.

    `by` is None where nobody had signed in. What is too large is not kept: files are left out
    first. Returns whether anything was kept.
    """
    content = _packed(typed, most=MOST_BYTES if by else MOST_BYTES_OF_NOBODY)
    if content is None:
        return False
    if by is None and UnsentForm.objects.filter(account=None).alive(at).count() >= MOST_OF_NOBODY:
        return False
    UnsentForm.objects.update_or_create(
        browser=browser,
        path=path[:300],
        defaults={"account": by, "sealed": ciphers.encrypt(content), "kept_at": at},
    )
    if by is not None:
        own = UnsentForm.objects.filter(account=by).order_by("-kept_at", "-pk")
        old = own.values_list("pk", flat=True)[MOST_OF_ACCOUNT:]
        UnsentForm.objects.filter(pk__in=list(old)).delete()
    return True


def find(*, browser, path, by, at):
    """What `by` typed on the page `path` before signing in again, a `Typed`; else None."""
    kept = UnsentForm.objects.shown_to(by).alive(at).filter(browser=browser, path=path).first()
    return kept and _unpacked(bytes(kept.sealed))


def is_waiting(*, browser, path, at):
    """Whether something that was typed in `browser` on the page `path` waits for its writer."""
    return UnsentForm.objects.alive(at).filter(browser=browser, path=path).exists()


def discard(*, browser, paths, by):
    """Forget what `by` had typed on the pages `paths`, because a form of one of them was sent."""
    UnsentForm.objects.shown_to(by).filter(browser=browser, path__in=paths).delete()


def forget(*, at):
    """Delete what nobody came back for in time."""
    UnsentForm.objects.exclude(pk__in=UnsentForm.objects.alive(at).values("pk")).delete()


def _packed(typed, *, most):
    """`typed` as bytes, without secrets; None when nothing of it is left, or it is too large."""
    data = [(name, values) for name, values in typed.data.lists() if not is_secret(name)]
    files = [(name, file) for name, chosen in typed.files.lists() for file in chosen]
    kept: list[tuple[str, str, bytes]] = []
    for name, file in files:
        content = _bytes_of(file, most=most - sum(len(taken) for *_, taken in kept))
        if content is None:
            kept = []
            break
        kept.append((name, file.name, content))
    if not data and not kept:
        return None
    head = {
        "action": typed.action,
        "data": data,
        "files": [(name, called, len(content)) for name, called, content in kept],
        "has_lost_files": typed.has_lost_files or len(kept) < len(files),
    }
    content = json.dumps(head).encode() + b"\n" + b"".join(content for *_, content in kept)
    return content if len(content) <= most else None


def _bytes_of(file, *, most):
    """The bytes of an uploaded `file`; None when it is larger than `most`, or gone."""
    if file.size > most:
        return None
    try:
        file.seek(0)
        return file.read()
    except (OSError, ValueError):
        return None


def _unpacked(sealed):
    try:
        head, content = ciphers.decrypt(sealed).split(b"\n", 1)
    except InvalidToken:  # under a key that is no longer known
        return None
    kept = json.loads(head)
    data = QueryDict(mutable=True)
    for name, values in kept["data"]:
        data.setlist(name, values)
    files: MultiValueDict = MultiValueDict()
    for name, called, size in kept["files"]:
        files.appendlist(name, SimpleUploadedFile(called, content[:size]))
        content = content[size:]
    return Typed(
        data=data, files=files, action=kept["action"], has_lost_files=kept["has_lost_files"]
    )
