"""Being a witness of another portal: its head is signed only if it continues the last one seen.

The request is that of C2SP tlog-witness: `old SIZE`, the consistency proof line by line, an empty
line, the signed head. What was seen is one file for each portal; a machine with nothing but this
can be a witness.
"""

import base64
import binascii
import fcntl
import hashlib
import os
import re
from pathlib import Path

from apps.seals import checkpoints, cosignatures, tree

_REQUEST = re.compile(r"old (0|[1-9][0-9]*)\n((?:[A-Za-z0-9+/]{43}=\n)*)\n(.*)", re.DOTALL)
MOST_PROOF = 63  # hashes, by the standard


class NotWitnessed(Exception):
    """Why the head is not signed, as a Chinese sentence."""


def witness(request, *, log_key, name, private, folder: Path, at):
    """Check the head in the text `request` of the portal that signs with `log_key`, and sign it.

    Returns the line of the cosignature. Raises `NotWitnessed`; then what was seen stays as it was.
    """
    found = _REQUEST.fullmatch(request)
    if found is None:
        raise NotWitnessed("不是送给见证方的内容：要有 old 一行、一致性证明和树头。")
    try:
        head = checkpoints.opened(found[3], [log_key])
    except checkpoints.BadNote as why:
        raise NotWitnessed(f"树头不能用：{why}。") from why
    proof = [base64.b64decode(line) for line in found[2].split()]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{hashlib.sha256(log_key.name.encode()).hexdigest()[:16]}.head"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _check(head, int(found[1]), proof, _last_seen(path, log_key))
        _keep(path, found[3])
    return cosignatures.cosigned(head.text, name=name, private=private, at=at)


def _last_seen(path, log_key):
    """The head in the file `path`; None when none was seen. A file that is broken ends it."""
    if not path.exists():
        return None
    try:
        return checkpoints.opened(path.read_text(encoding="utf-8"), [log_key])
    except checkpoints.BadNote as why:
        raise NotWitnessed(f"上次见过的树头读不出来（{why}），请人工核对：{path}") from why


def _check(head, old, proof, seen):
    known = seen.size if seen else 0
    if old != known:
        raise NotWitnessed(f"上次见到 {known} 条记录，请从这里起给出一致性证明。")
    if head.size < known or len(proof) > MOST_PROOF:
        raise NotWitnessed(f"树头只有 {head.size} 条记录，比上次见到的 {known} 条少。")
    if seen is None:
        if proof:
            raise NotWitnessed("第一次见到这个门户，不该有一致性证明。")
        return
    try:
        continues = tree.is_consistent(known, head.size, seen.root, head.root, proof)
    except (ValueError, IndexError, binascii.Error):
        continues = False
    if not continues:
        raise NotWitnessed(
            f"这个树头不是上次见到的树头 {seen.number} 的延续：有记录被改过或删掉，没有副签。"
        )


def _keep(path, note):
    """Write what was seen, completely or not at all, before it is signed."""
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
