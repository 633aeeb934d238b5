"""What a caller asks for, made sure of: every fault becomes an `ApiError`, never a trace."""

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from bot.services.open311 import Repeat, Reported
from bot.web.open311.errors import ApiError
from bot.web.open311.services import Catalogue, Kind
from storage.reports.open311 import Wanted
from tickets.policies.open311 import Attribute, Open311Policy

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?", re.ASCII)
ATTRIBUTE = re.compile(r"attribute\[([^\]]{1,60})\](?:\[\d*\])?")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?\s*(Z|[+-]\d\d:?\d\d)", re.ASCII)
MOST_TEXT: Final = 4000
MOST_FIELD: Final = 300
MOST_ADDRESS: Final = 2000
MOST_IDS: Final = 1000
STATES: Final = ("open", "closed")
WHO: Final = ("account_id", "email", "phone", "device_id", "first_name", "last_name")
"""What may tell one reporter from another; kept only as a fingerprint."""

Fields = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Rules:
    """What requests are checked against; `final` are the states that count as closed."""

    policy: Open311Policy
    catalogue: Catalogue
    final: frozenset[str]
    every: frozenset[str]


def cleaned(text: str) -> str:
    """A text without outer blanks and what nobody sees or no database keeps."""
    return CONTROLS.sub("", text).strip()


def one(fields: Fields, name: str, most: int = MOST_FIELD) -> str:
    """The last value of a field, cleaned; empty when there is none. An empty field counts as none.

    Raises:
        ApiError: it is longer than `most`.
    """
    text = cleaned(fields.get(name, [""])[-1])
    if len(text) > most:
        raise ApiError(400, "long_text", field=name, most=most)
    return text


def many(fields: Fields, name: str) -> list[str]:
    """The values of a field that may be given several times, or with commas between."""
    texts = map(cleaned, ",".join(fields.get(name, [])).split(","))
    return [text for text in texts if text]


def check_jurisdiction(fields: Fields, policy: Open311Policy) -> None:
    """Make sure the caller means this city, or leaves it open.

    Raises:
        ApiError: 404 for another.
    """
    named = one(fields, "jurisdiction_id")
    if named and named != policy.jurisdiction:
        raise ApiError(404, "jurisdiction", value=named, known=policy.jurisdiction)


def wanted(fields: Fields, rules: Rules, now: datetime) -> Wanted:
    """Which requests a list is asked for.

    Raises:
        ApiError: 400 for a bad date, span, status or page.
    """
    since, until = _span(fields, rules.policy.span_days, now)
    size = _count(fields, "page_size", rules.policy.most_rows, rules.policy.most_rows)
    page = _count(fields, "page", 1, 1_000_000)
    return Wanted(since, until, _kinds(fields, rules), _states(fields, rules), size, (page - 1) * size)


def _span(fields: Fields, days: int, now: datetime) -> tuple[datetime, datetime]:
    since, until, span = moment(fields, "start_date"), moment(fields, "end_date"), timedelta(days=days)
    if since is None:
        until = until or now
        return _back(until, span), until
    until = until or min(_ahead(since, span), max(now, since))
    if until < since:
        raise ApiError(400, "order")
    if until - since > span:
        raise ApiError(400, "span", days=days)
    return since, until


def _back(at: datetime, span: timedelta) -> datetime:
    try:
        return at.astimezone(UTC) - span
    except OverflowError:
        return at


def _ahead(at: datetime, span: timedelta) -> datetime:
    try:
        return at.astimezone(UTC) + span
    except OverflowError:
        return at


def moment(fields: Fields, name: str) -> datetime | None:
    """A W3C date and time; None when the field is empty. A blank stands for a plus sign nobody escaped.

    Raises:
        ApiError: 400 for anything else.
    """
    text = one(fields, name)
    if not text:
        return None
    whole = re.sub(r" (?=\d\d:?\d\d$)", "+", text)
    try:
        if MOMENT.fullmatch(whole):
            return _of_some_year(datetime.fromisoformat(whole))
    except (ValueError, OverflowError):
        pass
    raise ApiError(400, "date", field=name, value=text)


def _of_some_year(at: datetime) -> datetime:
    """The moment; raises OverflowError where UTC, in which all are kept, is in no year there is."""
    at.astimezone(UTC)
    return at


def _kinds(fields: Fields, rules: Rules) -> tuple[Kind, ...] | None:
    codes, known = many(fields, "service_code"), rules.catalogue.kinds
    return tuple(known[code] for code in codes if code in known) if codes else None


def _states(fields: Fields, rules: Rules) -> tuple[str, ...] | None:
    named = [text.lower() for text in many(fields, "status")]
    for text in named:
        if text not in STATES:
            raise ApiError(400, "status", value=text)
    if not named or set(named) == set(STATES):
        return None
    return tuple(rules.final if named[0] == "closed" else rules.every - rules.final)


