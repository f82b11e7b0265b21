"""Many documents, one after the other or by several processes; each is a transaction of its own."""

import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool

from django.db import DataError, Error, connections
from django.utils import timezone

from interop.phenopackets.importing import Outcome, import_document
from interop.refused import Refused

AHEAD = 4  # documents in hand for each process: enough to keep it busy, few enough for memory
WORTH_IT = 40  # fewer documents are read before a second process has started
MOST_JOBS = 4
FAULT = "fault"


def jobs_for(documents):
    """How many processes a run of so many documents (None: not known) is worth."""
    few = documents is not None and documents < WORTH_IT
    return 1 if few else min(os.cpu_count() or 1, MOST_JOBS)


def outcomes(sources, *, clinic, by, jobs):
    """(source, Outcome) of every source, in order."""
    if jobs == 1 or not _can_fork():
        for source in sources:
            yield source, _one(source, clinic, by)
        return
    connections.close_all()  # each process opens its own
    context = multiprocessing.get_context("fork")  # starts at once, with all that is loaded
    with ProcessPoolExecutor(jobs, context, _leave_stopping_to_the_parent) as pool:
        yield from _in_order(sources, pool, clinic, by, AHEAD * jobs)


def _can_fork():
    """Only where forking is safe: on Linux, and without threads that may hold a lock."""
    return sys.platform == "linux" and threading.active_count() == 1


def _leave_stopping_to_the_parent():
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _in_order(sources, pool, clinic, by, ahead):
    waiting = deque()
    try:
        for source in sources:
            waiting.append((source, pool.submit(_one, source, clinic, by)))
            if len(waiting) >= ahead:
                source, promised = waiting.popleft()
                yield source, promised.result()
        for source, promised in waiting:
            yield source, promised.result()
    except BrokenProcessPool:
        raise Refused("A process of the import ended.")
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _one(source, clinic, by):
    """The last net: a document that our own code stumbles over does not stop the others."""
    if source.reason:
        return Outcome("refused", reason=source.reason)
    try:
        return import_document(source.data, clinic=clinic, by=by, at=timezone.now())
    except DataError:
        return Outcome("refused", reason="A value of the document does not fit the database.")
    except Error:
        raise  # the database itself: nothing else would work either
    except Exception as fault:
        return Outcome(FAULT, reason=f"A fault of this program, please report it: {_where(fault)}.")


def _where(fault):
    """Type and place of an exception, without its text, which may quote the document."""
    last = traceback.extract_tb(fault.__traceback__)[-1]
    return f"{type(fault).__name__} in {os.path.basename(last.filename)}, line {last.lineno}"
