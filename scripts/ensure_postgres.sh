#!/bin/sh
# PostgreSQL for the tests that run on it; they start a server of their own in a temporary folder.
. "$(dirname "$0")/ensure.sh"
tests="The tests on PostgreSQL"

has() {
    ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1
}

# No cluster of the system's own: nothing is to run that nobody asked for.
if ! has && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1 && [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    mkdir -p /etc/postgresql-common
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
fi
from_debian PostgreSQL postgresql
