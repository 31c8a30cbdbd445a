"""Arrays in files, mapped: what was read of them does not stay the process's memory."""

import mmap
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Mapped:
    """An array in a file. Safe for any number of threads.

    Attributes:
        numbers: the array, as one of the plain kind, which is quicker to slice.
    """

    def __init__(self, path: Path) -> None:
        found = np.load(path, mmap_mode="r")
        self.numbers: NDArray[Any] = np.asarray(found)
        self._map: mmap.mmap = found.base

    def let_go(self) -> None:
        """Counts nothing of the file as this process's memory until it is read again, which costs little."""
        self._map.madvise(mmap.MADV_DONTNEED)
