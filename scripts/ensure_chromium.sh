#!/bin/sh
# A Chromium for the tests in a browser: Debian's, unless there is one.
. "$(dirname "$0")/ensure.sh"
tests="The tests in a browser" needed_in_ci=yes

has() {
    for browser in chromium chromium-browser google-chrome; do
        command -v "$browser" >/dev/null 2>&1 && return 0
    done
    return 1
}

from_debian Chromium chromium
