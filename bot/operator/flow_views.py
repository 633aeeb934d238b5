"""How the dialog looks to an admin in the chat: its flows, a flow's texts, a draft, the history."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

from bot.channels.rendering import clip
from bot.operator import fault_words
from bot.operator.grid import in_rows, paged
from bot.operator.office import Office, Rows
from bot.operator.payloads import Press
from bot.services.flows.drafting import Review
from dialogs.bundle import Bundle, content_hash
from dialogs.difference import SIGNS, Change, Difference
from dialogs.flow import Flow, Step
from dialogs.graph import tree
from dialogs.impact import Impact
from dialogs.messages import Button, OutboundMessage
from dialogs.responses import LANGUAGES, Response
from storage.publishing import Publication

PAGE = 8
MOST = 10
LONGEST = 3_000
SHOWN_OF_A_TEXT = 400
LABEL = 40
SHORT = 10
NONE = "-"
"""What a button names that is about nothing in particular."""


def token(name: str) -> str:
    """A name of any length in eight letters, the same for ever, for the few bytes a button carries."""
    return f"{crc32(name.encode()):08x}"


def named(names: Iterable[str], sign: str) -> str:
    """The name behind a token; empty when there is none of that name any more."""
    return next((name for name in names if token(name) == sign), "")


def button(label: str, verb: str, about: str = NONE, extra: str = "") -> Button:
    """A button of the flow desk."""
    return Button(clip(label, LABEL), Press("flow", about, verb, extra).packed())


def version_of(sources: Mapping[str, str]) -> str:
    """The content a button was shown for: pressed later, it acts on nothing else."""
    return content_hash(sources)[:SHORT]


@dataclass(frozen=True, slots=True)
class Views:
    """Makes the messages; says and changes nothing."""

    office: Office

    def overview(
        self, bundle: Bundle, facts: Mapping[str, str], page: int, *, draft: bool
    ) -> OutboundMessage:
        """Every flow as a button, with what is live and who is at work."""
        flows = [button(flow.name, "open", token(flow.id)) for flow in bundle.flows.values()]
        rows = _paged(flows, page, "list", NONE, width=2)
        more = [self._button("riwayat", "history")]
        if draft:
            more.append(self._button("draf", "review"))
        return self._message("petugas_alur", facts, (*rows, tuple(more)))

    def flow(self, bundle: Bundle, flow: Flow, page: int) -> OutboundMessage:
        """A flow's steps, its texts as buttons, and its file to take away."""
        texts = [button(name.removeprefix("utter_"), "text", token(name)) for name in texts_of(bundle, flow)]
        rows = _paged(texts, page, "open", token(flow.id))
        files = (button(f"⬇ {flow.file}", "file", token(flow.file)),)
        values = {"nama": flow.name, "langkah": clip(tree(flow), LONGEST)}
        return self._message("petugas_alur_satu", values, (*rows, files))

    def text(self, bundle: Bundle, name: str) -> OutboundMessage:
        """A text in every language; each wording and each button's label can be changed."""
        found = {one: bundle.responses[one][name] for one in LANGUAGES if name in bundle.responses[one]}
        lines = "\n\n".join(line for language, one in found.items() for line in _wordings(language, one))
        rows = [row for language, one in found.items() for row in self._spots(name, language, one)]
        files = (button(f"⬇ {one.file}", "file", token(one.file)) for one in found.values())
        return self._message(
            "petugas_alur_teks", {"nama": name, "teks": lines}, (*rows, *((f,) for f in files))
        )

    def review(self, review: Review) -> OutboundMessage:
        """A draft with its faults, or with its changes and what publishing would do, and what may be done."""
        draft = review.draft
        content = version_of(draft.sources)
        lines = self._button("baris", "lines"), self._button("buang", "discard", content)
        if review.faults:
            told = "\n".join(
                f"• {fault_words.told(one, self.office.language)}" for one in review.faults[:MOST]
            )
            values = {"jumlah": str(len(review.faults)), "daftar": clip(told, LONGEST)}
            return self._message("petugas_alur_salah", values, (lines,))
        values = {
            "jumlah": str(len(review.difference.changes)),
            "daftar": self.changes(review.difference),
            "akibat": self.impact(review.impact),
            "usang": self.since(review.since),
        }
        onward = (
            self._button("susul", "renew", content)
            if review.since
            else self._button("terbit", "publish", content)
        )
        rows = ((self._button("coba", "try", content), onward), lines)
        return self._message("petugas_alur_draf", values, rows)

    def lines(self, difference: Difference) -> OutboundMessage:
        """The files line by line."""
        return OutboundMessage(clip(difference.lines, LONGEST) or NONE, response="petugas_alur_baris")

    def history(self, entries: Sequence[Publication]) -> OutboundMessage:
        """What was published, newest first; the live one can be taken back."""
        told = "\n".join(self._entry(one) for one in entries)
        live = next((one.hash for one in entries if one.kind != "offered"), "")
        rows = ((self._button("kembali", "rollback", live[:SHORT]),),)
        return self._message("petugas_alur_riwayat", {"daftar": told}, rows)

    def published(self, publication: Publication) -> OutboundMessage:
        """What went live, and the way back."""
        numbers = publication.impact or {}
        values = {"versi": publication.hash[:SHORT], "akibat": self.numbers(numbers)}
        rows = ((self._button("kembali", "rollback", publication.hash[:SHORT]),),)
        return self._message("petugas_alur_terbit", values, rows)

    def changes(self, difference: Difference) -> str:
        """The first changes, a line each, and how many more there are."""
        shown = [self._change(one) for one in difference.changes[:MOST]]
        rest = len(difference.changes) - len(shown)
        if rest:
            shown.append(self.office.text("petugas_alur_lagi", {"jumlah": str(rest)}))
        return "\n".join(shown)

    def impact(self, impact: Impact) -> str:
        """What publishing would do to open talks, in a sentence."""
        return self.numbers(impact.counts)

    def numbers(self, counts: Mapping[str, int]) -> str:
        """The same from the numbers alone."""
        values = {fate: str(counts.get(fate, 0)) for fate in ("carried", "stays", "restarts")}
        told = {"lanjut": values["carried"], "tetap": values["stays"], "ulang": values["restarts"]}
        return self.office.text("petugas_alur_akibat", {"buka": str(sum(counts.values())), **told})

    def since(self, entries: Sequence[Publication]) -> str:
        """Who published meanwhile, when, and what; empty when nobody did."""
        if not entries:
            return ""
        told = "\n".join(self._entry(one) for one in entries[:MOST])
        return self.office.text("petugas_alur_usang", {"daftar": told})

    def _entry(self, one: Publication) -> str:
        kind = self.office.text(f"petugas_alur_jenis_{one.kind}")
        parts = (self.office.day(one.at), one.hash[:SHORT], kind, one.author, clip(one.note, 80))
        return "• " + " · ".join(part for part in parts if part)

    def _change(self, one: Change) -> str:
        part = self.office.text(f"petugas_alur_bagian_{one.part}")
        where = f"{one.name} ({one.language})" if one.language else one.name
        told = " → ".join(f"“{text}”" for text in one.shown if text)
        return f"{SIGNS[one.kind]} {part} {where}{': ' if told else ''}{told}"

    def _spots(self, name: str, language: str, one: Response) -> list[tuple[Button, ...]]:
        """The places of a text that can be changed, a row for each of its wordings."""
        rows: list[tuple[Button, ...]] = []
        for at, variation in enumerate(one.variations):
            which = f" {at + 1}" if len(one.variations) > 1 else ""
            spots = [button(f"✏️ {language}{which}", "ask", token(name), f"{language}.{at}")]
            spots += [
                button(f"🔘{which} {each.label.source}", "ask", token(name), f"{language}.{at}.{place}")
                for place, each in enumerate(variation.buttons)
            ]
            rows += in_rows(spots, 3)
        return rows

    def _button(self, label: str, verb: str, extra: str = "") -> Button:
        return button(self.office.text(f"petugas_alur_tombol_{label}"), verb, NONE, extra)

    def _message(self, name: str, values: Mapping[str, str], rows: Rows) -> OutboundMessage:
        return OutboundMessage(
            self.office.text(name, values), tuple(row for row in rows if row), response=name
        )


def _wordings(language: str, one: Response) -> list[str]:
    """Each wording with its language, numbered where there are several, and the labels of its buttons."""
    lines = []
    for at, variation in enumerate(one.variations, 1):
        which = f" {at}" if len(one.variations) > 1 else ""
        labels = " ".join(f"[{each.label.source}]" for each in variation.buttons)
        lines.append(f"{language}{which}: {clip(variation.text.source, SHOWN_OF_A_TEXT)} {labels}".rstrip())
    return lines


def texts_of(bundle: Bundle, flow: Flow) -> list[str]:
    """The texts a flow says, in the order of its steps."""
    named_ = dict.fromkeys(name for step in flow.steps.values() for name in _says(step))
    return [name for name in named_ if name in bundle.responses["id"]]


def _says(step: Step) -> list[str]:
    asked = [step.utter or f"utter_ask_{step.slot}"] if step.slot else []
    return [*asked, step.target, *(one.utter for one in step.rejections)]


def _paged(buttons: Sequence[Button], page: int, verb: str, about: str, width: int = 1) -> Rows:
    return paged(buttons, page, PAGE, width, lambda sign, to: button(sign, verb, about, str(to)))
