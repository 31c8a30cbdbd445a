"""Memory that is free goes back to the system."""

import platform
import subprocess
import sys

import pytest

MEASURE = """
from pathlib import Path
from indexer import allocator
allocator.economize()
blocks = [bytes(1000) for _ in range(100_000)]
last = bytes(1000)  # keeps the top of the heap in use
del blocks
held = int(Path("/proc/self/statm").read_text().split()[1])
allocator.give_back()
print(held - int(Path("/proc/self/statm").read_text().split()[1]))
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="there is nothing to ask of other allocators")
def test_free_memory_is_given_back() -> None:
    told = subprocess.run([sys.executable, "-c", MEASURE], capture_output=True, text=True, check=True)
    assert int(told.stdout) * 4096 > 50_000_000
