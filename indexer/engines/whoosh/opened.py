"""Files of which pieces are read."""

import os
from pathlib import Path


class Opened:
    """An open file to read pieces of from any thread.

    What is mapped would count as the process's memory: of a file where pieces are looked up all over, each
    look maps sixteen pages.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self.size = os.fstat(self._file.fileno()).st_size

    def get(self, position: int, length: int) -> bytes:
        """A piece; less of it where the file ends."""
        return os.pread(self._file.fileno(), length, position)

    def close(self) -> None:
        self._file.close()
