"""From what an operator pressed or wrote to a command on a ticket, and from a refusal to plain words."""

from dataclasses import replace

from bot.operator import announce, checklist, looks, second_look
from bot.operator.asking import POINTS, ask_target, lacks
from bot.operator.matter import Matter
from bot.operator.office import Office
from bot.operator.payloads import Prompt
from bot.operator.reading import Words
from bot.operator.seat import Seat
from bot.services.core import OPERATOR
from bot.services.reports.ticketing import Act, DeskRefusal
from tickets.ticket import Command


async def act_at_once(office: Office, seat: Seat, matter: Matter, action: str, target: str = "") -> str:
    """Do what needs no words; the sentence that tells how it went, for the press's toast."""
    command = Command(action, matter.actor, target=target)
    try:
        await office.act(seat, matter.ticket.number, Act(command))
    except DeskRefusal as refusal:
        if refusal.code == "perlu_tujuan":
            await ask_target(office, seat, matter.ticket, action)
            return ""
        return await office.refusal(refusal)
    if action == "hand_over":
        await office.tell(target, "petugas_diserahkan", matter.ticket, await office.name_of(matter.actor.id))
    label = office.core.policies.lifecycle.actions[action].label[office.language]
    return office.text("petugas_dikerjakan", {"tindakan": label, "nomor": matter.ticket.number})


async def act_with_words(office: Office, seat: Seat, matter: Matter, prompt: Prompt, words: Words) -> None:
    """Do what an operator gave words (and files) for; a refusal is told and changes nothing."""
    if prompt.action == "announce":
        await announce.confirm(office, seat, matter, words)
        return
    if prompt.action == looks.ACTION:
        await _reveal(office, seat, matter, words.text)
        return
    act = Act(
        command=_command(office, matter, prompt, words),
        files=words.files,
        channel=OPERATOR,
        role=_role(prompt.action),
        origin="" if prompt.action == "note" else seat.origin,
        under=seat.reply_to,
    )
    try:
        await office.act(seat, matter.ticket.number, act)
    except DeskRefusal as refusal:
        if refusal.code == second_look.TAKEN and act.command.text:
            await second_look.taken(office, seat, matter, act)
        else:
            await _refused(office, seat, matter, refusal)
        return
    if not any(
        telling.to == "reporter" for telling in office.core.policies.lifecycle.actions[prompt.action].tells
    ):
        await office.nod(seat)


async def _reveal(office: Office, seat: Seat, matter: Matter, why: str) -> None:
    try:
        await looks.reveal(office, seat, matter, why)
    except DeskRefusal as refusal:
        await _refused(office, seat, matter, refusal)


async def _refused(office: Office, seat: Seat, matter: Matter, refusal: DeskRefusal) -> None:
    """Why the desk will not; words for a merged report are shown the way to the one that goes on."""
    ticket = matter.ticket
    values = {"sebab": await office.refusal(refusal), "nomor": ticket.number, "tujuan": ticket.parent}
    merged = refusal.code == "tidak_bisa_sekarang" and ticket.status == "DUPLIKAT"
    await office.answer(seat, "petugas_ditolak_digabung" if merged else "petugas_ditolak", values)


def _target(office: Office, prompt: Prompt, words: Words) -> str:
    typed = "" if prompt.action in POINTS else office.number_in(words.text)
    return prompt.extra or typed


def _role(action: str) -> str:
    return "proof" if action == "close" else "message"


def _command(office: Office, matter: Matter, prompt: Prompt, words: Words) -> Command:
    """The command with every word where the action looks for it."""
    if prompt.action == checklist.ACTION:
        return replace(
            checklist.with_words(office, matter, prompt.extra, words.text),
            proof=tuple(file.media_id for file in words.files),
        )
    needs = lacks(office, matter.ticket, prompt.action)
    refuses = office.core.policies.lifecycle.actions[prompt.action].refuses
    alone = words.files and "proof" not in needs  # proof goes with an explanation, other files speak alone
    text = words.text or (office.text("petugas_lampiran") if alone else "")
    return Command(
        action=prompt.action,
        actor=matter.actor,
        text=text,
        reason=prompt.extra if refuses else (text if "reason" in needs else ""),
        target=_target(office, prompt, words) if "target" in needs or prompt.action in POINTS else "",
        proof=tuple(file.media_id for file in words.files),
    )
