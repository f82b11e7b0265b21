"""Who runs and who uses the services, told by file locks: the kernel drops them with the process.

Unlike a pid in a file, a lock cannot outlive `kill -9`, become a zombie or point at a stranger.
"""

import fcntl
import os


class Lock:
    """An exclusive or shared lock on a file, held until released or until the process ends."""

    def __init__(self, path):
        self.path = path
        self.handle = None

    def take(self, *, shared=False, wait=False):
        """Take the lock if it is free; `wait` until it is. Returns whether it is held."""
        if self.handle is None:
            self.handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(self.handle, kind | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True

    def claim(self):
        """Take the lock for the life of this process and sign it. False: another holds it.

        Somebody who only looks (`holder`) has it for an instant: that does not count.
        """
        while not self.take():
            if self.holder() is not None:
                return False
        os.truncate(self.handle, 0)
        os.pwrite(self.handle, str(os.getpid()).encode(), 0)
        return True

    def release(self):
        if self.handle is not None:
            os.close(self.handle)
            self.handle = None

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
