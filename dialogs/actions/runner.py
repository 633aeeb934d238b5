"""Runs actions: rasa-sdk's executor in this process, bounded in time, failing in words."""

import asyncio
import inspect
from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any

from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.interfaces import Tracker

from dialogs.actions.following import (
    ActionMayFollow,
    ActionMayStill,
    ActionOwnTickets,
    ActionTicketStatus,
    TicketAction,
)
from dialogs.actions.linking import ActionChooseWay, ActionLink, ActionLinkCode, ActionWays
from dialogs.actions.mapping import checked, result_of, tracker_of
from dialogs.actions.ports import CityDesk
from dialogs.actions.reporting import (
    ActionNearby,
    ActionNextMatter,
    ActionScreen,
    ActionSubmitEmergency,
    ActionSubmitReport,
)
from dialogs.actions.session import (
    ActionConsent,
    ActionDataRight,
    ActionFaq,
    ActionHandoff,
    ActionSetLanguage,
    ActionShowData,
)
from dialogs.conversation import Conversation
from dialogs.turn import ActionCall, ActionResult, Context

SECONDS = 5.0
VERBS = (
    "confirm",
    "deny",
    "reopen",
    "rate",
    "survey",
    "appeal",
    "cancel",
    "message",
    "give_data",
    "data_complete",
    "follow",
    "unfollow",
    "split",
    "make_confidential",
    "make_anonymous",
    "ban_appeal",
)


class ActionRunner:
    """Runs a flow's actions by name.

    Args:
        desk: the city's desk the standard actions ask.
        more: further actions of an installation.
        seconds: how long one of those may take; the desk has limits of its own.
        through: errors no action is to blame for, after which the whole turn is taken again.
    """

    def __init__(
        self,
        desk: CityDesk,
        more: Iterable[Action] = (),
        seconds: float = SECONDS,
        through: tuple[type[Exception], ...] = (),
    ) -> None:
        self.seconds, self.through = seconds, through
        self.executor = ActionExecutor()
        further = tuple(more)
        self._timed = frozenset(action.name() for action in further)
        for action in (*standard_actions(desk), *further):
            self.executor.register_function(action.name(), _guarded(action))

    @property
    def names(self) -> frozenset[str]:
        """The actions there are."""
        return frozenset(self.executor.actions)

    async def run(self, call: ActionCall, conversation: Conversation, context: Context) -> ActionResult:
        """What the action brings about; whatever goes wrong in it comes back as `failed`, in words.

        Raises:
            Exception: one of those that are let through.
        """
        if call.name not in self.executor.actions:
            return ActionResult(failed="there is no such action")
        request = {
            "next_action": call.name,
            "sender_id": conversation.id,
            "tracker": tracker_of(call, conversation, context),
            "domain": dict(call.domain),
            "domain_digest": conversation.bundle,
        }
        try:
            async with asyncio.timeout(self.seconds) if call.name in self._timed else nullcontext():
                result = await self.executor.run(request)
            if not result:
                return ActionResult(failed="did nothing")
            return result_of(result.events, result.responses, call.domain.get("slots"))
        except self.through:
            raise
        except TimeoutError:
            timed = call.name in self._timed
            return ActionResult(failed=f"took longer than {self.seconds:g} s" if timed else "took too long")
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever an action does, the talk goes on
            return ActionResult(failed=f"{type(error).__name__}: {error}"[:300])


def standard_actions(desk: CityDesk) -> tuple[Action, ...]:
    """The actions that come with the program."""
    asking = (
        ActionScreen,
        ActionNearby,
        ActionNextMatter,
        ActionSubmitReport,
        ActionSubmitEmergency,
        ActionOwnTickets,
        ActionTicketStatus,
        ActionMayFollow,
        ActionMayStill,
        ActionConsent,
        ActionSetLanguage,
        ActionHandoff,
        ActionShowData,
        ActionDataRight,
        ActionFaq,
        ActionLinkCode,
        ActionLink,
        ActionWays,
        ActionChooseWay,
    )
    return (*(kind(desk) for kind in asking), *(TicketAction(desk, verb) for verb in VERBS))


def _guarded(action: Action) -> Any:
    """The action's own run, its events checked before rasa-sdk can leave any of them out.

    One that is no coroutine gets a thread, so that it cannot hold up everybody else.
    """

    async def run(dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Any:
        return checked(await action.run(dispatcher, tracker, domain))

    async def run_beside(dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> Any:
        return checked(await asyncio.to_thread(action.run, dispatcher, tracker, domain))

    return run if inspect.iscoroutinefunction(action.run) else run_beside
