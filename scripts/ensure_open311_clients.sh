#!/bin/sh
# Two Open311 client libraries made by others, to prove that they read and post with us unchanged: installed once, in
# pinned versions, into an environment of their own (.clients, never part of the program).
. "$(dirname "$0")/ensure.sh"
tests="The test with Open311 clients"
packages="three==0.8.0 georeport==0.3.1"

[ "$(cat .clients/.packages 2>/dev/null)" = "$packages" ] && exit 0
rm -rf .clients
.venv/bin/python -m venv .clients &&
    .clients/bin/python -m pip install --quiet --disable-pip-version-check $packages &&
    echo "$packages" >.clients/.packages && echo "==> The Open311 clients are there for their test" && exit 0
rm -rf .clients
leave_out "they could not be installed."
