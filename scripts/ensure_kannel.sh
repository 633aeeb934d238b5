#!/bin/sh
# Kannel, with its fake SMSC, for the test that sends SMS through it; nothing else needs it.
. "$(dirname "$0")/ensure.sh"
tests="The test with Kannel"

has() {
    PATH="$PATH:/usr/sbin" command -v bearerbox >/dev/null 2>&1 && [ -x /usr/lib/kannel/test/fakesmsc ]
}

from_debian Kannel kannel kannel-extras
