#!/bin/sh
# A Matrix homeserver (Synapse) and a client library (matrix-nio), both as others made them, to prove the channel:
# installed once, pinned with hashes, into .matrix (never part of the program).
. "$(dirname "$0")/ensure.sh"
tests="The tests with a Matrix homeserver"
lock=tests/channels/matrix/requirements.lock
mark=.matrix/$(sha256sum $lock | cut -c1-16)

[ -e "$mark" ] && exit 0
rm -rf .matrix
echo "==> Installing a Matrix homeserver for its tests (once)"
.venv/bin/uv venv --quiet --python .venv/bin/python .matrix &&
    .venv/bin/uv pip sync --quiet --require-hashes --python .matrix/bin/python $lock &&
    .matrix/bin/python -c "import nio, synapse" && touch "$mark" && exit 0
rm -rf .matrix
leave_out "it could not be installed."
