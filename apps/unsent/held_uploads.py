"""A file input that keeps the chosen file when the page comes back with an error.

Browsers do not fill in a file input again. So the page carries the file, sealed with our key:
nothing is written on the server before there is a consent, and nobody else can read or change the
file. It works without JavaScript, and a new choice replaces the file.
"""

import json
import time
from datetime import timedelta

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.encryption import ciphers
from apps.encryption.ciphers import InvalidToken
from apps.unsent.controls import draw_input
from apps.unsent.rendering import TypedField
from apps.unsent.scanning import UNAVAILABLE
from apps.unsent.uploads import UploadField

HELD_FOR = timedelta(minutes=30)
# In all; well within settings.DATA_UPLOAD_MAX_MEMORY_SIZE once it is sealed, a third larger.
MOST_BYTES = 7 * 1024 * 1024
# A file above this is made smaller first, where the input knows how.
SMALL_BYTES = 1024 * 1024


class HeldFileInput(forms.FileInput):
    """`compact` makes the bytes of a large file smaller, or returns None for an unusable file."""

    template_name = "components/held_file_input.html"

    def __init__(self, attrs=None, *, compact):
        super().__init__(attrs)
        self.compact = compact
        self.is_holding = True

    def let_go(self):
        """Stop holding the files, because they were used."""
        self.is_holding = False

    def value_from_datadict(self, data, files, name):
        chosen = super().value_from_datadict(data, files, name)
        if chosen:
            return chosen
        held = [file for token in _tokens(data, name) if (file := _unsealed(token, name))]
        if not self.allow_multiple_selected:
            return held[0] if held else chosen
        return held or chosen

    def value_omitted_from_data(self, data, files, name):
        return super().value_omitted_from_data(data, files, name) and not _tokens(data, name)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        chosen = value if isinstance(value, list) else [value] if value else []
        tokens = [self._sealed(file, name) for file in chosen] if self.is_holding else []
        is_held = all(tokens) and sum(map(len, tokens)) <= MOST_BYTES * 4 // 3
        context["widget"] |= {
            "held": tokens if is_held else [],
            "names": [file.name for file in chosen],
            "is_lost": bool(tokens) and not is_held,
        }
        if context["widget"]["held"]:
            context["widget"]["attrs"].pop("required", None)
        return context

    def render(self, name, value, attrs=None, renderer=None):
        """Hardly any page holds a file: then this is an input like others."""
        if value:
            return super().render(name, value, attrs, renderer)
        return draw_input(self.get_context(name, value, attrs)["widget"])

    def _sealed(self, file, name):
        """A token that holds `file` for the field `name`; "" if it can't be held."""
        try:
            file.seek(0)
            content = file.read()
            if len(content) > SMALL_BYTES:
                file.seek(0)
                content = self.compact(file)
        except OSError:
            return ""
        if not content or len(content) > MOST_BYTES:
            return ""
        head = {"field": name, "name": file.name, "until": time.time() + HELD_FOR.total_seconds()}
        return ciphers.encrypt(json.dumps(head).encode() + b"\n" + content).decode()


def as_it_is(file):
    """The bytes of `file`, for an input that makes nothing smaller."""
    return file.read()


class HeldDocumentInput(HeldFileInput):
    """For a table or another file that is no picture."""

    template_name = "components/held_document_input.html"

    def __init__(self, attrs=None):
        super().__init__(attrs, compact=as_it_is)


# Codes of errors that say nothing against the file: it could not be stored, or not be taken now.
NOT_ITS_FAULT = {"not_stored", "too_many_uploads", UNAVAILABLE}


class HeldBoundField(TypedField):
    """Holds a file that could not be stored, but not one that was refused."""

    def value(self):
        codes = {error.code for error in self.form.errors.as_data().get(self.name, [])}
        if "too_many_uploads" in codes:
            self.field.widget.compact = as_it_is  # making it smaller is what the limit spares
        return super().value() if codes <= NOT_ITS_FAULT else None


class HeldFileField(UploadField):
    """To be used with a `HeldFileInput`."""

    def is_held(self, bound):
        """Only where all that the page carried has arrived, and nothing newer was on its way."""
        name = bound.html_name
        tokens = _tokens(bound.form.data, name)
        return (
            bool(tokens)
            and name not in bound.form.files
            and all(_unsealed(token, name) for token in tokens)
        )

    def bound_data(self, data, initial):
        return data

    def get_bound_field(self, form, field_name):
        return HeldBoundField(form, self, field_name)


def _tokens(data, name):
    return data.getlist(f"{name}-held") if hasattr(data, "getlist") else []


def _unsealed(token, name):
    """The file in `token`; None if the token is too old, changed, or of another field."""
    try:
        head, content = ciphers.decrypt(token.encode()).split(b"\n", 1)
    except (InvalidToken, ValueError):
        return None
    about = json.loads(head)
    if about["field"] != name or about["until"] < time.time():
        return None
    return SimpleUploadedFile(about["name"], content, content_type="application/octet-stream")
