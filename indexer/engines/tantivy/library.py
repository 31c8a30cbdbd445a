"""The one place that imports the tantivy package."""

from indexer.errors import MissingExtra

try:
    import tantivy
except ImportError as error:
    raise MissingExtra("tantivy", "tantivy") from error

__all__ = ["tantivy"]
