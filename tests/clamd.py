"""A virus scanner that speaks as clamd does, on a socket of its own."""

import socket
import threading

VIRUS = b"a harmless stand-in for a virus"


class Scanner:
    """`says` stands in place of its answer to a file, `knows` are its answers to other commands."""

    def __init__(self, path):
        self.seen, self.says, self.knows = [], None, {}
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(str(path))
        self.socket.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                caller, _ = self.socket.accept()
            except OSError:
                return
            with caller, caller.makefile("rb") as stream:
                command = b""
                while not command.endswith(b"\0"):
                    command += stream.read(1)
                caller.sendall(self._answer(command[1:-1].decode(), stream) + b"\0")

    def _answer(self, command, stream):
        if command != "INSTREAM":
            return self.knows[command]
        content = b""
        while length := int.from_bytes(stream.read(4), "big"):
            content += stream.read(length)
        self.seen.append(content)
        found = b"stream: Test.Virus FOUND" if VIRUS in content else b"stream: OK"
        return found if self.says is None else self.says
