#!/usr/bin/env bash
# Writes the map of keys as a comment on the pull request, always the same one. Without the right to comment (forks) it
# goes into the summary.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=action/lines.sh
source "$here/lines.sh"

mark='<!-- cmklint map -->'
lines "${CMKLINT_PATHS:-.}"
paths=(${found[@]+"${found[@]}"})
body=$(mktemp)
trap 'rm -f "$body" "$body.cut"' EXIT
{
    echo "$mark"
    echo "### Which key encrypts which disk"
    echo
    cmklint map --format markdown -- ${paths[@]+"${paths[@]}"}
} >"$body"

# Comments end at 65536 characters.
if (($(wc -c <"$body") > 60000)); then
    head -c 60000 "$body" >"$body.cut"
    printf '\n\n_(cut: %s)_\n' 'the rest is in the output of cmklint map' >>"$body.cut"
    mv "$body.cut" "$body"
fi

comment() {
    if [[ -z ${GH_TOKEN:-} ]]; then return 1; fi
    local of="repos/${GH_REPO:?}/issues/${CMKLINT_PULL_REQUEST:?}/comments" known
    known=$(gh api --paginate "$of" --jq ".[] | select(.body | startswith(\"$mark\")) | .id") || return 1
    known=${known%%$'\n'*}
    if [[ -n $known ]]; then
        gh api --silent --method PATCH "repos/$GH_REPO/issues/comments/$known" --field "body=@$body"
    else
        gh api --silent --method POST "$of" --field "body=@$body"
    fi
}

if ! comment; then
    echo "::notice title=cmklint::the comment could not be written; the map is in the summary"
    cat "$body" >>"${GITHUB_STEP_SUMMARY:?}"
fi
