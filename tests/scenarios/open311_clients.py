"""What the test of other people's clients runs, with those clients' own Python: read, post, read again."""

import itertools
import json
import sys

# `three` was written for Python 2, which had this under another name; the library itself is untouched.
itertools.ifilter = filter

from georeport import GeoReport  # noqa: E402
from three import Three  # noqa: E402

base, key, text = sys.argv[1:4]
post = Three(base, api_key=key, jurisdiction="slemankab.go.id")
said = {"address": "depan Pasar Godean", "name": "Siti Aminah", "phone": "081234567890", "description": text}
receipt = post.post("lampu_jalan-mati", **said)[0]
number = receipt["service_request_id"]
told = {
    "number": number,
    "endpoint": post.discovery()["endpoints"][0]["url"],
    "services": len(post.services()),
    "question": post.services("jalan-berlubang")["attributes"][0]["code"],
    "one": post.request(number)[0],
    "open": [one["service_request_id"] for one in post.requests(status="open", count=5)],
    "between": post.requests(between=["01-01-2020", "02-01-2020"]),
    "fault": post.post("tak-ada", address="Godean", description="x")[0],
}
for form in ("json", "xml"):
    reader = GeoReport(base, output_format=form)
    told[form] = {
        "services": len(reader.get_service_list()),
        "code": reader.get_service_definition("jalan-berlubang")["service_code"],
        "one": dict(reader.get_service_request(number)),
    }
told["listed"] = [one["service_request_id"] for one in GeoReport(base).get_service_requests(status="open")]
print(json.dumps(told))  # noqa: T201 this is how it tells
