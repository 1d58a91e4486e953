#!/usr/bin/env bash
# How long the hostile files of tests/hostile.rs take and how much memory: seconds and MB of each, worst at the end.
# Needs GNU time. usage: benches/hostile.sh
set -euo pipefail
cd "$(dirname "$0")/.."
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
cargo build --quiet --release
cargo run --quiet --release --example hostile -- "$room"
binary=$PWD/target/release/cmklint
for folder in "$room"/*/; do
    mapfile -t paths <"$folder/.git/paths"
    (cd "$folder" && command time -f '%e s %M kB' -o "$room/cost" "$binary" check "${paths[@]}" >/dev/null 2>&1) || true
    printf '%-20s %s\n' "$(basename "$folder")" "$(tail -n 1 "$room/cost")"
done | awk '{ print; if ($2 > s) { s = $2; sn = $1 } if ($4 > m) { m = $4; mn = $1 } }
            END { printf "longest: %s, %s s\nlargest: %s, %d MB\n", sn, s, mn, m / 1024 }'
