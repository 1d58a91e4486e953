#!/usr/bin/env bash
# Runs `cmklint check`: annotations on standard output, the SARIF log into its file, all findings into the summary.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=action/lines.sh
source "$here/lines.sh"

lines "${CMKLINT_PATHS:-.}"
paths=(${found[@]+"${found[@]}"})
lines "${CMKLINT_ARGS:-}"
args=(${found[@]+"${found[@]}"})
sarif="${CMKLINT_SARIF:-cmklint.sarif}"
report=$(mktemp)

code=0
cmklint check --format github --output "sarif=$sarif" --output "concise=$report" --fail-on "${CMKLINT_FAIL_ON:-warning}" \
    ${args[@]+"${args[@]}"} -- ${paths[@]+"${paths[@]}"} || code=$?

{
    echo "exit-code=$code"
    # One line, whatever the name: a name with a line feed would end this output and begin another.
    echo "sarif-file=${sarif//$'\n'/ }"
} >>"${GITHUB_OUTPUT:?}"

# What this change adds that makes findings disappear, for whoever reviews it.
added() {
    local base
    base=$(git merge-base HEAD "$CMKLINT_BASE" 2>/dev/null) || {
        echo "_The base of the pull request is not here (check out with \`fetch-depth: 0\`), so what it puts aside is not listed._"
        return
    }
    local entries
    entries=$(git diff --unified=0 --no-color --no-ext-diff "$base" HEAD -- | awk '
        /^\+\+\+ / { file = substr($0, 7); sub(/\t$/, "", file); settings = file ~ /(^|\/)(cmklint\.toml|[^\/]*baseline[^\/]*\.json)$/; next }
        /^\+/ && (settings || /cmklint: *ignore/) { print file ": " substr($0, 2) }')
    if [[ -n $entries ]]; then
        echo "### What this change puts aside"
        echo
        fenced "$entries"
    fi
}

{
    echo "## cmklint"
    echo
    fenced "$(cat "$report")"
    if [[ -n ${CMKLINT_BASE:-} ]]; then
        added
    fi
} >>"${GITHUB_STEP_SUMMARY:?}"

rm -f "$report"
