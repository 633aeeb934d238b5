"""Everything that can be wrong with a dialog, found before anybody talks to it."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from dialogs.bundle import Bundle, read_bundle
from dialogs.conditions import slots_named
from dialogs.faults import Fault
from dialogs.flow import END, Flow, Step
from dialogs.payloads import MAX_BYTES, read_payload
from dialogs.responses import LANGUAGES, Response, Variation
from dialogs.source import readable

CITY_VALUES = frozenset(
    {
        *("kota", "kota_singkat", "nomor_darurat", "ombudsman", "versi_privasi", "awalan"),
        *("bantuan_jiwa", "bantuan_anak"),
        *("hari_verifikasi", "hari_tanggapan", "hari_selesai"),
    }
)
GIVEN_VALUES = frozenset(
    {
        *("nomor", "judul", "keadaan", "dinas", "tenggat", "riwayat", "jumlah", "batas", "koreksi", "data"),
        *("kode", "kanal_kabar"),
        *("pesan", "alasan", "bantuan", "tujuan", "milik", "nilai", "tingkat", "aturan", "kata", "kurang"),
        *("jam", "menit"),
    }
)
SAID_BY_THE_ENGINE = frozenset(
    {
        *("utter_ada_lagi", "utter_galat", "utter_internal_error", "utter_pengingat", "utter_dikoreksi"),
        *("utter_ditambahkan", "utter_pesan_dipotong", "utter_diulang", "utter_bukti_disimpan"),
        *("utter_suara_disimpan", "utter_foto_ditambah", "utter_foto_ke_laporan", "utter_bot_kembali"),
        *("utter_diteruskan_petugas", "utter_lokasi_belum_ketemu", "utter_tidak_bisa_sekarang"),
        "utter_lokasi_dicatat",
        *("utter_status_laporan", "utter_status_publik", "utter_status_tidak_ada", "utter_data_saya"),
    }
)
STARTED_BY_THE_ENGINE = frozenset(
    {
        *("pattern_emergency", "pattern_interruption", "pattern_cancel", "pattern_resume", "pattern_unknown"),
        *("pattern_no_way_back", "pattern_cannot_skip", "pattern_stale_button", "pattern_unsupported"),
        *("pattern_unknown_again", "pattern_clarification", "lapor", "status", "pesan_tiket", "foto_susulan"),
        "jawaban_mana",
    }
)
FEW, LABEL_OF_FEW, LABEL = 3, 20, 24
NUMBER = "SLM-26-7K3QX"
Rule = Callable[[Bundle], Iterable[Fault]]


def check(sources: Mapping[str, str]) -> tuple[Fault, ...]:
    """Every fault of a dialog's files, by file and line; none when it may be published."""
    bundle, faults = read_bundle(sources)
    if not all(readable(file, text) for file, text in sources.items()):
        return tuple(sorted(set(faults)))  # what else is missing may stand in what cannot be read
    found = [*faults, *(fault for rule in RULES for fault in rule(bundle))]
    return tuple(sorted(set(found)))


def ways(bundle: Bundle) -> Iterator[Fault]:
    """Ways that lead to a step which is not there."""
    for flow, step in _steps(bundle):
        for branch in step.next:
            if branch.to != END and branch.to not in flow.steps:
                yield _at(
                    flow, step, f"it leads to `{branch.to}`, which is no step of this flow", _known(flow)
                )


def unreachable(bundle: Bundle) -> Iterator[Fault]:
    """Steps no way leads to."""
    for flow in bundle.flows.values():
        reached, waiting = {flow.first}, [flow.first]
        while waiting:
            step = flow.steps.get(waiting.pop())
            fresh = {branch.to for branch in step.next} - reached if step else set()
            reached |= fresh
            waiting.extend(fresh)
        for step in flow.steps.values():
            if step.id not in reached:
                yield _at(flow, step, "no way leads to this step", "Lead to it with `next`, or delete it")


