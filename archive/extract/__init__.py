"""HTML -> `models.Page`: one parse, bounded in time and memory. The only importer of htmldate."""

from archive.extract.page import extract

__all__ = ["extract"]
