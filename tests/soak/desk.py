"""The staff of the soak: three agencies, one of them with a group, and a coordinator."""

import asyncio
import random
import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field

from bot.commands.serve import OPERATOR_BOT
from bot.sandbox.client import Message, SandboxClient, SandboxRefused, User
from tests.soak.mouths import picture

OPERATORS = OPERATOR_BOT.username
NUMBER = re.compile(r"SLM-\d\d-[0-9A-Z]{5}")
PATIENCE = 120.0
PROMPT_SECONDS = 20.0
PAUSE_SECONDS = (3.0, 8.0)
REMEMBERED = 300
"""Messages an operator's phone keeps at hand here: the soak measures the server, not the phone."""
DEEDS = ("reply", "reply", "claim", "ask", "close", "close", "later")
TROUBLES = (LookupError, TimeoutError, SandboxRefused)


@dataclass(slots=True)
class Desk:
    """Everybody on duty, what they did, and the reporters who react to it."""

    chance: random.Random
    staff: list[User] = field(default_factory=list)
    reporters: list[User] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    _seen: set[tuple[str, int]] = field(default_factory=set)

    async def join(self, client: SandboxClient, name: str, token: str) -> User:
        """Somebody comes by an invitation."""
        person = await client.user(name, role="operator")
        await person.start(OPERATORS, token)
        await person.wait_for(text="bergabung", timeout=PATIENCE)
        self.staff.append(person)
        return person

    async def set_up_group(self, client: SandboxClient, owner: User, agency: str) -> None:
        """A forum becomes the desk of an agency."""
        group = await client.forum(f"Meja {agency}", owner=owner)
        await group.add(OPERATORS, admin=True)
        await owner.wait_for(text="/pasang", timeout=PATIENCE)
        await owner.send(group, f"/pasang {agency}")
        await owner.wait_for(text="satu topik", timeout=PATIENCE)

    async def work(self, operator: User) -> None:
        """Deal with one new card after the other."""
        while True:
            await asyncio.sleep(self.chance.uniform(*PAUSE_SECONDS))
            await operator.refresh()
            card = self._fresh_card(operator)
            if card is not None:
                with suppress(*TROUBLES):
                    await self._deal(operator, card)
            _forget(operator)

    def _fresh_card(self, operator: User) -> Message | None:
        for message in reversed(operator.messages):
            key = (f"{operator.id}", message.serial)
            if "Ambil" in message.labels and NUMBER.search(message.text) and key not in self._seen:
                self._seen.add(key)
                return message
        return None

    async def _deal(self, operator: User, card: Message) -> None:
        deed = self.chance.choice(DEEDS)
        words = f"urusan {self.done.total()}"
        if deed == "claim":
            await operator.press("Ambil", card)
        elif deed == "reply":
            await operator.reply(card, f"Kami tangani, {words}.")
        elif deed == "ask":
            await operator.press("Minta data", card)
            offer = await operator.wait_for(text="data apa yang perlu", timeout=PROMPT_SECONDS)
            await operator.reply(offer, f"Patokannya apa, {words}?")
        elif deed == "close":
            await operator.press("Selesai", card)
            prompt = await operator.wait_for(text="foto buktinya", timeout=PROMPT_SECONDS)
            await operator.reply(prompt, f"Selesai, {words}.", photo=picture(self.chance))
        self.done[deed] += 1

    async def react(self) -> None:
        """Reporters answer what the desks say to them."""
        while True:
            await asyncio.sleep(self.chance.uniform(1, 4))
            if self.reporters:
                person = self.chance.choice(self.reporters[-60:])
                with suppress(*TROUBLES):
                    await self._reaction(person)

    async def _reaction(self, person: User) -> None:
        await person.refresh()
        for message in person.messages[-3:]:
            key = (f"{person.id}", message.serial)
            if key in self._seen or message["from"]["id"] == person.id:
                continue
            self._seen.add(key)
            await self._said_to(person, message)

    async def _said_to(self, person: User, message: Message) -> None:
        labels = message.labels
        if "Sudah" in labels:
            await person.press(self.chance.choice(("Sudah", "Sudah", "Belum")), message)
        elif "5 ⭐" in labels:
            await person.press(f"{self.chance.randint(1, 5)} ⭐", message)
        elif "Jawab" in labels:
            await person.reply(message, "patokannya warung di seberang jalan")
        elif "💬" in message.text:
            await person.reply(message, "terima kasih infonya")
        else:
            return
        self.done["reactions"] += 1


def _forget(operator: User) -> None:
    for key in sorted(operator.known, key=lambda one: operator.known[one].serial)[:-REMEMBERED]:
        del operator.known[key]
