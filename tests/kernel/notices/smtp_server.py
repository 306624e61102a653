"""The smallest mail server that misbehaves as told, for one test."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

DROP = ""
"""Instead of an answer the server hangs up."""


@dataclass
class MailServer:
    """What it answers to which command (``EHLO``, ``MAIL``, ``RCPT``, ``DATA``, ``.`` for the text's end), and what it
    accepted. Commands it has no answer for are answered with success."""

    answers: dict[str, str]
    port: int = 0
    accepted: list[str] = field(default_factory=list)
    envelopes: list[list[str]] = field(default_factory=list)


USUAL = {"EHLO": "250 here", "DATA": "354 go on", "QUIT": "221 bye"}


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        """One session, line by line."""
        told: MailServer = self.server.told  # type: ignore[attr-defined]
        self.say("220 here")
        envelope: list[str] = []
        while line := self.rfile.readline().decode().strip():
            command = line[:4].upper()
            envelope.append(line)
            answer = told.answers.get(command, USUAL.get(command, "250 well"))
            if answer == DROP:
                return
            self.say(answer)
            if command == "DATA" and answer.startswith("354") and not self.take(told, envelope):
                return
            if command == "QUIT":
                return

    def take(self, told: MailServer, envelope: list[str]) -> bool:
        """The text, up to its dot; whether the session goes on."""
        text = []
        while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
            text.append(line)
        answer = told.answers.get(".", "250 taken")
        if answer.startswith("2"):
            told.accepted.append("".join(text))
            told.envelopes.append(list(envelope))
        if answer == DROP:
            return False
        self.say(answer)
        return True

    def say(self, line: str) -> None:
        """One line to the client."""
        self.wfile.write(f"{line}\r\n".encode())


class _Server(socketserver.TCPServer):
    allow_reuse_address = True
    told: Any = None


@contextmanager
def mail_server(**answers: str) -> Iterator[MailServer]:
    """A mail server on the loopback address for the length of the block; ``end`` is its answer to the text."""
    if "end" in answers:
        answers["."] = answers.pop("end")
    told = MailServer(answers)
    with _Server(("127.0.0.1", 0), _Session) as server:
        server.told = told
        told.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield told
        finally:
            server.shutdown()
            thread.join()
