"""The pages on a port of this machine."""

from __future__ import annotations

import uvicorn

from archive.errors import UsageError
from archive.web.room import ReadingRoom

ADDRESS = "127.0.0.1"


class Server:
    """Listens on a port of the loopback interface from the moment it is made; `port` 0 takes a free one.

    Raises UsageError when the port is taken or not ours to take.
    """

    def __init__(self, room: ReadingRoom, port: int) -> None:
        # forwarded headers are not believed: there is no proxy before this
        self._config = uvicorn.Config(
            room.app(), host=ADDRESS, port=port, log_level="critical", proxy_headers=False, server_header=False
        )
        try:
            self._socket = self._config.bind_socket()
            self._socket.listen(100)  # who is told the address may ask at once
        except (SystemExit, OSError) as error:  # uvicorn ends the program where it cannot bind
            raise UsageError(f"port {port} of {ADDRESS} cannot be used: give another with --port, or stop what has it") from error

    @property
    def url(self) -> str:
        return f"http://{ADDRESS}:{self._socket.getsockname()[1]}/"

    def run(self) -> None:
        """Serve until interrupted."""
        uvicorn.Server(self._config).run(sockets=[self._socket])
