"""The one kind of error that a person is meant to read."""


class Refused(Exception):
    """A service declines, and says in Chinese what is wrong and what to do.

    `message` is a whole sentence for people, `code` a stable word for code and tests, `next_step`
    an optional pair (label, URL) of what helps now.

    If it is refused because somebody else was first, `row` is the row with a lifecycle whose status
    says so, or `first` is the pair (user, moment) of who saved last. `apps.people.first` puts them
    into words.
    """

    def __init__(self, message, code="", next_step=None, *, row=None, first=None):
        super().__init__(code or message)
        self.message = message
        self.code = code
        self.next_step = next_step
        self.row = row
        self.first = first

    def unasked(self):
        """This refusal in the words for somebody who has not tried yet."""
        return self


def field_of(refusal, fields):
    """The name of the form's field that `refusal` is about, by `fields` (kind → name), or None."""
    return next((name for kind, name in fields.items() if isinstance(refusal, kind)), None)


def check_reason(reason, message, *, refused=Refused):
    """Raise `refused` with `message` unless `reason`, which people will read, says something."""
    if not reason.strip():
        raise refused(message, code="no_reason")
