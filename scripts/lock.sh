#!/usr/bin/env bash
# Writes requirements/*.lock anew out of setup.cfg: every library that is installed, with its
# hashes. Versions stay where the bounds allow it; lock.sh --upgrade takes the newest.
set -euo pipefail
tool=build/lock
python3 -m venv "$tool"
"$tool/bin/pip" install -q --disable-pip-version-check --upgrade uv

compile() {
    "$tool/bin/uv" pip compile setup.cfg --quiet --universal --python-version 3.11 \
        --generate-hashes --no-annotate --no-header "$@"
}

cat requirements/*.lock >build/dev.lock
compile --extra demo --extra build --output-file requirements/demo.lock "$@"
# What tests and checks need beside that.
compile --extra dev --constraints requirements/demo.lock --output-file build/dev.lock "$@"
awk '/^[^ ]/ { split($0, name, "=="); known = name[1] in demo
        if (FNR == NR) { demo[name[1]]; next } }
    FNR != NR && !known' requirements/demo.lock build/dev.lock >requirements/dev.lock
