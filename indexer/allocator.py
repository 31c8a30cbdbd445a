"""What a long-running process asks of the C library's allocator; other systems than glibc do without."""

import ctypes
import sys

M_ARENA_MAX = -8
"""glibc's number of the setting, from its malloc.h."""


def share_arenas() -> None:
    """Lets all threads take memory from one place: of their own ones each would keep what it once needed."""
    if library := _glibc():
        library.mallopt(M_ARENA_MAX, 1)


def give_back() -> None:
    """Returns free memory to the system: what making tables took does not stay."""
    if library := _glibc():
        library.malloc_trim(0)


def _glibc() -> ctypes.CDLL | None:
    library = ctypes.CDLL(None) if sys.platform == "linux" else None
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None