def _count(fields: Fields, name: str, standard: int, most: int) -> int:
    text = one(fields, name)
    if not text:
        return standard
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= most):
        raise ApiError(400, "page", field=name, value=text, least=1, most=most)
    return int(text)


def numbers(fields: Fields) -> list[str]:
    """The ids of the requests that are asked for by name; they override every other argument."""
    return [text.upper()[:40] for text in many(fields, "service_request_id")][:MOST_IDS]


def reported(fields: Fields, rules: Rules, language: str) -> Reported:
    """The report in a form.

    Raises:
        ApiError: 400 for what is missing or wrong, 404 for an unknown service.
    """
    code = one(fields, "service_code")
    if not code:
        raise ApiError(400, "no_service")
    if code not in rules.catalogue.kinds:
        raise ApiError(404, "service", value=code)
    category, sub = rules.catalogue.kinds[code]
    position, address = _place(fields)
    text = one(fields, "description", MOST_TEXT)
    if not text:
        raise ApiError(400, "no_text")
    return Reported(
        category=category,
        subcategory=sub,
        narrative=text,
        position=position,
        address=address,
        person="\n".join(one(fields, name) for name in WHO).strip(),
        answers=_answers(fields, rules.catalogue.questions(code), language),
        language=language,
    )


def _place(fields: Fields) -> tuple[tuple[float, float] | None, str]:
    lat, long = one(fields, "lat"), one(fields, "long") or one(fields, "lon")
    address = one(fields, "address_string") or one(fields, "address_id")
    if lat or long:
        return _position(lat, long), address
    if not address:
        raise ApiError(400, "no_place")
    return None, address


def _position(lat: str, long: str) -> tuple[float, float]:
    if not (NUMBER.fullmatch(lat) and NUMBER.fullmatch(long)):
        raise ApiError(400, "position")
    north, east = float(lat), float(long)
    if not (abs(north) <= 90 and abs(east) <= 180 and math.isfinite(north + east)):
        raise ApiError(400, "position")
    return north, east


def _answers(fields: Fields, questions: tuple[Attribute, ...], language: str) -> dict[str, Any]:
    given: dict[str, list[str]] = {}
    for name, values in fields.items():
        found = ATTRIBUTE.fullmatch(name)
        if found:
            given.setdefault(found[1], []).extend(values)
    answers = {}
    for question in questions:
        values = [text for text in map(cleaned, given.get(question.code, [])) if text]
        answer = _answer(question, values, language)
        if answer is not None:
            answers[question.code] = answer
    return answers


def _answer(question: Attribute, values: list[str], language: str) -> Any:
    if not values:
        if question.required:
            raise ApiError(400, "attribute", value=question.code, question=question.description[language])
        return None
    if any(len(text) > MOST_TEXT for text in values):
        raise ApiError(400, "long_text", field=f"attribute[{question.code}]", most=MOST_TEXT)
    if question.datatype == "multivaluelist":
        return [_choice(question, text) for whole in values for text in whole.split(",")]
    return READERS[question.datatype](question, values[-1])


def _choice(question: Attribute, text: str) -> str:
    if text.strip() not in question.values:
        raise ApiError(400, "attribute_value", field=question.code, wanted=", ".join(question.values))
    return text.strip()


def _number(question: Attribute, text: str) -> str:
    if not NUMBER.fullmatch(text):
        raise ApiError(400, "attribute_value", field=question.code, wanted="number")
    return text


def _datetime(question: Attribute, text: str) -> str:
    found = moment({question.code: [text]}, question.code)
    return found.isoformat() if found else ""


READERS: Final = {
    "string": lambda _question, text: text,
    "text": lambda _question, text: text,
    "number": _number,
    "datetime": _datetime,
    "singlevaluelist": _choice,
}


def media_url(fields: Fields) -> str:
    """The address of a file; empty when none is given.

    Raises:
        ApiError: 400 for what is no web address.
    """
    url = cleaned(fields.get("media_url", [""])[-1])
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and len(url) <= MOST_ADDRESS
    except ValueError:
        good = False
    if not good or any(sign.isspace() for sign in url):
        raise ApiError(400, "url", most=MOST_ADDRESS)
    return url


def repeat_of(fields: Fields, files: list[str], name: str) -> Repeat:
    """How a repeat of this post is known; `files` are digests of what was posted with it.

    Raises:
        ApiError: 400 when its name is too long.
    """
    if len(name) > MOST_FIELD:
        raise ApiError(400, "repeat_name", most=MOST_FIELD)
    said = sorted((key, tuple(values)) for key, values in fields.items() if key != "api_key")
    told = repr((said, files)).encode("utf-8", "backslashreplace")
    return Repeat(hashlib.sha256(told).hexdigest(), cleaned(name))
