"""The embedded server, which lets the application itself say that too much is being sent.

waitress notices what is too large before the application is asked, and takes no more of it.
"""

from typing import Any, Final

from waitress import create_server
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask, WSGITask
from waitress.utilities import RequestEntityTooLarge

SIZE: Final = "CONTENT_LENGTH"


class Refusal(WSGITask):  # type: ignore[misc]  # waitress has no types
    """Asks the application with the size that was announced and nothing of the content."""

    def execute(self) -> None:
        """Answer in the words of the application, then hang up."""
        announced = self.channel.server.adj.max_request_body_size + 1
        self.request.headers.setdefault(SIZE, str(announced))
        self.set_close_on_finish()
        super().execute()


class Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection that refuses what is too large in our own words."""

    @staticmethod
    def error_task_class(channel: HTTPChannel, request: Any) -> ErrorTask | Refusal:  # noqa: ANN401 - waitress has no types
        """Return what answers a request that waitress finds wrong."""
        too_large = isinstance(request.error, RequestEntityTooLarge)
        return (Refusal if too_large else ErrorTask)(channel, request)


def server(app: Any, **adjustments: Any) -> Any:  # noqa: ANN401 - waitress has no types
    """Return the server of an application, not yet running."""
    sockets = adjustments.setdefault("map", {})
    made = create_server(app, **adjustments)
    for each in sockets.values():
        if isinstance(each, BaseWSGIServer):
            each.channel_class = Channel
    return made
