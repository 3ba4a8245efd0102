#!/usr/bin/env bash
# Real servers and a browser for the tests, from Debian's packages; as root only.
set -euo pipefail
PATH=$PATH:/usr/sbin
missing=()
command -v mosquitto >/dev/null || missing+=(mosquitto)
command -v nginx >/dev/null || missing+=(nginx)
command -v systemd-analyze >/dev/null || missing+=(systemd)
command -v chromium >/dev/null || missing+=(chromium)
command -v influxd >/dev/null || missing+=(influxdb)
command -v victoria-metrics >/dev/null || missing+=(victoria-metrics)
command -v clamd >/dev/null || missing+=(clamav-daemon)
command -v sshd >/dev/null || missing+=(openssh-server openssh-sftp-server)
command -v exim4 >/dev/null || missing+=(exim4-daemon-light)
command -v mbpoll >/dev/null || missing+=(mbpoll)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
[ -d /usr/share/fonts/opentype/noto ] || missing+=(fonts-noto-cjk)
[ ${#missing[@]} = 0 ] && exit 0

# RUNLEVEL=1: the tests start servers of their own, the system's shall not be started too.
installed() {
    apt-get update -qq &&
        RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

why="apt as root is needed"
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "setup: ${missing[*]}"
    installed && exit 0
    why="apt failed"
fi
if [ "${CI:-}" = true ]; then
    echo "setup: ${missing[*]} cannot be installed, $why; with CI=true no test may be skipped" >&2
    exit 1
fi
echo "setup: ${missing[*]} cannot be installed, $why; tests that need them are skipped" >&2
