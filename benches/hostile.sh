#!/usr/bin/env bash
# How long the hostile files of tests/hostile.rs take and how much memory: seconds and MB of each, worst at the end.
# Needs GNU time. usage: benches/hostile.sh [COMMAND...]      `check` by default; `map`, `check --format sarif`, ...
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$#" -gt 0 ] || set -- check
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cargo build --quiet --release
cargo run --quiet --release --example hostile -- "$room"
binary=$PWD/target/release/cmklint
for folder in "$room"/*/; do
    mapfile -t paths <"$folder/.git/paths"
    (cd "$folder" && command time -f '%e s %U s %S s %M kB' -o "$room/cost" "$binary" "$@" "${paths[@]}" >/dev/null 2>&1) || true
    printf '%-20s %s\n' "$(basename "$folder")" "$(tail -n 1 "$room/cost")"
done | awk '{ printf "%-22s %6.2f s by the clock %6.2f s of the processors %4d MB\n", $1, $2, $4 + $6, $8 / 1024
              if ($2 > s) { s = $2; sn = $1 } if ($8 > m) { m = $8; mn = $1 } if ($4 + $6 > p) { p = $4 + $6; pn = $1 } }
            END { printf "longest: %s, %.2f s; of the processors: %s, %.2f s\nlargest: %s, %d MB\n", sn, s, pn, p, mn, m / 1024 }'
