# What the ensure_*.sh have in common; each reads it with `.` and says in $tests what is left out without its programs.
set -u
cd "$(dirname "$0")/.."

# End, saying why the tests are left out; where $needed_in_ci is set they must not be in CI (CI=true), and it is an error.
leave_out() {
    if [ "${CI:-}" = true ] && [ -n "${needed_in_ci:-}" ]; then
        echo "==> $tests must not be left out in CI: $1" >&2
        exit 1
    fi
    echo "==> $tests will be left out: $1"
    exit 0
}

# from_debian NAME PACKAGES…: install them unless has() finds what is wanted, where the machine and the user can.
from_debian() {
    name=$1
    shift
    has && exit 0
    command -v apt-get >/dev/null 2>&1 || leave_out "no $name on this machine, and no apt-get to install it."
    [ "$(id -u)" = 0 ] || leave_out "no $name on this machine. Install it (sudo apt-get install $*) and run again."
    echo "==> No $name here: installing Debian's, for the tests (once)"
    export DEBIAN_FRONTEND=noninteractive
    log=$(mktemp)
    { apt-get update -q && apt-get install -q -y --no-install-recommends "$@"; } >"$log" 2>&1 || {
        tail -n 5 "$log" >&2
        leave_out "installing $name with apt-get did not work (see above)."
    }
    rm -f "$log"
    has || leave_out "apt-get finished, yet $name is not there."
    echo "==> $name is ready"
}
