#!/bin/sh
# The browser tests need a Chromium. Where one is missing and can be had from Debian's packages, install it;
# where it cannot, say so plainly. In CI (CI=true) the browser tests must not be left out, so there it is an error.
set -u

has_browser() {
    for name in chromium chromium-browser google-chrome; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}

leave_out() {
    if [ "${CI:-}" = true ]; then
        echo "==> No Chromium, and the browser tests must not be left out in CI: $1" >&2
        exit 1
    fi
    echo "==> The browser tests will be left out: $1"
    exit 0
}

has_browser && exit 0

command -v apt-get >/dev/null 2>&1 ||
    leave_out "no Chromium on this machine, and no apt-get to install one. Install Chromium and run again."
[ "$(id -u)" = 0 ] ||
    leave_out "no Chromium on this machine. Install it (sudo apt-get install chromium) and run again."

echo "==> No Chromium here: installing Debian's, for the browser tests (once, about a minute)"
export DEBIAN_FRONTEND=noninteractive
apt-get update -q && apt-get install -q -y --no-install-recommends chromium ||
    leave_out "installing Chromium with apt-get did not work (see above)."
has_browser || leave_out "apt-get finished, yet there is no chromium on the PATH."
echo "==> Chromium is ready"
