#!/bin/sh
# Two Open311 client libraries made by others, to prove that they read and post with us unchanged: installed once, in
# pinned versions, into an environment of their own (.clients, never part of the program). Where that does not work,
# say so; their test is then left out with that reason.
set -u
cd "$(dirname "$0")/.."

PACKAGES="three==0.8.0 georeport==0.3.1"
[ "$(cat .clients/.packages 2>/dev/null)" = "$PACKAGES" ] && exit 0

rm -rf .clients
if .venv/bin/python -m venv .clients &&
    .clients/bin/python -m pip install --quiet --disable-pip-version-check $PACKAGES; then
    echo "$PACKAGES" >.clients/.packages
    echo "==> The Open311 clients are there for their test"
else
    rm -rf .clients
    echo "==> The Open311 clients could not be installed: their test will be left out"
fi
