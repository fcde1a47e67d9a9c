"""The zip around the parts: what is not changed is copied as it lies there, packed bytes, date and order."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from deflate import crc32, deflate_compress

FIXED_DATE = (1980, 1, 1, 0, 0, 0)
"""The date that a changed part carries, as in files that Excel writes: the same input gives the same bytes."""

_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_VERSION = 20
_SIZES_FOLLOW = 1 << 3
_UTF_8 = 1 << 11
_WIDE_SIZES = 1
_LEVEL = 5


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip in memory: its bytes, and its directory, read once."""

    data: bytes
    directory: ZipFile

    @property
    def entries(self) -> list[ZipInfo]:
        """The entries in the order of the directory."""
        return self.directory.infolist()

    def read(self, entry: ZipInfo) -> bytes:
        """Return the unpacked bytes of an entry, never more than its directory says.

        Raises:
            ValueError: what lies there is not what the directory says.
        """
        try:
            with self.directory.open(entry) as file:
                return file.read()
        # zlib's own error has no name that could be imported without zlib, and every such fault means the same.
        except Exception as error:
            if isinstance(error, MemoryError):
                raise
            raise ValueError(f"{entry.filename}: {error}") from None

    def rewritten(
        self,
        changed: Mapping[str, bytes],
        *,
        order: Sequence[str] = (),
        dropped: frozenset[str] = frozenset(),
        fresh: bool = False,
    ) -> bytes:
        """Return the zip with other bytes in the entries named by `changed`; a name that is new goes to the end.

        `order` names the entries that come first. `fresh` gives every entry the fixed date and
        nothing that tells which system wrote it.
        """
        old = {entry.filename: entry for entry in self.entries if entry.filename not in dropped}
        names = [name for name in order if name in old or name in changed]
        names += [name for name in old if name not in names]
        names += [name for name in changed if name not in old and name not in names]
        out, directory = BytesIO(), BytesIO()
        for name in names:
            entry = old.get(name)
            if name in changed:
                _write_new(out, directory, name, None if fresh else entry, changed[name])
            elif entry is not None:
                _write_old(out, directory, self.data, entry, fresh=fresh)
        start = out.tell()
        out.write(directory.getbuffer())
        out.write(_END.pack(b"PK\x05\x06", 0, 0, len(names), len(names), out.tell() - start, start, 0))
        return out.getvalue()


def packed_position(data: bytes, entry: ZipInfo) -> int:
    """Return where the packed bytes of an entry begin.

    Raises:
        ValueError: there is no entry at the place that the directory names.
    """
    start = entry.header_offset
    if start < 0 or start + _LOCAL.size > len(data) or data[start : start + 4] != b"PK\x03\x04":
        raise ValueError(f"{entry.filename}: not where the directory says")
    fields = _LOCAL.unpack_from(data, start)
    begin: int = start + _LOCAL.size + fields[-2] + fields[-1]
    if begin + entry.compress_size > len(data):
        raise ValueError(f"{entry.filename}: cut off")
    return begin


class _Form(NamedTuple):
    """How an entry is written: its name's bytes, packed content, flags, date and extra fields."""

    name: bytes
    packed: bytes | bytearray | memoryview
    flags: int
    date: tuple[int, int, int, int, int, int]
    extra: bytes


def _write_old(out: BytesIO, directory: BytesIO, data: bytes, old: ZipInfo, *, fresh: bool) -> None:
    begin = packed_position(data, old)
    packed = memoryview(data)[begin : begin + old.compress_size]
    # The sizes are written before the bytes, so they need not follow them.
    flags = old.flag_bits & ~_SIZES_FOLLOW
    name = old.orig_filename.encode("utf-8" if flags & _UTF_8 else "cp437")
    if fresh:
        entry = ZipInfo(old.filename, FIXED_DATE)
        entry.create_system, entry.compress_type = 0, old.compress_type
        entry.CRC, entry.file_size = old.CRC, old.file_size
        form = _Form(name, packed, flags & _UTF_8, FIXED_DATE, b"")
    else:
        entry, form = old, _Form(name, packed, flags, old.date_time, _without_wide_sizes(old.extra))
    _write(out, directory, entry, form)


def _write_new(out: BytesIO, directory: BytesIO, name: str, old: ZipInfo | None, content: bytes) -> None:
    entry = ZipInfo(name, FIXED_DATE)
    # What Python fills in differs between Windows and the rest.
    entry.create_system = 0
    if old is not None:
        entry.create_system, entry.create_version = old.create_system, old.create_version
        entry.external_attr, entry.internal_attr = old.external_attr, old.internal_attr
    # libdeflate packs in half the time of zlib. It only packs: what comes from elsewhere is unpacked by zlib.
    packed: bytes | bytearray = deflate_compress(content, _LEVEL)
    entry.compress_type = ZIP_DEFLATED
    if len(packed) >= len(content):
        packed, entry.compress_type = content, ZIP_STORED
    entry.CRC, entry.file_size = crc32(content), len(content)
    _write(out, directory, entry, _Form(name.encode(), packed, 0 if name.isascii() else _UTF_8, FIXED_DATE, b""))


def _write(out: BytesIO, directory: BytesIO, entry: ZipInfo, form: _Form) -> None:
    year, month, day, hour, minute, second = form.date
    time, date = hour << 11 | minute << 5 | second // 2, (year - 1980) << 9 | month << 5 | day
    needed = max(_VERSION, entry.extract_version)
    same = (needed, form.flags, entry.compress_type, time, date, entry.CRC, len(form.packed), entry.file_size)
    offset = out.tell()
    out.write(_LOCAL.pack(b"PK\x03\x04", *same, len(form.name), 0) + form.name)
    out.write(form.packed)
    made_by = entry.create_version & 0xFF | entry.create_system << 8
    lengths = (len(form.name), len(form.extra), len(entry.comment))
    where = (0, entry.internal_attr & 0xFFFF, entry.external_attr, offset)
    directory.write(_CENTRAL.pack(b"PK\x01\x02", made_by, *same, *lengths, *where))
    directory.write(form.name + form.extra + entry.comment)


def _without_wide_sizes(extra: bytes) -> bytes:
    # The 64-bit sizes of the old directory would contradict the sizes that are written here.
    kept, position = b"", 0
    while position + 4 <= len(extra):
        kind, length = struct.unpack_from("<HH", extra, position)
        end = position + 4 + length
        if kind != _WIDE_SIZES:
            kept += extra[position:end]
        position = end
    return kept
