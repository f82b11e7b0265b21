"""Who runs and who uses the services, told by file locks: the kernel drops them with the process.

Unlike a pid in a file, a lock cannot outlive `kill -9`, become a zombie or point at a stranger.
"""

import fcntl
import os
import time


class Lock:
    """An exclusive or shared lock on a file, held until released or until the process ends."""

    def __init__(self, path):
        self.path = path
        self.handle = None

    def take(self, *, shared=False, wait=0.0):
        """Try for `wait` seconds (None: for ever). Returns whether the lock is held."""
        self.handle = self.handle or os.open(
            self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        if wait is None:
            fcntl.flock(self.handle, kind)
            return True
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(self.handle, kind | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    return False
                time.sleep(0.02)
            else:
                return True

    def release(self):
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None

    def sign(self):
        """Leave the holder's pid in the file, for those who want to stop it."""
        os.truncate(self.handle, 0)
        os.pwrite(self.handle, str(os.getpid()).encode(), 0)

    def holder(self):
        """The pid of the process that holds the lock; None when it is free."""
        probe = Lock(self.path)
        try:
            if probe.take(shared=True):
                return None
            text = os.pread(probe.handle, 20, 0)
            return int(text) if text.isdigit() else 0  # 0: held, but not signed yet
        finally:
            probe.release()
