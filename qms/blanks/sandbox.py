"""Foreign files are opened in a child process only: short-lived, poor, cut off, unable to write.

``ask`` is the side of the program, ``answer`` that of the child: one line of JSON, then bytes.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import qms
from qms.errors import N_, InvalidError

SECONDS: Final = 10
"""How long a child may take of the processor."""
PATIENCE: Final = 20
"""How long it may take by the clock: a busy machine is nobody's fault."""
MEMORY: Final = 448 << 20
"""Bytes of address space a child may use; of this at most a third is ever its own."""

KEPT: Final = ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV")
"""What a child is told of its surroundings: no key and no password is among it."""

TOO_MUCH: Final = N_(
    "Tệp này quá phức tạp nên không kiểm tra được trong giới hạn cho phép."
    " Hãy mở tệp, bỏ bớt ảnh và phần nhúng rồi lưu lại."
)

Answer = tuple[Mapping[str, Any], bytes]
"""What a child says of a file, and the bytes it made of it."""


def ask(module: str, *arguments: str | Path, seconds: float = PATIENCE) -> Answer:
    """Let a child run ``module`` over ``arguments`` and return what it says.

    Raises:
        InvalidError: it falls, or takes more than it may.

    """
    try:
        done = subprocess.run(  # noqa: S603 - our own words
            [*cut_off(), sys.executable, "-P", "-m", module, *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**surroundings(), "PYTHONPATH": str(Path(qms.__file__).parent.parent)},
            timeout=seconds,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise InvalidError(TOO_MUCH) from error
    head, _, made = done.stdout.partition(b"\n")
    said = json.loads(head)
    if said.get("fell"):
        raise InvalidError(TOO_MUCH)
    return said, made


def answer(work: Callable[..., Answer]) -> None:
    """Do the work of a child over its arguments, within its limits."""
    for limit, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
    ):
        resource.setrlimit(limit, (most, most))
    made = b""
    try:
        said, made = work(*sys.argv[1:])
    except (MemoryError, RecursionError):
        said = {"fell": True}
    sys.stdout.buffer.write(json.dumps(said).encode() + b"\n" + made)


def surroundings() -> dict[str, str]:
    """Return what a child is told of its surroundings."""
    return {name: os.environ[name] for name in KEPT if name in os.environ}


@cache
def cut_off() -> tuple[str, ...]:
    """Return the words that start a process without a network, where this machine has them."""
    unshare = shutil.which("unshare")
    for words in ((unshare, "--net"), (unshare, "--user", "--net")) if unshare else ():
        tried = subprocess.run(  # noqa: S603 - our own words
            [*words, sys.executable, "-c", ""], check=False, capture_output=True
        )
        if tried.returncode == 0:
            return words
    return ()
