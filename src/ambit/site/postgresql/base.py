"""Django's PostgreSQL backend, but for how it learns that the server has hung up."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether the server still holds this connection; Django asks before each request.

        Looked up on our side, not by a question to the server: to an idle connection it writes only to say goodbye.
        """
        if self.connection is None:
            return False
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return not self.connection.broken and not waiting.poll(0)
