# What a contract's bytes are spent on, by name; sourced after wasm-toolchain.sh.
# shellcheck shell=bash

TWIGGY_VERSION=0.8.0
TWIGGY="$CACHE/twiggy-$TWIGGY_VERSION/bin/twiggy"

# use_twiggy: the tool that measures what is in a wasm file, built once.
use_twiggy() {
  [ ! -x "$TWIGGY" ] || return 0
  need_rust
  say "Installing twiggy $TWIGGY_VERSION into ${TWIGGY%/bin/*} (2 minutes)" >&2
  cargo install --quiet --locked --root "${TWIGGY%/bin/*}" --target-dir "$CACHE/twiggy-build" \
    "twiggy@$TWIGGY_VERSION" >&2 || fail "--items needs twiggy $TWIGGY_VERSION, which cargo could not install"
  rm -rf "$CACHE/twiggy-build"
}

# measured FILE: bytes, tab and name of each item, the largest first; without
# the names themselves, and without the hashes in them.
measured() {
  "$TWIGGY" top --format csv "$1" |
    sed -E -n 's/^(.*),([0-9]+),[0-9.]+,,$/\2\t\1/p' | grep -v 'function names' |
    sed -E 's/\t"(.*)"$/\t\1/; s/""/"/g; s/\[[0-9a-f]{8,16}\]//g; s/::h[0-9a-f]{16}$//
      s/<(.*) as core::ops::function::FnOnce<.*/\1/'
}

# sums BY: of `measured`, by kind or by crate, the largest first. An item counts
# once, by the first kind that its name fits or by the crate whose code it is;
# what the compiler has inlined counts with what it was inlined into.
sums() {
  awk -F '\t' -v by="$1" '
    function kind(name) {
      if (name ~ /^data segment/) return "data"
      if (name ~ /fmt|Display|Debug|ToString|panic|demangle|[bB]acktrace/) return "texts of errors and numbers"
      if (name ~ /^<?cw_storage_plus/) return "storage, with the reading of records"
      if (name ~ /[sS]erialize::<|Serializer|Serialize(Seq|Struct|Tuple)|::ser::|to_json/ && name !~ /[dD]eserialize/) return "writing JSON"
      if (name ~ /[dD]eserialize|::de::|from_json|Visitor/) return "reading JSON"
      return "the rest: handlers, queries, numbers"
    }
    function crate(name) {
      if (name ~ /^data segment/) return "data"
      if (name ~ /^import/ || name !~ /::/) return "entry points and imports"
      gsub(/>::[a-z0-9_]+/, ">", name) # a method of a type of the language
      return match(name, /[a-z_][a-z0-9_]*::/) ? substr(name, RSTART, RLENGTH - 2) : "core"
    }
    { bytes[by == "kind" ? kind($2) : crate($2)] += $1; all += $1 }
    END { for (one in bytes) printf "%9d %5.1f %%  %s\n", bytes[one], 100 * bytes[one] / all, one }
  ' | sort -rn
}

# list_items CONTRACT COUNT BUILD: builds it with its names and prints the list.
list_items() {
  local name="$1" count="$2" build="$3" file="${1//-/_}.wasm" folder items
  folder="$(mktemp -d)"
  # shellcheck disable=SC2064 # the name is local: expand it now
  trap "rm -rf '$folder'" EXIT
  compile_one "$ROOT" "$name" "$file" "$folder" "$build" names
  items="$(measured "$folder/$file")"
  say "$name by kind"
  sums kind <<<"$items"
  say "$name by crate"
  sums crate <<<"$items"
  say "$name, the largest $count of $(wc -l <<<"$items") items"
  awk -F '\t' -v count="$count" 'NR <= count { printf "%9d  %s\n", $1, $2 }' <<<"$items"
}
