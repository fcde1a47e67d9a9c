"""Readers of the files that people have: counts, memberships, list sizes, practices and national figures."""

from iif_reckoner.sources.counts import read_counts
from iif_reckoner.sources.headings import Headings, open_headings, read_headings
from iif_reckoner.sources.list_sizes import read_list_sizes
from iif_reckoner.sources.members import read_members
from iif_reckoner.sources.national import read_national, write_national
from iif_reckoner.sources.practices import read_practices
from iif_reckoner.sources.records import CountsFile, ListSizes, Members, Note, Practices

__all__ = [
    "CountsFile",
    "Headings",
    "ListSizes",
    "Members",
    "Note",
    "Practices",
    "open_headings",
    "read_counts",
    "read_headings",
    "read_list_sizes",
    "read_members",
    "read_national",
    "read_practices",
    "write_national",
]
