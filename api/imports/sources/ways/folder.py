"""A watched folder below the root of the settings: nothing outside of it is ever opened."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

from api.imports.sources.records import Outcome
from api.imports.sources.ways.offers import MOST_FILES, Offer, Unreached, is_finished
from config.settings import ImportSettings

NAME = re.compile(r"[\w-][\w.-]{0,79}")
"""Of a folder of a source: one name, no path."""
DONE, REFUSED = "done", "refused"
_A_READ = 1 << 20
_OPEN_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_OPEN_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Folder:
    """A folder that is open. Whatever is a link, or no plain file, is left where it is."""

    waits = True

    def __init__(self, settings: ImportSettings, name: str) -> None:
        if not settings.folder:
            remedy = "set imports.folder in the settings"
            raise Unreached("no-root", "folder", "no folder is watched here", remedy)
        if not NAME.fullmatch(name):
            what, remedy = f"{name!r} is no name of a folder", "write one name, no path"
            raise Unreached("folder-name", "remote", what, remedy, name=name)
        root = Path(settings.folder)
        try:
            (root / name).mkdir(mode=0o770, exist_ok=True)
            self._folder = os.open(root / name, _OPEN_FOLDER)
        except OSError as error:
            what = f"{name} cannot be opened ({error.strerror})"
            remedy = "make it a plain folder below imports.folder that the service may write to"
            why = error.strerror
            raise Unreached("folder", "remote", what, remedy, name=name, why=why) from error

    def offers(self) -> Sequence[Offer]:
        """Every plain file of one name, the earliest first."""
        with os.scandir(self._folder) as entries:
            names = [entry.name for entry in islice(entries, MOST_FILES)]
        found = []
        for name in filter(is_finished, names):
            with suppress(FileNotFoundError):
                state = os.stat(name, dir_fd=self._folder, follow_symlinks=False)
                if stat.S_ISREG(state.st_mode) and state.st_nlink == 1:
                    found.append(Offer(name, state.st_size, state.st_mtime_ns))
        return sorted(found, key=lambda one: (one.modified, one.name))

    def content(self, offer: Offer) -> Iterator[bytes]:
        """The bytes of a file that is still as it was listed."""
        try:
            opened = os.open(offer.name, _OPEN_FILE, dir_fd=self._folder)
        except OSError as error:
            what = f"{offer.name} cannot be read ({error.strerror})"
            remedy, why = "let the service read it", error.strerror
            raise Unreached("file", "file", what, remedy, name=offer.name, why=why) from error
        with os.fdopen(opened, "rb") as file:
            self._check(file.fileno(), offer)
            while part := file.read(_A_READ):
                yield part
            self._check(file.fileno(), offer)

    def settle(self, offer: Offer, outcome: Outcome, faults: str) -> bool:
        """Move it to ``done`` or ``refused``, there with its faults beside it."""
        refused = outcome in ("refused", "failed")
        target = self._inside(REFUSED if refused else DONE)
        try:
            name = _free(target, offer.name)
            os.rename(offer.name, name, src_dir_fd=self._folder, dst_dir_fd=target)
            if refused:
                flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
                written = os.open(f"{name}.faults.txt", flags, 0o660, dir_fd=target)
                with os.fdopen(written, "w", encoding="utf-8-sig") as file:
                    file.write(faults)
        except OSError as error:
            what = f"{offer.name} cannot be moved ({error.strerror})"
            remedy, why = "let the service write to its folder", error.strerror
            raise Unreached("moving", "file", what, remedy, name=offer.name, why=why) from error
        finally:
            os.close(target)
        return True

    def close(self) -> None:
        """Close the folder."""
        os.close(self._folder)

    def _inside(self, name: str) -> int:
        try:
            with suppress(FileExistsError):
                os.mkdir(name, 0o770, dir_fd=self._folder)
            return os.open(name, _OPEN_FOLDER, dir_fd=self._folder)
        except OSError as error:
            what = f"{name} cannot be opened ({error.strerror})"
            remedy, why = "make it a plain folder", error.strerror
            raise Unreached("folder", "remote", what, remedy, name=name, why=why) from error

    def _check(self, opened: int, offer: Offer) -> None:
        state = os.fstat(opened)
        same = (state.st_size, state.st_mtime_ns) == (offer.size, offer.modified)
        if not (stat.S_ISREG(state.st_mode) and state.st_nlink == 1 and same):
            what, remedy = f"{offer.name} is being written", "it is taken later"
            raise Unreached("writing", "file", what, remedy, name=offer.name)


def _free(folder: int, name: str) -> str:
    """A name that nothing in a folder has yet."""
    known = set(os.listdir(folder))
    stem, dot, end = name.rpartition(".")
    tried = (f"{stem}-{n}{dot}{end}" if stem else f"{name}-{n}" for n in range(2, len(known) + 3))
    return next(of for of in (name, *tried) if of not in known)
