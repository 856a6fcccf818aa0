"""How passwords are kept while the portal is a demonstration."""

from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickHasher(PBKDF2PasswordHasher):
    """Django's own hash, with a hundredth of its work: the password stands on the sign-in page.

    Without the demo town the same hashes are read, and made strong with the next sign-in.
    """

    iterations = PBKDF2PasswordHasher.iterations // 100

    def must_update(self, encoded):
        """A hash that was made strong stays so."""
        return False
