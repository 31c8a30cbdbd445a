"""Files of which pieces are read."""

import os
from pathlib import Path

import numpy as np


class Opened:
    """An open file to read pieces of from any thread.

    What is mapped would count as the process's memory: of a file where pieces are looked up all over, each
    look maps sixteen pages. To read a piece takes a quarter of the time, too.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb", buffering=0)
        self._number = self._file.fileno()
        self.size = os.fstat(self._number).st_size

    def get(self, position: int, length: int) -> bytes:
        """A piece; less of it where the file ends."""
        return os.pread(self._number, length, position)

    def close(self) -> None:
        self._file.close()


class OpenedRows(Opened):
    """The rows of an array in a file, to read some of.

    Attributes:
        kind: the type of its numbers.
        count: its rows.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        layout = np.load(path, mmap_mode="r")
        self.kind, self.count = layout.dtype, len(layout)
        self._start, self._width = layout.offset, layout.strides[0]

    def rows(self, first: int, end: int) -> bytes:
        """The rows from one to before another."""
        return os.pread(self._number, (end - first) * self._width, self._start + first * self._width)
