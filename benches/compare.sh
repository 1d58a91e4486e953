#!/usr/bin/env bash
# cmklint beside other tools on the same files, in alternating runs: the median of each, and the median of the ratios.
# Tools that are missing are named and passed over: ripgrep (`rg`), `typos`, `checkov` (or the path in CHECKOV).
# usage: benches/compare.sh DIR [ROUNDS]      DIR holds templates; 7 rounds by default
set -euo pipefail
export LC_ALL=C
TIMEFORMAT='%R %U %S'
directory=$(cd "${1:?usage: benches/compare.sh DIR [ROUNDS]}" && pwd)
rounds=${2:-7}
project=$(cd "$(dirname "$0")/.." && pwd)
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT

cargo build --quiet --release --manifest-path "$project/Cargo.toml" --bin cmklint --example floor
cmklint=$project/target/release/cmklint
floor=$project/target/release/examples/floor
checkov=${CHECKOV:-checkov}

has() {
    command -v "$1" >/dev/null || { echo "$1 is not installed: not compared" >&2; return 1; }
}

# once NAME COMMAND...: runs a command in silence and notes its seconds: by the clock, and of the processors.
once() {
    local name=$1
    shift
    { time "$@" >/dev/null 2>&1 || true; } 2>>"$room/$name"
}

# median NAME COLUMN: of the runs noted under a name; column 0 is the time of the processors.
median() {
    awk -v column="$2" '{ print column == 0 ? $2 + $3 : $column }' "$room/$1" | sort -n |
        awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'
}

# ratio NAME OTHER COLUMN: the median of the ratios of runs that were made one after the other.
ratio() {
    paste "$room/$1" "$room/$2" | awk -v column="$3" '
        { one = column == 0 ? $2 + $3 : $column; other = column == 0 ? $5 + $6 : $(column + 3) }
        other > 0 { print one / other }' | sort -n | awk '{ all[NR] = $1 } END { print NR ? all[int((NR + 1) / 2)] : "?" }'
}

line() {
    printf '%-34s %8.3f s by the clock %8.3f s of the processors\n' "$1" "$(median "$1" 1)" "$(median "$1" 0)"
}

against() {
    printf '  cmklint takes %6.2f times as long as %s (%s times the work)\n' "$(ratio "$1" "$2" 1)" "$2" \
        "$(printf '%.2f' "$(ratio "$1" "$2" 0)")"
}

echo "== the whole tree, $rounds rounds"
"$cmklint" check --stats --quiet --format concise "$directory" 2>&1 >/dev/null | sed 's/^/  /' || true
"$floor" json "$directory" | sed 's/^/  serde_json: /'
tools=(whole)
has rg && tools+=(ripgrep)
for ((round = 0; round < rounds; round++)); do
    once whole "$cmklint" check --fail-on never "$directory"
    [ "${#tools[@]}" -eq 1 ] || once ripgrep rg -c diskEncryptionSet "$directory"
    "$floor" read "$directory" | awk '{ print $1, $1, 0 }' >>"$room/reading"
    "$floor" json "$directory" | awk '{ print $1, $1, 0 }' >>"$room/serde_json"
done
for name in "${tools[@]}" reading serde_json; do line "$name"; done
for name in "${tools[@]:1}" reading serde_json; do against whole "$name"; done
if [ "${#tools[@]}" -gt 1 ]; then
    paste "$room/whole" "$room/ripgrep" "$room/serde_json" | awk '{ print $1 / (2 * $4 + 3 * $7), ($2 + $3) / (2 * ($5 + $6) + 3 * $7) }' |
        sort -n | awk '{ clock[NR] = $1; work[NR] = $2 } END { printf "  cmklint takes %.2f of 2 times ripgrep and 3 times serde_json\n", clock[int((NR + 1) / 2)] }'
fi
command time -f '  largest: %M kB' "$cmklint" check --fail-on never "$directory" 2>&1 >/dev/null | tail -n 1

echo "== 200 templates"
mkdir "$room/files"
# Files with the names that templates usually have, in the order of their paths; each in a folder of its own.
find "$directory" -type f \( -name azuredeploy.json -o -name mainTemplate.json -o -name main.json \) | sort |
    awk 'NR <= 200' | while read -r path; do
        number=$((${number:-0} + 1))
        mkdir "$room/files/$number"
        cp "$path" "$room/files/$number/"
    done
count=$(find "$room/files" -type f | wc -l)
echo "  $count templates"
templates=(templates)
has typos && templates+=(typos)
for ((round = 0; round < rounds; round++)); do
    once templates "$cmklint" check --fail-on never "$room/files"
    [ "${#templates[@]}" -eq 1 ] || once typos typos "$room/files"
done
line templates
for name in "${templates[@]:1}"; do line "$name"; against templates "$name"; done
if has "$checkov"; then
    once checkov "$checkov" --directory "$room/files" --framework arm --quiet --compact
    line checkov
    awk -v checkov="$(median checkov 1)" -v ours="$(median templates 1)" -v count="$count" 'BEGIN {
        printf "  checkov: %.1f templates a second; cmklint: %.0f, %.0f times as many\n", count / checkov, count / ours, checkov / ours }'
fi

echo "== one changed file in a hook"
mkdir "$room/repository"
cp "$project/fixtures/article/clean.json" "$room/repository/azuredeploy.json"
git -C "$room/repository" init --quiet
cd "$room/repository"
# Far below what the clock of one run tells: 50 runs at a time.
fifty() { for ((at = 0; at < 50; at++)); do "$@" >/dev/null 2>&1 || true; done; }
for ((round = 0; round < rounds; round++)); do
    once hook fifty "$cmklint" check --with-users azuredeploy.json
    once git fifty git --version
done
for name in hook git; do line "$name"; done
against hook git
