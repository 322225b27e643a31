"""The application as `ambit serve` runs it: a web worker whose server was killed must not live on and keep the port."""

import multiprocessing
import signal

from ambit.site.supervision import end_with_parent

# a server that stops in order waits for its workers, so only a killed one leaves them behind
if server := multiprocessing.parent_process():
    end_with_parent(server.pid or 0, signal.SIGKILL)

from ambit.site.wsgi import application

__all__ = ["application"]
