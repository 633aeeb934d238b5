"""The shapes of the lifecycle: state x action -> state, who may, what it needs, who is told."""

from dataclasses import dataclass, field

from tickets.policies.reader import Words
from tickets.ticket import Status

STAY = "tetap"
BACK = "kembali"
REPORTER, ANY_CITIZEN, SYSTEM = "pelapor", "warga", "sistem"
NEEDS = ("text", "reason", "target", "proof", "value", "text_or_proof")
ACTIONS = (
    "verify", "refer", "redispose", "claim", "release", "hand_over", "reply", "ask_data", "give_data",
    "data_part", "data_complete", "resume", "announce", "reveal", "forward", "not_ours", "refuse",
    "close", "delivered", "confirm", "deny", "auto_close", "unheard", "close_unheard", "rate", "survey",
    "reopen", "appeal", "cancel", "message", "correct", "follow", "unfollow", "note", "merge", "split",
    "absorb", "part", "moderate_pass", "moderate_ask", "moderate_refuse", "propose_refusal", "group",
    "moderate_confirm", "moderate_lapse", "make_confidential", "make_anonymous", "remind", "due",
    "recount", "acknowledge", "hear_outside", "escalate",
)  # fmt: skip
REFUSALS = (
    "tindakan_tidak_dikenal", "tidak_berwenang", "tidak_bisa_sekarang", "sudah_diambil",
    "perlu_isi", "perlu_alasan", "perlu_tujuan", "perlu_bukti", "perlu_nilai",
    "alasan_tidak_dikenal", "tujuan_tidak_dikenal", "tujuan_sama", "dinas_terlapor", "tetap_di_wbs",
    "terlalu_sering_dialihkan", "batas_waktu_buka", "batas_kali_buka", "sudah_dinilai",
    "survei_sembilan_angka",
    "belum_waktunya", "sudah_ditandai", "puncak_eskalasi", "laporan_sendiri", "laporan_tertutup",
    "bukti_tidak_terbaca", "bukti_belum_terperiksa", "bukti_dipakai_ulang",
    "pelapor_anonim",
    "orang_kedua", "orang_lain", "tanpa_usul", "sudah_banding",
    "sudah_digabung", "tujuan_tertutup", "kelas_berbeda", "tertutup_digabung", "darurat_digabung",
    "pelapor_menolak", "batas_kali_pisah",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Telling:
    """Who is told, with which text; `line` is where the file says so."""

    to: str
    name: str
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class StateRule:
    """A state: the deadline that runs in it, whether the clock stands, whether it is final.

    `before_answer` runs instead until the agency has answered, `after_reopen` once the ticket was reopened;
    `keeps` are deadlines left running.
    """

    name: Words
    deadline: str = ""
    before_answer: str = ""
    after_reopen: str = ""
    keeps: frozenset[str] = frozenset()
    clock_stops: bool = False
    final: bool = False


@dataclass(frozen=True, slots=True)
class ActionRule:
    """An action: from which state it leads where (`moves`), who may do it, and what it needs."""

    name: str
    label: Words
    who: frozenset[str]
    moves: dict[Status, tuple[str, ...]]
    needs: tuple[str, ...] = ()
    needs_for: dict[str, tuple[str, ...]] | None = None
    tells: tuple[Telling, ...] = ()
    deadline: str = ""
    exclusive: bool = False
    refuses: bool = False
    button: bool = True

    def needed(self, classification: str) -> tuple[str, ...]:
        """The fields a command must bring for a report of this class."""
        return (self.needs_for or {}).get(classification, self.needs)


@dataclass(frozen=True, slots=True)
class Limits:
    """How often and how long: agency changes, reopenings (working days), and what rating counts as poor.

    `split_times`: how often a reporter may take a merged report out again by a word. Words to a citizen are
    held for a second look while a colleague's are `colleague_minutes` young, or the citizen's own are
    `unread_seconds` young; 0 holds nothing. Whoever answers the card has read what it has shown for
    `card_seconds`.
    """

    hops: int
    reopen_times: int
    reopen_days: int
    poor_rating: int
    split_times: int
    colleague_minutes: int
    unread_seconds: int
    card_seconds: int


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The whole table."""

    states: dict[Status, StateRule]
    actions: dict[str, ActionRule]
    opening: dict[str, tuple[Status, ...]]
    opening_tells: dict[str, tuple[Telling, ...]]
    limits: Limits
    refusals: dict[str, Words]

    def targets(self, action: str, state: Status) -> tuple[Status, ...]:
        """The states an action passes through from here, for drawing and checking.

        Staying gives the state itself; going back gives every state data may be asked in.
        """
        path = self.actions[action].moves.get(state, ())
        if path == (STAY,):
            return (state,)
        if path == (BACK,):
            return tuple(s for s in self.states if any(state in self._plain(a, s) for a in self.actions))
        return self._plain(action, state)

    def _plain(self, action: str, state: Status) -> tuple[Status, ...]:
        path = self.actions[action].moves.get(state, ())
        return tuple(s for step in path for s in self.states if s == step)
