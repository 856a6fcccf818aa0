"""The cache that counts tries, in a table of the database (docs/decisions/0083)."""

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, IntegrityError, connections, router, transaction


class CountingCache(DatabaseCache):
    """As Django's, but raises `DatabaseError` for what the database does not take.

    Django's only answers False. For those who count tries this means that somebody else is counting
    at the same moment, so with a full disk people were told to be slower, instead of that the
    portal cannot write.
    """

    def _base_set(self, mode, key, value, timeout=DEFAULT_TIMEOUT):
        database = router.db_for_write(self.cache_model_class)
        errors: list[DatabaseError] = []

        def note(execute, *statement):
            try:
                return execute(*statement)
            except IntegrityError:
                raise  # another one has just added the same key
            except DatabaseError as error:
                errors.append(error)
                raise

        # A transaction around Django's own, whose failed commit would be swallowed too.
        with transaction.atomic(using=database), connections[database].execute_wrapper(note):
            is_set = super()._base_set(mode, key, value, timeout)  # type: ignore[misc]
            if errors:
                raise errors[0]
            return is_set
