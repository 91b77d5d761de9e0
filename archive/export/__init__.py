"""The archive as files for other programs. A format is one small file here and one line in EXPORTERS."""

from archive.export.base import Exporter, Source, Tally
from archive.export.bibtex import BibTeX
from archive.export.cdxj import Cdxj
from archive.export.csv import Csv
from archive.export.delivery import deliver
from archive.export.jsonl import JsonLines
from archive.export.markdown import Markdown
from archive.export.parquet import Parquet
from archive.export.redirects import Redirects
from archive.export.wacz import Wacz
from archive.export.warc import Warc

__all__ = ["EXPORTERS", "Exporter", "Source", "Tally", "deliver"]

EXPORTERS: tuple[Exporter, ...] = (
    Csv(),
    JsonLines(),
    Markdown(),
    Parquet(),
    Warc(),
    Wacz(),
    Cdxj(),
    Redirects(),
    BibTeX(),
)
