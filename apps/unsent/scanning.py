"""Asks the unit's virus scanner about an uploaded file: clamd, where `VIRUS_SCANNER` names one.

The file is sent over the scanner's socket (the command INSTREAM of clamd(8)). Nothing is accepted
unseen while a scanner is set and does not answer.
"""

import logging
import socket

from django.conf import settings
from django.core.exceptions import ValidationError

logger = logging.getLogger(__name__)

PIECE = 64 * 1024  # bytes
UNAVAILABLE = "not_scanned"
_INFECTED = "病毒扫描说这个文件有问题，没有收下。请换一个文件，或请单位的网络中心看一看您的电脑。"
_NOT_NOW = "现在不能扫描病毒，文件还没有收下。请过几分钟再试。"


class NoAnswer(Exception):
    """The scanner gave no usable answer; the message says which."""


def check(file):
    """Read the uploaded `file` through the scanner, if there is one. Raises `ValidationError`."""
    if not settings.VIRUS_SCANNER:
        return
    try:
        answer = ask(b"INSTREAM", file)
        if not answer.endswith(("OK", "FOUND")):
            raise NoAnswer(answer)
    except (OSError, NoAnswer) as error:
        logger.error("no answer of the virus scanner: %s", error)
        raise ValidationError(_NOT_NOW, code=UNAVAILABLE) from error
    if answer.endswith("FOUND"):
        # "stream: Name-Of-The-Virus FOUND"; the name of the file is not logged.
        logger.warning("a file was refused by the virus scanner: %s", answer)
        raise ValidationError(_INFECTED, code="infected")


def ask(command, file=None, *, seconds=None):
    """The answer of the scanner to `command`, with the content of `file`.

    It is waited for `seconds`, or as long as the settings say. Raises OSError when it cannot be
    reached in time, `NoAnswer` when it hangs up.
    """
    with _connected(seconds or settings.VIRUS_SCANNER_TIMEOUT) as scanner:
        scanner.sendall(b"z" + command + b"\0")
        if file is not None:
            _send(file, scanner)
        answer = b""
        while not answer.endswith(b"\0"):
            piece = scanner.recv(1024)
            if not piece:
                raise NoAnswer("it hung up")
            answer += piece
    return answer.rstrip(b"\0").decode("ascii", "replace")


def _send(file, scanner):
    file.seek(0)
    while piece := file.read(PIECE):
        scanner.sendall(len(piece).to_bytes(4, "big") + piece)
    scanner.sendall(bytes(4))
    file.seek(0)


def _connected(seconds):
    """A socket of the scanner: a path, or host:port."""
    where = settings.VIRUS_SCANNER
    if not where.startswith("/"):
        host, _, port = where.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=seconds)
    scanner = socket.socket(socket.AF_UNIX)
    scanner.settimeout(seconds)
    try:
        scanner.connect(where)
    except OSError:
        scanner.close()
        raise
    return scanner