def undeclared_slots(bundle: Bundle) -> Iterator[Fault]:
    """Slots the domain does not declare."""
    for flow, step in _steps(bundle):
        for name in _slots_of(step):
            if name not in bundle.slots:
                yield _at(flow, step, f"the slot `{name}` is never declared", "Declare it in domain.yml")
    for flow in bundle.flows.values():
        for name in (*flow.slots, *flow.slot_triggers):
            if name not in bundle.slots:
                text = f"the slot `{name}` is never declared"
                yield Fault(flow.file, flow.line, flow.id, "", text, "Declare it in domain.yml")


def actions(bundle: Bundle) -> Iterator[Fault]:
    """Actions that are neither a text nor declared."""
    for flow, step in _steps(bundle):
        if (
            step.kind == "action"
            and not step.target.startswith("utter_")
            and step.target not in bundle.actions
        ):
            remedy = "Name one from `actions:` in domain.yml, or a text that begins with utter_"
            yield _at(flow, step, f"the action `{step.target}` does not exist", remedy)


def other_flows(bundle: Bundle) -> Iterator[Fault]:
    """Flows called or linked that are not there; a name with a gap stands for any that begin alike."""
    for flow, step in _steps(bundle):
        missing = step.kind in {"call", "link"} and step.target not in bundle.flows
        if missing and "{" not in step.target:
            yield _at(flow, step, f"there is no flow `{step.target}`", "Check its name, or write that flow")
    for name in STARTED_BY_THE_ENGINE - bundle.flows.keys():
        text = f"the flow `{name}` is missing"
        yield Fault("flows/", 0, name, "", text, "Write it: the engine starts it by this name")


def unwaited_loops(bundle: Bundle) -> Iterator[Fault]:
    """Circles that never wait for the person."""
    for flow in bundle.flows.values():
        for step in flow.steps.values():
            if not _waits(bundle, step) and _comes_back(bundle, flow, step):
                text = "it comes back to itself without waiting for an answer"
                yield _at(flow, step, text, "Put a `collect` into the circle, or lead out of it")


def triggers(bundle: Bundle) -> Iterator[Fault]:
    """Intents, commands and slots that would start two flows."""
    for kind in ("intents", "commands", "slot_triggers"):
        owners: dict[str, Flow] = {}
        for flow in bundle.flows.values():
            for name in getattr(flow, kind):
                other = owners.setdefault(name, flow)
                if other is not flow:
                    text = f"`{name}` starts this flow and `{other.id}`"
                    yield Fault(flow.file, flow.line, flow.id, "", text, "Leave it with one of them")


def missing_responses(bundle: Bundle) -> Iterator[Fault]:
    """Texts a step needs that are not written at all."""
    written = bundle.responses["id"]
    for flow, step in _steps(bundle):
        for name in _texts_of(step):
            if name not in written:
                yield _at(
                    flow, step, f"the text `{name}` is not written", "Write it in responses/id.yml, jv, en"
                )
    for topic in bundle.topics:
        if topic.response not in written:
            text = f"the text `{topic.response}` is not written"
            yield Fault("faq.yml", topic.line, "", "", text, "Write it in responses/id.yml, jv, en")
    for name in SAID_BY_THE_ENGINE - written.keys():
        text = f"the text `{name}` is not written"
        yield Fault("responses/id.yml", 0, "", "", text, "Write it: the engine says it by this name")


def languages(bundle: Bundle) -> Iterator[Fault]:
    """Texts missing in a language."""
    names = {name: one for language in LANGUAGES for name, one in bundle.responses[language].items()}
    for name, response in names.items():
        lacking = [language for language in LANGUAGES if name not in bundle.responses[language]]
        if lacking:
            text = f"the text `{name}` is missing in {', '.join(lacking)}"
            yield Fault(
                response.file, response.line, "", "", text, f"Write it in {lacking[0]}.yml beside this one"
            )


def gaps(bundle: Bundle) -> Iterator[Fault]:
    """Placeholders nothing fills."""
    known = CITY_VALUES | GIVEN_VALUES | bundle.slots.keys()
    for response, variation in _variations(bundle):
        if not response.name.startswith("utter_"):
            continue
        for name in sorted(variation.text.placeholders - known):
            if f"utter_{name}" not in bundle.responses["id"]:
                text = f"nothing fills `{{{name}}}` in `{response.name}`"
                yield Fault(response.file, variation.line, "", "", text, "Use a slot or a value of the city")


