#!/bin/sh
# Installs Kannel (with its fake SMSC) from Debian's packages if it is missing and that is possible, for the test
# that sends SMS through it; says plainly when that test will be left out. Nothing else needs Kannel.
set -u

has_kannel() {
    PATH="$PATH:/usr/sbin" command -v bearerbox >/dev/null 2>&1 && [ -x /usr/lib/kannel/test/fakesmsc ]
}

leave_out() {
    echo "==> The test with Kannel will be left out: $1"
    exit 0
}

has_kannel && exit 0

command -v apt-get >/dev/null 2>&1 || leave_out "no Kannel on this machine, and no apt-get to install it."
[ "$(id -u)" = 0 ] ||
    leave_out "no Kannel on this machine. Install it (sudo apt-get install kannel kannel-extras) and run again."

echo "==> No Kannel here: installing Debian's, for the SMS test (once, a few seconds)"
export DEBIAN_FRONTEND=noninteractive
{ apt-get update -q && apt-get install -q -y --no-install-recommends kannel kannel-extras; } >/dev/null 2>&1 ||
    leave_out "installing Kannel with apt-get did not work."
has_kannel || leave_out "apt-get finished, yet bearerbox or its fake SMSC is not there."
echo "==> Kannel is ready"
