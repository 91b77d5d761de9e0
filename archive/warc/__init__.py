"""Raw bytes out and in: WARC 1.1 files (ISO 28500:2017), one gzip member a record, that pywb replays.

`pack` makes the records of one exchange (in a worker process: compressing is the dear part), `WarcWriter` appends them,
`recover` cuts off what a killed run left, `read_record` and `verify` trust nothing.
"""

from archive.warc.cdxj import cdxj
from archive.warc.copy import Copy, copied
from archive.warc.foreign import LARGEST, Foreign, foreign_records, is_warc
from archive.warc.pack import Packed, Previous, pack
from archive.warc.read import Problem, Stored, read_record, read_whole, verify
from archive.warc.write import Location, Recovery, WarcWriter, recover, warcinfo

__all__ = [
    "LARGEST",
    "Copy",
    "Foreign",
    "Location",
    "Packed",
    "Previous",
    "Problem",
    "Recovery",
    "Stored",
    "WarcWriter",
    "cdxj",
    "copied",
    "foreign_records",
    "is_warc",
    "pack",
    "read_record",
    "read_whole",
    "recover",
    "verify",
    "warcinfo",
]
