"""Everything a terminal user of Rasid needs: articles, Arabic, the archive, the index, queries."""

from importlib.metadata import PackageNotFoundError, version

try:
    RELEASE = version("rasid")
except PackageNotFoundError:  # a source tree that was never installed
    RELEASE = "0"
