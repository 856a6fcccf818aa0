"""Django's sessions in the database, with an end that no use puts off.

The engine of settings.SESSION_ENGINE. Django counts the age of a session from its last change, so
one that is used would never end.
"""

import time

from django.apps import apps
from django.contrib.sessions.backends import db

# In the session: when its owner signed in, in seconds since 1970.
BEGAN_AT = "began_at"
# Rows that name a session by its key: where one is signed in, and by which ticket the university
# ends the session. They follow it to a new key.
_NAMED_BY = ("usersessions.UserSession", "django_cas_ng.SessionTicket")


class SessionStore(db.SessionStore):
    def get_session_cookie_age(self):
        """Seconds until the session ends; of one in which nobody has signed in, its whole age."""
        whole = super().get_session_cookie_age()
        began_at = self.get(BEGAN_AT)
        return whole if began_at is None else max(0, int(began_at + whole - time.time()))

    def cycle_key(self):
        """Give the session a new key, so that whoever knows the one before has no session."""
        before = self.session_key
        super().cycle_key()
        if before:
            for name in _NAMED_BY:
                rows = apps.get_model(name).objects.filter(session_key=before)
                rows.update(session_key=self.session_key)
