"""A TCP wire to PostgreSQL that can lose an answer: the statement arrives, the connection breaks before the reply."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from urllib.parse import urlsplit


class LossyWire:
    """``lose_next(b"append")``: the answer to the next statement that contains these bytes is lost."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.lost = 0
        self._wanted: bytes | None = None
        self._sockets: list[socket.socket] = []
        self._threads = [Thread(target=self._accept)]
        self._threads[0].start()

    def lose_next(self, statement: bytes) -> None:
        self._wanted = statement

    def close(self) -> None:
        for one in [self.listening, *self._sockets]:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for one in [self.listening, *self._sockets]:
            one.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                here, _ = self.listening.accept()
                there = socket.create_connection(self.target)
                losing = Event()
                self._sockets += [here, there]
                for source, sink, up in ((here, there, True), (there, here, False)):
                    self._threads.append(Thread(target=self._pass, args=(source, sink, up, losing)))
                    self._threads[-1].start()

    def _pass(self, source: socket.socket, sink: socket.socket, up: bool, losing: Event) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if up and self._wanted is not None and self._wanted in data:
                    self._wanted = None
                    losing.set()
                if losing.is_set() and not up:
                    self.lost += 1
                    break
                sink.sendall(data)
        for one in (source, sink):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)


@contextmanager
def lossy_wire(url: str) -> Iterator[tuple[LossyWire, str]]:
    """The wire, and the URL that goes through it."""
    parts = urlsplit(url)
    assert parts.hostname
    assert parts.port
    wire = LossyWire(parts.hostname, parts.port)
    try:
        yield wire, url.replace(f":{parts.port}/", f":{wire.port}/")
    finally:
        wire.close()
