# shellcheck shell=bash
# Shared by the steps of the action: reading inputs of several lines, writing text that is shown as it is.

# Splits a text into its lines, without empty ones, into the array `found` (bash 3.2, as macOS has it, knows no names of
# arrays as arguments).
lines() {
    local line
    found=()
    while IFS= read -r line; do
        line="${line#"${line%%[![:space:]]*}"}"
        line="${line%"${line##*[![:space:]]}"}"
        if [[ -n $line ]]; then found+=("$line"); fi
    done <<<"$1"
}

# A text in a fence that is longer than any within it.
fenced() {
    local fence='```'
    while [[ $1 == *"$fence"* ]]; do fence+='`'; done
    printf '%stext\n%s\n%s\n\n' "$fence" "$1" "$fence"
}
