#!/usr/bin/env bash
# Makes this checkout ready to run: system programs, npm packages, build. Safe to repeat; what is done already is
# skipped, so a second run takes about a second.
#
#   scripts/setup.sh             for the demo and for work on Landbridge: Redis, slapd and its tools
#   scripts/setup.sh --tests     for the tests as well: a Samba domain controller and 389 Directory Server
#   scripts/setup.sh --runtime   to run it only: Redis, and no Redis either where REDIS_URL is set
#
# System packages come from apt on Debian and Ubuntu. No service of theirs is started: Landbridge starts its own
# private servers where it needs them.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

LEAST_NODE=20.19.0
# slapd lives in /usr/sbin, which is not on every user's PATH.
PATH="$PATH:/usr/sbin:/usr/local/sbin"

runtime_only=false
tests_too=false
for argument in "$@"; do
  case "$argument" in
    --runtime) runtime_only=true ;;
    --tests) tests_too=true ;;
    *) echo "setup: unknown option $argument (known: --runtime, --tests)" >&2; exit 2 ;;
  esac
done
if $runtime_only && $tests_too; then echo "setup: --runtime and --tests exclude each other" >&2; exit 2; fi

say() { echo "setup: $*"; }
fail() { echo "setup: $*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }
# Whether a file is there, by a pattern.
there() { compgen -G "$1" >/dev/null; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; return; fi
  # Without a terminal nobody can type a password: fail instead of waiting for one.
  if [ -t 0 ]; then sudo "$@"; else sudo -n "$@"; fi
}

check_node() {
  has node || fail "Node.js is missing. Install Node.js $LEAST_NODE or newer (https://nodejs.org)."
  has npm || fail "npm is missing. It comes with Node.js from https://nodejs.org."
  local found
  found="$(node --version)"
  if [ "$(printf '%s\n' "$LEAST_NODE" "${found#v}" | sort -V | head -n 1)" != "$LEAST_NODE" ]; then
    fail "Node.js $found is too old. Install $LEAST_NODE or newer (https://nodejs.org)."
  fi
}

missing_packages() {
  if ! { $runtime_only && [ -n "${REDIS_URL:-}" ]; }; then
    has redis-server || has valkey-server || echo redis-server
  fi
  if ! $runtime_only; then
    has slapd || echo slapd
    has ldapsearch || echo ldap-utils
    has openssl || echo openssl
  fi
  if $tests_too; then
    has samba || echo samba
    has ldbadd || echo ldb-tools
    # What makes a domain controller of it comes in packages of their own, in newer releases in more of them.
    there '/usr/share/samba/setup/provision.ldif' || echo samba-ad-provision
    there '/usr/lib/*/samba/ldb/samldb.so' || echo samba-dsdb-modules
    there '/usr/lib/*/samba/vfs/acl_xattr.so' || echo samba-vfs-modules
    there '/usr/lib/python3*/dist-packages/samba/samdb.py' || echo python3-samba
    has ns-slapd || echo 389-ds-base
    has certutil || echo libnss3-tools
  fi
}

install_packages() {
  local missing=()
  mapfile -t missing < <(missing_packages)
  [ "${#missing[@]}" -gt 0 ] || return 0
  if ! has apt-get; then
    fail "please install these programs by hand, then run this again: ${missing[*]} (names as on Debian)"
  fi
  if [ "$(id -u)" -ne 0 ] && ! has sudo; then
    fail "please run as root: apt-get install --no-install-recommends ${missing[*]}"
  fi
  say "installing ${missing[*]}"
  keep_services_stopped
  # The package lists are fetched only where the ones at hand do not do.
  if ! apt_install "${missing[@]}" >/dev/null 2>&1; then
    say "fetching package lists"
    as_root apt-get update -qq || say "not all package lists could be fetched"
    apt_install "${missing[@]}" >/dev/null || fail "apt-get could not install: ${missing[*]}"
  fi
  let_services_start
  keep_services_off
}

# Nor are those started with the machine that came with it: they would serve files, names and log-ins to the network.
keep_services_off() {
  [ -d /run/systemd/system ] || return 0
  local services=()
  case " ${missing[*]} " in *' samba '*) services=(smbd nmbd winbind samba-ad-dc) ;; esac
  for service in "${services[@]}"; do
    as_root systemctl disable --quiet "$service" 2>/dev/null || true
  done
}

apt_install() {
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=120 "$@" </dev/null
}

# Debian asks this file before it starts a service (invoke-rc.d); 101 means "not allowed".
POLICY=/usr/sbin/policy-rc.d
policy_is_ours=false

keep_services_stopped() {
  [ ! -e "$POLICY" ] || return 0
  policy_is_ours=true
  trap let_services_start EXIT
  printf '#!/bin/sh\nexit 101\n' | as_root tee "$POLICY" >/dev/null
  as_root chmod 755 "$POLICY"
}

let_services_start() {
  if $policy_is_ours; then as_root rm -f "$POLICY"; fi
  policy_is_ours=false
}

# The packages hold programs for one platform and one Node.js line, so those are part of what was installed.
packages_wanted() {
  sha256sum package-lock.json | cut -d ' ' -f 1
  node -p '`${process.versions.modules} ${process.platform} ${process.arch}`'
}

install_npm_packages() {
  local stamp=node_modules/.landbridge-packages
  if [ "$(cat "$stamp" 2>/dev/null)" = "$(packages_wanted)" ]; then return; fi
  say "installing npm packages"
  # No package needs its install script. --include=dev: the build needs the compiler under NODE_ENV=production, too.
  npm ci --include=dev --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null
  packages_wanted >"$stamp"
}

sources_wanted() {
  local folders=()
  for folder in app workers sandbox demo; do
    [ ! -d "$folder" ] || folders+=("$folder")
  done
  { find "${folders[@]}" -type f -name '*.ts' | LC_ALL=C sort; echo tsconfig.json; echo tsconfig.build.json; } \
    | xargs -d '\n' sha256sum | sha256sum
  cat node_modules/.landbridge-packages
}

build() {
  local stamp=dist/.built
  if [ "$(cat "$stamp" 2>/dev/null)" = "$(sources_wanted)" ]; then return; fi
  say "building"
  # What was removed from the sources must not live on in the build.
  rm -rf dist
  npx --no-install tsc -p tsconfig.build.json
  sources_wanted >"$stamp"
}

check_node
install_packages
install_npm_packages
build
say "ready"
