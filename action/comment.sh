#!/usr/bin/env bash
# Writes the map of keys as a comment on the pull request. Without the right to comment (forks) it goes into the summary.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=action/lines.sh
source "$here/lines.sh"

lines "${CMKLINT_PATHS:-.}"
paths=(${found[@]+"${found[@]}"})
body=$(mktemp)
{
    echo "### Which key encrypts which disk"
    echo
    cmklint map --format markdown -- ${paths[@]+"${paths[@]}"}
} >"$body"

# Comments end at 65536 characters.
if (($(wc -c <"$body") > 60000)); then
    head -c 60000 "$body" >"$body.cut"
    printf '\n\n_(cut: the rest is in the output of `cmklint map`)_\n' >>"$body.cut"
    mv "$body.cut" "$body"
fi

if [[ -z ${GH_TOKEN:-} ]] ||
    ! gh pr comment "${CMKLINT_PULL_REQUEST:?}" --body-file "$body" --edit-last --create-if-none; then
    echo "::notice::the comment could not be written; the map is in the summary"
    cat "$body" >>"${GITHUB_STEP_SUMMARY:?}"
fi
rm -f "$body"
