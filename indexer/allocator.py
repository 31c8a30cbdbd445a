"""What a long-running process asks of the C library's allocator; other systems than glibc do without."""

import ctypes
import sys

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""glibc's numbers of its settings, from its malloc.h."""

SETTINGS = {M_ARENA_MAX: 1, M_MMAP_THRESHOLD: 1 << 20, M_TRIM_THRESHOLD: 64 << 20}
"""Arenas; bytes from which an array has pages of its own; bytes that are kept when they are free.

Where 16 MB are kept, some servers give back and take again with every question: a third of their time.
"""


def economize() -> None:
    """Lets all threads take memory from one place, and large arrays go back to the system at once.

    Else each thread keeps what it once needed, and pieces of it stay between what lasts.
    """
    if library := _glibc():
        for number, value in SETTINGS.items():
            library.mallopt(number, value)


def give_back() -> None:
    """Returns free memory to the system: what making tables took does not stay."""
    if library := _glibc():
        library.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None
