"""Documents in, documents out: the links of a text file, and the same file with some of them written anew.

document = read(name, data)                       the links, with what the file says of the articles behind them
rewritten = rewrite(document, {"1": Replacement(…)})   new bytes; nothing but these links is changed
write_atomically(path, rewritten.data, data)      with a backup
documents_in(path)                                the files of a folder
redirect_map("nginx", moves, hosts)               for the server of one's own dead pages
"""

from archive.documents.base import DocumentLink, Format, Reading, Replacement
from archive.documents.files import documents_in, read_file, write_atomically
from archive.documents.formats import FORMATS
from archive.documents.reading import LinkedDocument, read
from archive.documents.redirects import REDIRECT_MAPS, Move, redirect_map
from archive.documents.rewriting import Rewritten, Style, rewrite

__all__ = [
    "FORMATS",
    "REDIRECT_MAPS",
    "DocumentLink",
    "Format",
    "LinkedDocument",
    "Move",
    "Reading",
    "Replacement",
    "Rewritten",
    "Style",
    "documents_in",
    "read",
    "read_file",
    "redirect_map",
    "rewrite",
    "write_atomically",
]
