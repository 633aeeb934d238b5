#!/bin/sh
# Two chat widgets made by others, to prove that they work with our Rasa channels unchanged: fetched once with
# npm, in pinned versions whose content is checked, into .widgets (never part of the program).
. "$(dirname "$0")/ensure.sh"
tests="The tests with others' chat widgets"

fetch() {
    name=$1 version=$2 sha256=$3 folder=.widgets/$4
    [ -e "$folder/$sha256" ] && return 0
    rm -rf "$folder" && mkdir -p "$folder" || return 1
    (
        cd "$folder" &&
            npm pack --silent --no-fund --no-audit "$name@$version" >/dev/null &&
            echo "$sha256  $(ls ./*.tgz)" | sha256sum -c --quiet - &&
            tar -xzf ./*.tgz && rm ./*.tgz && touch "$sha256"
    ) || { rm -rf "$folder"; return 1; }
    echo "==> $name $version is there for its tests"
}

command -v npm >/dev/null 2>&1 || leave_out "no npm on this machine."
fetch rasa-webchat 1.0.1 cd2a8ee5211df95c626fc78bcf9d7d3a50368eacd43c7154476d29e519d42685 rasa-webchat &&
    fetch @scalableminds/chatroom 0.12.0 8f71beda17714e23ab3cb78876dd2f09f873e7f7dd8126b3ee9b31d7e51473fd chatroom ||
    leave_out "they could not be fetched."
