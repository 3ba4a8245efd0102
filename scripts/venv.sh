#!/usr/bin/env bash
# Makes the virtual environment and installs the package with an extra: venv.sh FOLDER EXTRA
set -euo pipefail
venv=$1 extra=$2
python=$(command -v python3.11 || command -v python3) || {
    echo "setup: python3.11 is missing; install Python 3.11" >&2; exit 1; }
if ! [ -x "$venv/bin/pip" ]; then
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null
        else
            echo "setup: this Python has no ensurepip; install the package python3-venv" >&2; exit 1
        fi
    fi
    "$python" -m venv "$venv"
fi
echo "setup: Python packages ($extra)"
"$venv/bin/pip" install -q --disable-pip-version-check -e ".[$extra]"
