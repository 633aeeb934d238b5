#!/bin/sh
# Installs PostgreSQL from Debian's packages if it is missing and that is possible, for the tests that run on it;
# says plainly when they will be left out. They start a server of their own in a temporary folder.
set -u

has_postgres() {
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1
}

leave_out() {
    echo "==> The tests on PostgreSQL will be left out: $1"
    exit 0
}

has_postgres && exit 0

command -v apt-get >/dev/null 2>&1 || leave_out "no PostgreSQL on this machine, and no apt-get to install it."
[ "$(id -u)" = 0 ] || leave_out "no PostgreSQL on this machine. Install it (sudo apt-get install postgresql) and run again."

echo "==> No PostgreSQL here: installing Debian's, for the tests that run on it (once, a few seconds)"
export DEBIAN_FRONTEND=noninteractive
# No cluster of the system's own: nothing is to run that nobody asked for.
mkdir -p /etc/postgresql-common
[ -e /etc/postgresql-common/createcluster.conf ] ||
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
{ apt-get update -q && apt-get install -q -y --no-install-recommends postgresql; } >/dev/null 2>&1 ||
    leave_out "installing PostgreSQL with apt-get did not work."
has_postgres || leave_out "apt-get finished, yet initdb is not there."
echo "==> PostgreSQL is ready"
