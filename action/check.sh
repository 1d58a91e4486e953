#!/usr/bin/env bash
# Runs `cmklint check`: annotations on standard output, the SARIF log into its file, all findings into the summary.
# In a pull request it is compared with where the pull request branched off.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=action/lines.sh
source "$here/lines.sh"

lines "${CMKLINT_PATHS:-.}"
paths=(${found[@]+"${found[@]}"})
lines "${CMKLINT_ARGS:-}"
args=(${found[@]+"${found[@]}"})
sarif="${CMKLINT_SARIF:-cmklint.sarif}"
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT

base=""
if [[ -n ${CMKLINT_BASE:-} ]]; then
    if base=$(git merge-base HEAD "$CMKLINT_BASE" 2>/dev/null); then
        args+=(--since "$base")
        if [[ ${CMKLINT_NEW_ONLY:-false} == true ]]; then args+=(--new-only); fi
    else
        echo "::notice title=cmklint::the base of the pull request is not here (check out with fetch-depth: 0), so nothing is compared with it"
    fi
fi

code=0
cmklint check --format human --color never --output "github=$room/annotations" --output "sarif=$sarif" \
    --output "concise=$room/report" --fail-on "${CMKLINT_FAIL_ON:-warning}" \
    ${args[@]+"${args[@]}"} -- ${paths[@]+"${paths[@]}"} >/dev/null || code=$?

# GitHub shows ten annotations of a kind for each step. The worst come first; what is left out is said. Two notices may be
# this script's own.
if [[ -e $room/annotations ]]; then
    awk '
        /^::error / { if (errors++ < 10) print; else more++; next }
        /^::warning / { if (warnings++ < 10) print; else more++; next }
        { if (notices++ < 8) print; else more++ }
        END { if (more) print "::notice title=cmklint::" more " more in the summary of this run" }' "$room/annotations"
fi

{
    echo "exit-code=$code"
    # One line, whatever the name: a name with a line feed would end this output and begin another.
    echo "sarif-file=${sarif//[$'\r\n']/ }"
} >>"${GITHUB_OUTPUT:?}"

# Files that the options name and that may put findings aside, whatever they are called.
named=""
for ((at = 0; at < ${#args[@]}; at++)); do
    case "${args[at]}" in
        --baseline | --config) name="${args[at + 1]:-}" ;;
        --baseline=* | --config=*) name="${args[at]#*=}" ;;
        *) continue ;;
    esac
    named+="${name#./}"$'\n'
done

# What this change adds that makes findings disappear, for whoever reviews it: comments, settings, baselines, files that
# are not looked at. Attributes and settings of the repository don't decide what is shown, what is added can't pass for a
# header, and no character hides others or changes their order.
added() {
    local entries
    entries=$(git diff --unified=0 --text --no-color --no-ext-diff --no-textconv --no-renames "$1" HEAD -- |
        tr -d '\000-\010\013-\037\177' | named="$named" LC_ALL=C awk '
        BEGIN { count = split(ENVIRON["named"], list, "\n"); for (at = 1; at <= count; at++) known[list[at]] = 1 }
        /^diff --git / { within = 0; next }
        /^@@ / { within = 1; next }
        !within && /^\+\+\+ / {
            file = substr($0, 5); sub(/\t$/, "", file); gsub(/^"|"$/, "", file); sub(/^b\//, "", file)
            settings = file in known || file ~ /(^|\/)(cmklint\.toml|cmklint-baseline\.json|\.gitignore)$/; next
        }
        within && /^\+/ && (settings || /cmklint:/ || /"fingerprint": *"[0-9a-f]+"/) {
            line = substr($0, 2); gsub(/\342\200[\213-\217\252-\256]|\342\201[\240-\257]/, "?", line)
            print file ": " line
        }')
    if [[ -n $entries ]]; then
        echo "### What this change puts aside"
        echo
        fenced "$entries"
    fi
}

{
    echo "## cmklint"
    echo
    if [[ -s $room/report ]]; then
        fenced "$(cat "$room/report")"
    else
        echo "_It could not work; the log of the step says why._"
        echo
    fi
    if [[ -n $base ]]; then
        added "$base"
    elif [[ -n ${CMKLINT_BASE:-} ]]; then
        echo "_The base of the pull request is not here (check out with \`fetch-depth: 0\`), so what it puts aside is not listed._"
    fi
} >>"${GITHUB_STEP_SUMMARY:?}"
