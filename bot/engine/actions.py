"""Custom actions in the same process: an action endpoint that calls rasa-sdk's executor instead of a server."""

from __future__ import annotations

import copy
from typing import Any, Optional

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from bot.errors import ModelError


class InProcessActions(EndpointConfig):
    """Runs the actions of a package here. Rasa takes it for the address of an action server.

    Args:
        package: name of the package that holds the actions.
    """

    def __init__(self, package: str = "actions") -> None:
        super().__init__(url="in-process")
        self._executor = ActionExecutor()
        self._executor.register_package(package)

    def names(self) -> set[str]:
        """Return the names of the actions found."""
        return set(self._executor.actions)

    async def request(
        self,
        method: str = "post",
        subpath: Optional[str] = None,
        content_type: Optional[str] = "application/json",
        compress: bool = False,  # noqa: FBT001, FBT002  (Rasa's signature)
        **kwargs: Any,
    ) -> Optional[Any]:
        """Run the action that a request body names and return what a server would.

        Raises:
            ClientResponseError: with status 400 if the action refuses to run, as a server answers.
            ModelError: if there is no such action.
        """
        call = kwargs["json"]
        try:
            return copy.deepcopy(await self._executor.run(call))
        except ActionExecutionRejection as error:
            body = f'{{"action_name": "{error.action_name}", "error": "refused"}}'
            raise ClientResponseError(400, "Bad Request", body.encode()) from error
        except ActionNotFoundException as error:
            raise ModelError(
                f"The model asks for the action {call.get('next_action')!r}, which does not exist.",
                "Train again with `make train`.",
            ) from error
