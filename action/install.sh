#!/usr/bin/env bash
# Puts `cmklint` on the path: a release by its checksum if a version is known, else built from the action's own folder.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
into="${RUNNER_TEMP:?}/cmklint-bin"
mkdir -p "$into"

version="${CMKLINT_VERSION:-}"
if [[ -z $version && ${CMKLINT_REF:-} =~ ^v[0-9]+\.[0-9]+\.[0-9]+$ ]]; then
    version="$CMKLINT_REF"
fi
if [[ -n $version && ! $version =~ ^v[0-9]+\.[0-9]+\.[0-9]+$ ]]; then
    echo "::error::the version must look like v1.2.3"
    exit 2
fi

case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) target=x86_64-unknown-linux-musl ;;
    Linux-aarch64) target=aarch64-unknown-linux-musl ;;
    Darwin-arm64) target=aarch64-apple-darwin ;;
    Darwin-x86_64) target=x86_64-apple-darwin ;;
    MINGW*-x86_64 | MSYS*-x86_64) target=x86_64-pc-windows-msvc ;;
    *) target="" ;;
esac

# Checks what a list of checksums says of one file of the current folder.
verify() {
    grep -E "^[0-9a-f]{64} [ *]$1\$" SHA256SUMS >wanted || return 1
    if command -v sha256sum >/dev/null; then
        sha256sum --check --status wanted
    else
        shasum -a 256 --check --status wanted
    fi
}

install_release() {
    local archive="cmklint-$target.tar.gz" from folder
    from="${GITHUB_SERVER_URL:-https://github.com}/$CMKLINT_REPOSITORY/releases/download/$version"
    folder=$(mktemp -d)
    cd "$folder"
    for file in SHA256SUMS "$archive"; do
        curl --fail --silent --show-error --location --proto '=https' --retry 3 --output "$file" "$from/$file" || return 1
    done
    if ! verify "$archive"; then
        echo "::error::$archive of $version is not what its checksum says"
        exit 2
    fi
    tar -xzf "$archive" -C "$into"
}

if [[ -n $version && -n $target && -n ${CMKLINT_REPOSITORY:-} ]] && (install_release); then
    echo "installed $version for $target"
else
    status=$?
    if [[ $status == 2 ]]; then exit 2; fi
    if ! command -v cargo >/dev/null; then
        echo "::error::there is no release to install, and no cargo to build with"
        exit 2
    fi
    # The pages of rules are where the action is from.
    if [[ -n ${CMKLINT_REPOSITORY:-} ]]; then
        export CMKLINT_HOME="${GITHUB_SERVER_URL:-https://github.com}/$CMKLINT_REPOSITORY"
    fi
    # In the action's own folder: where the job stands, files of the pull request could say which compiler is run.
    (cd "$here" && cargo build --quiet --release --locked --target-dir "$RUNNER_TEMP/cmklint-target")
    cp "$RUNNER_TEMP"/cmklint-target/release/cmklint{,.exe} "$into/" 2>/dev/null || [[ -e $into/cmklint || -e $into/cmklint.exe ]]
fi

"$into/cmklint" --version
echo "$into" >>"${GITHUB_PATH:?}"
