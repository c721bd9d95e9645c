"""Under which account PostgreSQL runs: it refuses root, so root lends it another one.

No account is created and no folder's permissions are changed. When the account can't reach the programs or
the data (a project under /root, say), its processes get the one capability to walk through folders.
"""

import ctypes
import ctypes.util
import os
import pwd
import signal
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aftersales_server.errors import OperatorError

_PREFERRED_ACCOUNTS = ("aftersales", "postgres", "nobody")

# linux/prctl.h and linux/capability.h
_PR_SET_PDEATHSIG = 1
_PR_SET_KEEPCAPS = 8
_PR_SET_SECUREBITS = 28
_SECBIT_NO_SETUID_FIXUP = 1 << 2
_PR_CAP_AMBIENT = 47
_PR_CAP_AMBIENT_RAISE = 2
_CAPABILITY_VERSION_3 = 0x20080522
_CAP_DAC_OVERRIDE = 1
_CAP_DAC_READ_SEARCH = 2


@dataclass(frozen=True)
class ServerAccount:
    """The account that root lends to a server, and the capability it needs to reach its files, if any."""

    name: str
    uid: int
    gid: int
    capability: int | None = None

    def own(self, path: Path) -> None:
        """Give a folder that was just made to the account."""
        os.chown(path, self.uid, self.gid)


def server_account(existing_data: Path, must_reach: tuple[Path, ...]) -> ServerAccount | None:
    """The account to run under; None when the present one will do (anybody but root).

    `existing_data`'s owner is kept, so that data made once stay readable.
    """
    if os.geteuid() != 0:
        return None
    entry = None
    if existing_data.exists() and existing_data.stat().st_uid != 0:
        entry = _entry_of_uid(existing_data.stat().st_uid)
    for name in _PREFERRED_ACCOUNTS:
        entry = entry or _entry_of_name(name)
    if entry is None:
        raise OperatorError(
            "PostgreSQL refuses to run as root and there is no other account to lend it: create one named "
            "aftersales, or start as a normal user."
        )
    unreachable = next((path for path in must_reach if not _others_may_reach(path)), None)
    capability = None if unreachable is None else _searching_capability()
    if unreachable is not None and capability is None:
        raise OperatorError(
            f"PostgreSQL refuses to run as root, and the account {entry.pw_name} may not enter {unreachable}: "
            "move the project to a folder that everybody may enter, or start as a normal user."
        )
    return ServerAccount(entry.pw_name, entry.pw_uid, entry.pw_gid, capability)


def child_preparation(account: ServerAccount | None, death_signal: signal.Signals) -> Callable[[], None]:
    """What a server's process does between fork and exec: change account, and follow its parent into death.

    The death signal (Linux only) keeps a server from outliving a supervisor that was killed.
    """
    libc = ctypes.CDLL(ctypes.util.find_library("c") or None, use_errno=True) if sys.platform == "linux" else None

    def prepare() -> None:
        if account is not None:
            if libc is not None and account.capability is not None:
                libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0)
                # access(2), with which PostgreSQL looks for its own programs, ignores capabilities without it.
                libc.prctl(_PR_SET_SECUREBITS, _SECBIT_NO_SETUID_FIXUP, 0, 0, 0)
            os.setgroups([])
            os.setresgid(account.gid, account.gid, account.gid)
            os.setresuid(account.uid, account.uid, account.uid)
            if libc is not None and account.capability is not None:
                _keep_only(libc, account.capability)
        if libc is not None:
            # After setresuid, which clears it.
            libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)

    return prepare


def _keep_only(libc: ctypes.CDLL, capability: int) -> None:
    bits = 1 << capability
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)(bits, bits, bits, 0, 0, 0)
    if libc.capset(header, data) != 0 or libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the capability to search folders could not be passed on")


def _entry_of_name(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _entry_of_uid(uid: int) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        return None


def _others_may_reach(path: Path) -> bool:
    resolved = path.resolve()
    folders = [folder for folder in (resolved, *resolved.parents) if folder.is_dir()]
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in folders)


def _searching_capability() -> int | None:
    status = Path("/proc/self/status")
    if not status.exists():
        return None
    line = next((text for text in status.read_text().splitlines() if text.startswith("CapPrm:")), "CapPrm: 0")
    permitted = int(line.split()[1], 16)
    # Reading and searching is all it takes; container engines grant root only the wider one by default.
    return next((c for c in (_CAP_DAC_READ_SEARCH, _CAP_DAC_OVERRIDE) if permitted >> c & 1), None)
