"""One answer in the two formats of the standard: JSON by its Spark convention, XML with UTF-8."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal
from xml.etree.ElementTree import Element, SubElement, tostring

import orjson
from aiohttp import web

Format = Literal["json", "xml"]
TYPES: Final[Mapping[str, str]] = {"json": "application/json", "xml": "text/xml"}
NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ONE_OF: Final[Mapping[str, str]] = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
    "notes": "note",
}
"""What the elements of each list are called in XML; JSON has no name for them."""


def respond(root: str, content: Any, form: Format, status: int = 200) -> web.Response:
    """An HTTP answer: `root` names the whole in XML."""
    body = orjson.dumps(content) if form == "json" else to_xml(root, content)
    return web.Response(body=body, status=status, content_type=TYPES[form], charset="utf-8")


def to_xml(root: str, content: Any) -> bytes:
    """The content as an XML document."""
    element = Element(root)
    _fill(element, root, content)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(element, encoding="unicode")}'.encode()


def _fill(element: Element, name: str, content: Any) -> None:
    if isinstance(content, Mapping):
        for key, value in content.items():
            _fill(SubElement(element, key), key, value)
    elif isinstance(content, Sequence) and not isinstance(content, str):
        for value in content:
            _fill(SubElement(element, ONE_OF[name]), ONE_OF[name], value)
    elif isinstance(content, bool):
        element.text = "true" if content else "false"
    elif content is not None:
        element.text = NOT_XML.sub("", str(content))
