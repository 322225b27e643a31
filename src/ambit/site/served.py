"""The application as `ambit serve` runs it: a web worker whose server was killed must not live on and keep the port."""

import gc
import multiprocessing
import signal

from ambit.site.supervision import end_with_parent

# a server that stops in order waits for its workers, so only a killed one leaves them behind
if server := multiprocessing.parent_process():
    end_with_parent(server.pid or 0, signal.SIGKILL)

from django.urls import get_resolver

from ambit.site.wsgi import application

# what is loaded now, and every page's module, lives as long as the process: the collector need not go through it again
# and again. A page makes some thousand objects that are gone when it is sent
get_resolver().url_patterns  # noqa: B018  (loads them)
gc.collect()
gc.freeze()
gc.set_threshold(25_000, 20, 20)

__all__ = ["application"]
