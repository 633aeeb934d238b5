"""Turn the machine-readable Bot API specification into the sandbox's own compact table.

The specification is PaulSonOfLars/telegram-bot-api-spec (MIT licence). Only facts are taken over: names,
types, what is required, and the number limits named in the field descriptions. No sentence is copied.

    python scripts/build_bot_api_table.py api.json [bot/sandbox/bot_api.json]
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parent.parent / "bot" / "sandbox" / "bot_api.json"
LENGTH = re.compile(r"\b(\d+)-(\d+)\s+(characters|bytes|items)")
CONSTANT = re.compile(r"(?:must be|always) [\"“]?([a-z_]+)[\"”]?\.?$")
CREDIT = "https://github.com/PaulSonOfLars/telegram-bot-api-spec (MIT)"


def main(arguments: list[str]) -> None:
    if not arguments:
        sys.exit("usage: build_bot_api_table.py SPECIFICATION.json [TARGET.json]")
    source = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    target = Path(arguments[1]) if len(arguments) > 1 else TARGET
    target.write_text(render(table(source)), encoding="utf-8")
    print(f"{target}: {len(source['methods'])} methods, {len(source['types'])} types")


def table(source: dict[str, Any]) -> dict[str, Any]:
    return {
        "version": source["version"],
        "source": CREDIT,
        "methods": {name: fields(entry) for name, entry in source["methods"].items()},
        "types": {name: type_entry(entry) for name, entry in source["types"].items()},
    }


def type_entry(entry: dict[str, Any]) -> dict[str, Any]:
    if "subtypes" in entry:
        return {"one_of": entry["subtypes"]}
    return {"fields": fields(entry)}


def fields(entry: dict[str, Any]) -> dict[str, Any]:
    return {field["name"]: facts(field) for field in entry.get("fields", [])}


def facts(field: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"types": field["types"]}
    if field["required"]:
        found["required"] = True
    length = LENGTH.search(field["description"])
    if length:
        found["length"] = [int(length[1]), int(length[2]), length[3]]
    constant = CONSTANT.search(field["description"])
    if constant and field["types"] == ["String"]:
        found["constant"] = constant[1]
    return found


def render(content: dict[str, Any]) -> str:
    """One line per method and type: small, and readable in a diff."""
    parts = [f'"version": {json.dumps(content["version"])}', f'"source": {json.dumps(content["source"])}']
    for section in ("methods", "types"):
        lines = [
            f"{json.dumps(name)}: {json.dumps(entry, separators=(',', ':'), ensure_ascii=False)}"
            for name, entry in content[section].items()
        ]
        parts.append(f'"{section}": {{\n' + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    main(sys.argv[1:])
