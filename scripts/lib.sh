# Shared by the scripts; not to be run.
# shellcheck shell=bash

set -euo pipefail

# The script that runs, wherever it was called from.
SCRIPT="$(realpath -- "$0")"
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$ROOT"

# source_times: Cargo tells fresh from stale by file times, which a clone makes anew. Each
# source that is as it was at the last build gets the time that it had then; any other is
# new. So only what changed is built again, in whichever checkout. Our crates are named
# alike in all of them; what has its checkout's path inside is new in another one.
source_times() {
  local known="$CARGO_TARGET_DIR/.sources" now at
  mkdir -p "$CARGO_TARGET_DIR"
  touch "$known"
  now="$(date +%s.%N)"
  if ! git ls-files -co --exclude-standard -- contracts packages Cargo.toml Cargo.lock >"$known.list" 2>/dev/null; then
    find contracts packages -type f -exec touch {} +
    : >"$known"
    return
  fi
  while read -r at; do [ -f "$at" ] && printf '%s\n' "$at"; done <"$known.list" >"$known.paths"
  git hash-object --no-filters --stdin-paths <"$known.paths" | paste - "$known.paths" >"$known.list"
  if [ "$(cat "$known.checkout" 2>/dev/null)" != "$ROOT" ]; then
    grep -rl --include='*.rs' CARGO_MANIFEST_DIR contracts packages >"$known.paths" || true
    printf '%s\n' "$ROOT" >"$known.checkout"
  else
    : >"$known.paths"
  fi
  # Lines of: hash, path, time.
  awk -F '\t' -v OFS='\t' -v now="$now" '
    FILENAME ~ /paths$/ { other[$1]; next }
    FILENAME ~ /list$/ { key = $1 FS $2; print $1, $2, (key in time) && !($2 in other) ? time[key] : now; next }
    { time[$1 FS $2] = $3 }' "$known.paths" "$known" "$known.list" >"$known.new"
  cut -f 3 "$known.new" | sort -u | while read -r at; do
    awk -F '\t' -v at="$at" '$3 == at { print $2 }' "$known.new" | xargs -d '\n' touch -d "@$at"
  done
  mv "$known.new" "$known"
  rm -f "$known.list" "$known.paths"
}

# Build results live outside the checkout, so that a fresh clone builds fast
# where an earlier one was built. Set CARGO_TARGET_DIR to choose another place.
CACHE="${XDG_CACHE_HOME:-$HOME/.cache}/backstop"
if [ -z "${CARGO_TARGET_DIR:-}" ]; then
  # Without what a check does not need: files for a debugger, and Cargo's incremental ones,
  # which nothing removes and which came to 22 GB.
  export CARGO_TARGET_DIR="$CACHE/target" CARGO_INCREMENTAL=0 CARGO_PROFILE_DEV_DEBUG=0
  source_times
fi
# Every StdError captures a backtrace while this is set: tests run ten times
# longer.
unset RUST_BACKTRACE

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then
  BOLD=$'\e[1m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'
else
  BOLD='' RED='' GREEN='' PLAIN=''
fi

# say WORDS: a heading.
say() { printf '%s== %s%s\n' "$BOLD" "$*" "$PLAIN"; }

# fail WORDS: says what to do next, and ends.
fail() {
  printf '%serror:%s %s\n' "$RED" "$PLAIN" "$*" >&2
  exit 1
}

# need COMMAND HOW: ends unless the command is there.
need() {
  command -v "$1" >/dev/null 2>&1 || fail "$1 is not installed: $2"
}

# install PACKAGE...: Debian packages that are missing.
install() {
  local missing=() package sudo=()
  for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  need apt-get "install ${missing[*]} by your system's means"
  if [ "$(id -u)" != 0 ]; then
    { command -v sudo && sudo -n true; } >/dev/null 2>&1 ||
      fail "not root: run 'sudo apt-get install --no-install-recommends ${missing[*]}' first"
    sudo=(sudo)
  fi
  say "Installing ${missing[*]}" >&2
  "${sudo[@]}" apt-get update -qq >&2
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 ||
    fail "apt-get could not install ${missing[*]}"
}

# need_rust: cargo of at least the workspace's rust-version.
need_rust() {
  need cargo "install Rust from https://rustup.rs, then open a new shell"
  need cc "install a C compiler, such as Debian's build-essential"
  local wanted have
  wanted="$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)"
  have="$(rustc --version | sed -n 's/^rustc \([0-9.]*\).*/\1/p')"
  if [ "$(printf '%s\n%s\n' "$wanted" "$have" | sort -V | head -n 1)" != "$wanted" ]; then
    fail "rustc is $have: must be at least $wanted; run 'rustup update stable'"
  fi
}

# need_space GIGABYTES: so much free where build results are kept.
need_space() {
  local free
  mkdir -p "$CARGO_TARGET_DIR"
  free="$(df -Pk "$CARGO_TARGET_DIR" | awk 'NR == 2 { print int($4 / 1000000) }')"
  [ "$free" -ge "$1" ] || fail "$CARGO_TARGET_DIR has $free GB free: must be at least $1; free some, or delete that folder: it is made again"
}

# need_node: Node of at least what the page asks for, and npm.
need_node() {
  local wanted have
  wanted="$(sed -n 's/.*"node": ">=\([0-9.]*\)".*/\1/p' packages/staking-web/package.json)"
  need node "install Node.js $wanted or later, from https://nodejs.org or by your system's means"
  need npm "install npm, which comes with Node.js or as Debian's npm"
  have="$(node --version)" have="${have#v}"
  if [ "$(printf '%s\n%s\n' "$wanted" "$have" | sort -V | head -n 1)" != "$wanted" ]; then
    fail "node is $have: must be at least $wanted; install a newer one from https://nodejs.org"
  fi
}

# page_packages: the packages that the page's lock file names, unless they are there.
# What was downloaded once is in npm's own cache, outside of the checkout.
page_packages() {
  local page=packages/staking-web
  ! cmp -s "$page/package-lock.json" "$page/node_modules/.installed" || return 0
  say "Installing the page's packages" >&2
  (cd "$page" && npm ci --prefer-offline --ignore-scripts --no-audit --no-fund --loglevel error >&2) ||
    fail "npm could not install the page's packages: is the registry reachable?"
  cp "$page/package-lock.json" "$page/node_modules/.installed"
}

# usage: prints the script's head comment as help.
usage() { sed -n '2,/^[^#]/{/^#/s/^# \{0,1\}//p}' "$SCRIPT"; }
