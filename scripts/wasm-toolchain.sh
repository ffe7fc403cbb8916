# How contracts become wasm that a chain takes; sourced after lib.sh by the
# scripts that build some.
# shellcheck shell=bash

TARGET=wasm32-unknown-unknown

# library RUSTC: the folder of the standard library's sources.
library() { printf '%s/lib/rustlib/src/rust' "$("$1" --print sysroot)"; }

has_target() {
  [ "$(command -v rustc)" != /usr/bin/rustc ] && command -v rustc >/dev/null &&
    [ -d "$(rustc --print target-libdir --target "$TARGET" 2>/dev/null)" ]
}

# Both ways set CARGO, RUSTC and what links. The VM refuses the opcodes of bulk
# memory, sign extension and reference types, which rustc emits unless told
# otherwise, in the shipped standard library too: it is built here as well.
use_rustup() {
  need_rust
  has_target || fail "rustup's toolchain has no target $TARGET: run 'rustup target add $TARGET'"
  CARGO="$(command -v cargo)" RUSTC="$(command -v rustc)"
  [ -f "$(library "$RUSTC")/library/Cargo.lock" ] ||
    fail "the standard library's sources are missing: run 'rustup component add rust-src'"
}

use_debian() {
  [ -x /usr/bin/wasm-ld-19 ] || say "Debian's rustc-web builds the contracts; with rustup, 'rustup target add $TARGET' and 'rustup component add rust-src' do instead" >&2
  install rustc-web cargo-web rust-web-src lld-19
  CARGO=/usr/bin/cargo RUSTC=/usr/bin/rustc
  export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=/usr/bin/wasm-ld-19
}

choose_toolchain() {
  case "${1:-auto}" in
    rustup) use_rustup ;;
    debian) use_debian ;;
    auto) if has_target; then use_rustup; else use_debian; fi ;;
    *) fail "--toolchain is $1: must be rustup or debian" ;;
  esac
  command -v wasm-opt >/dev/null || install binaryen
  export RUSTC RUSTC_BOOTSTRAP=1
  TOOLCHAIN="$("$RUSTC" --version), $(wasm-opt --version)"
}

# flags FOLDER: no path of this machine may get into the wasm. Names stay in what
# is linked, mangled, for `build-wasm --items`; wasm-opt leaves them out.
flags() {
  local std
  std="$(library "$RUSTC")"
  printf '%s ' -Ctarget-cpu=mvp -Clink-arg=--allow-undefined -Clink-arg=--no-demangle \
    "--remap-path-prefix=$1=backstop" \
    "--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo" \
    "--remap-path-prefix=$std=rust" "--remap-path-prefix=$(realpath "$std")=rust"
}

# compile_one FOLDER PACKAGE FILE OUT BUILD [KEEP]: one contract of the workspace
# at FOLDER to OUT/FILE. With KEEP=names, its functions keep their names, and what
# is called once is not inlined, so that it counts on its own. One at a time:
# together, features that one asks for reach the others. A copy of a workspace shares
# the compiled dependencies of the one that REMAPPED names.
compile_one() {
  local folder="$1" package="$2" file="$3" out="$4" build="$5" options=(--strip-producers -Os)
  if [ "${6:-}" = names ]; then options=(-Os --debuginfo --one-caller-inline-max-function-size 1); fi
  (cd "$folder" && RUSTFLAGS="$(flags "${REMAPPED:-$folder}")" CARGO_TARGET_DIR="$build" \
    "$CARGO" build --release --lib --locked --target "$TARGET" -Zbuild-std=std,panic_abort -p "$package") >&2 ||
    fail "$package does not build"
  wasm-opt "${options[@]}" "$build/$TARGET/release/$file" -o "$out/$file" || fail "wasm-opt refuses $file"
}
