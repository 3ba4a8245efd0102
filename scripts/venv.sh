#!/usr/bin/env bash
# Makes the virtual environment and installs the package in it, with what it needs to run (demo)
# or to be tested (dev): venv.sh FOLDER demo|dev
set -euo pipefail
venv=$1 extra=$2

say() { echo "setup: $*" >&2; }

python=$(command -v python3.11 || command -v python3 || true)
if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    say "Python 3.11 is missing; install the package python3.11"
    exit 1
fi

# Debian keeps ensurepip, without which a virtual environment has no pip, in a package of its own.
if ! [ -x "$venv/bin/pip" ] && ! "$python" -c 'import ensurepip' 2>/dev/null; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        say "this Python has no ensurepip; install the package python3-venv"
        exit 1
    fi
    echo "setup: python3-venv"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        python3-venv >/dev/null
fi

# An environment half made, or copied here from elsewhere, would run another tree's code.
if ! "$venv/bin/pip" --version 2>/dev/null | grep -qF "from $(pwd -P)/$venv/"; then
    "$python" -m venv --clear "$venv"
fi

# Of what others publish nothing is installed but what was looked at: requirements/*.lock. They
# are complete, so pip resolves nothing: one that does asks for the newest of what a library names
# with an extra, which no hash is known of.
locks=(-r requirements/demo.lock)
if [ "$extra" = dev ]; then locks+=(-r requirements/dev.lock); fi

echo "setup: Python packages ($extra)"
pip=("$venv/bin/pip" install -q --disable-pip-version-check --root-user-action=ignore)
"${pip[@]}" --no-deps --require-hashes "${locks[@]}"
"${pip[@]}" --no-deps --no-build-isolation -e .