def buttons(bundle: Bundle) -> Iterator[Fault]:
    """Buttons a messenger would cut or refuse, and buttons that lead nowhere."""
    for response, variation in _variations(bundle):
        if not response.name.startswith("utter_"):
            continue
        few = len(variation.buttons) <= FEW or bool([one for one in variation.buttons if one.when])
        most = LABEL_OF_FEW if few else LABEL
        for button in variation.buttons:
            label, payload = button.label.source, button.payload.source.replace("{nomor}", NUMBER)
            where = (response.file, variation.line, "", "")
            if len(label) > most and not button.label.placeholders:
                yield Fault(
                    *where, f"the button `{label}` has {len(label)} characters", f"Use at most {most}"
                )
            if len(payload.encode()) > MAX_BYTES:
                yield Fault(
                    *where, f"the button `{label}` means too much ({payload})", "Use at most 64 bytes"
                )
            if not button.url and not _leads(bundle, payload):
                remedy = "Use /<intent or command> or /SetSlots(slot=value)"
                yield Fault(*where, f"the button `{label}` leads nowhere ({payload})", remedy)


def _leads(bundle: Bundle, payload: str) -> bool:
    read = read_payload(payload)
    if read is None:
        return False
    if not read.intent:
        return all(name in bundle.slots for name in read.slots)
    settings = bundle.settings
    known = (bundle.by_intent, bundle.by_command, settings.controls, settings.control_intents)
    return any(read.intent in names for names in known)


def _steps(bundle: Bundle) -> Iterator[tuple[Flow, Step]]:
    for flow in bundle.flows.values():
        for step in flow.steps.values():
            yield flow, step


def _variations(bundle: Bundle) -> Iterator[tuple[Response, Variation]]:
    for named in bundle.responses.values():
        for response in named.values():
            for variation in response.variations:
                yield response, variation


def _slots_of(step: Step) -> list[str]:
    told = [name for branch in step.next for name in slots_named(branch.text)]
    told += [name for rejection in step.rejections for name in slots_named(rejection.text)]
    return list(
        dict.fromkeys([*([step.slot] if step.slot else []), *(name for name, _ in step.assigns), *told])
    )


def _texts_of(step: Step) -> list[str]:
    asked = [step.utter or f"utter_ask_{step.slot}"] if step.slot else []
    said = [step.target] if step.kind == "action" and step.target.startswith("utter_") else []
    return [*asked, *said, *(rejection.utter for rejection in step.rejections if rejection.utter)]


def _waits(bundle: Bundle, step: Step) -> bool:
    """Whether a step may wait for the person: a question, or a call of a flow that has one."""
    if step.kind == "call":
        called = bundle.flows.get(step.target)
        return called is not None and any(inner.slot for inner in called.steps.values())
    return bool(step.slot)


def _onward(bundle: Bundle, flow: Flow, step: Step) -> list[tuple[str, str]]:
    """The steps that may follow, by flow and id: a link goes to another flow's first."""
    if step.kind == "link":
        other = bundle.flows.get(step.target)
        return [(other.id, other.first)] if other else []
    return [(flow.id, branch.to) for branch in step.next if branch.to in flow.steps]


def _comes_back(bundle: Bundle, flow: Flow, start: Step) -> bool:
    seen: set[tuple[str, str]] = set()
    waiting = _onward(bundle, flow, start)
    while waiting:
        at = waiting.pop()
        if at == (flow.id, start.id):
            return True
        inside = bundle.flows[at[0]]
        step = inside.steps[at[1]]
        if at not in seen and not _waits(bundle, step):
            seen.add(at)
            waiting.extend(_onward(bundle, inside, step))
    return False


def _known(flow: Flow) -> str:
    return f"Use one of {', '.join(list(flow.steps)[:12])}, or END"


def _at(flow: Flow, step: Step, text: str, remedy: str) -> Fault:
    return Fault(flow.file, step.line, flow.id, step.id, text, remedy)


RULES: tuple[Rule, ...] = (
    ways,
    unreachable,
    undeclared_slots,
    actions,
    other_flows,
    unwaited_loops,
    triggers,
    missing_responses,
    languages,
    gaps,
    buttons,
)
