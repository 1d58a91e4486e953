#!/usr/bin/env bash
# How time grows with what is looked at: files, target regions, data disks, parameters files, modules and their users.
# For each, 1, 10 and 100 times as much (and 1000 where that is still a file): seconds of the processors, the least of
# several runs, and what each step of ten costs as a multiple.
# usage: benches/growth.sh [ROUNDS] [WHAT...]      3 rounds and everything by default
set -euo pipefail
export LC_ALL=C
TIMEFORMAT='%U %S'
cd "$(dirname "$0")/.."
rounds=${1:-3}
shift || true
project=$PWD
cargo build --quiet --release
cmklint=$project/target/release/cmklint
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT

head='"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "contentVersion": "1.0.0.0"'
set_of='/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg/providers/Microsoft.Compute/diskEncryptionSets'

# version PUBLISHING [STORAGE]: a template with one image version.
version() {
    printf '{ %s, %s "resources": [ { "type": "Microsoft.Compute/galleries/images/versions", "apiVersion": "2024-03-03", ' "$head" "${3:-}"
    printf '"name": "g/i/1.0.0", "location": "region1", "properties": { "storageProfile": { %s }, ' \
        "${2:-\"source\": { \"id\": \"[resourceId('Microsoft.Compute/images', 'm')]\" \}}"
    printf '"publishingProfile": { %s } } } ] }\n' "$1"
}

# joined COUNT FORMAT: the format with 1, 2, ... in place of `#`, joined by commas.
joined() {
    seq "$1" | awk -v format="$2" '{ line = format; gsub(/#/, $1, line); printf "%s%s", (NR == 1 ? "" : ",\n"), line }'
}

# What a copy of a folder holds: templates, Bicep with modules and parameters, scripts.
make_files() {
    local at
    for ((at = 0; at < $1; at++)); do
        mkdir -p "$2/$((at / 10))"
        cp -r "$project/fixtures/parity" "$2/$((at / 10))/$at"
    done
}
make_one_folder() {
    local at file
    for ((at = 0; at < $1; at++)); do
        for file in "$project"/fixtures/article/*.json; do cp "$file" "$2/$at-$(basename "$file")"; done
    done
}
make_regions() {
    version "\"targetRegions\": [ $(joined "$1" "{ \"name\": \"region#\", \"encryption\": { \"osDiskImage\": { \"diskEncryptionSetId\": \"$set_of/des-region#\" } } }") ]" >"$2/main.json"
}
make_items() {
    version "\"copy\": [ { \"name\": \"targetRegions\", \"count\": \"[length(parameters('regions'))]\", \"input\": {
        \"name\": \"[parameters('regions')[copyIndex('targetRegions')].name]\", \"encryption\": { \"osDiskImage\": {
        \"diskEncryptionSetId\": \"[resourceId('Microsoft.Compute/diskEncryptionSets', parameters('regions')[copyIndex('targetRegions')].des)]\" } } } } ]" '' \
        "\"parameters\": { \"regions\": { \"type\": \"array\", \"defaultValue\": [ $(joined "$1" '{ "name": "region#", "des": "des-region#" }') ] } }," >"$2/main.json"
}
make_disks() {
    version "\"targetRegions\": [ { \"name\": \"region1\", \"encryption\": { \"dataDiskImages\": [ $(joined "$1" "{ \"lun\": #, \"diskEncryptionSetId\": \"$set_of/des-region1\" }") ] } } ]" \
        "\"osDiskImage\": { \"source\": { \"id\": \"[resourceId('Microsoft.Compute/snapshots', 'os')]\" } }, \"dataDiskImages\": [ $(joined "$1" "{ \"lun\": #, \"source\": { \"id\": \"[resourceId('Microsoft.Compute/snapshots', 'data#')]\" } }") ]" >"$2/main.json"
}
make_versions() {
    local one
    one="{ \"type\": \"Microsoft.Compute/galleries/images/versions\", \"apiVersion\": \"2024-03-03\", \"name\": \"g/i/1.0.#\", \"location\": \"region1\", \"properties\": { \"storageProfile\": { \"source\": { \"id\": \"[resourceId('Microsoft.Compute/images', 'm#')]\" } }, \"publishingProfile\": { \"targetRegions\": [ { \"name\": \"region1\", \"encryption\": { \"osDiskImage\": { \"diskEncryptionSetId\": \"[resourceId('Microsoft.Compute/diskEncryptionSets', 'des#')]\" } } } ] } } },
{ \"type\": \"Microsoft.Compute/diskEncryptionSets\", \"apiVersion\": \"2024-03-02\", \"name\": \"des#\", \"location\": \"region1\", \"properties\": {} }"
    printf '{ %s, "resources": [ %s ] }\n' "$head" "$(joined "$1" "$one")" >"$2/main.json"
}
make_parameters() {
    local at
    version '"targetRegions": "[parameters('\''regions'\'')]"' '' '"parameters": { "regions": { "type": "array" } },' >"$2/main.json"
    for ((at = 0; at < $1; at++)); do
        printf '{ "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentParameters.json#", "contentVersion": "1.0.0.0", "parameters": { "regions": { "value": [ { "name": "region1" } ] } } }\n' >"$2/main.p$at.parameters.json"
    done
}
leaf="param place string
resource v 'Microsoft.Compute/galleries/images/versions@2024-03-03' = {
  name: 'g/i/1.0.0'
  location: place
  properties: {
    storageProfile: { source: { id: resourceId('Microsoft.Compute/images', 'm') } }
    publishingProfile: { targetRegions: [ { name: place } ] }
  }
}"
make_star() {
    local at
    for ((at = 1; at <= $1; at++)); do
        printf '%s\n' "$leaf" >"$2/m$at.bicep"
        printf "module m%s 'm%s.bicep' = {\n  name: 'm%s'\n  params: { place: 'region1' }\n}\n" "$at" "$at" "$at" >>"$2/main.bicep"
    done
}
# A chain is as long as deployments may nest; so there are many, each of ten.
make_chains() {
    local at step
    for ((at = 1; at <= $1; at++)); do
        for ((step = 0; step < 10; step++)); do
            printf "param place string = 'region1'\nmodule next 'c%s-%s.bicep' = {\n  name: 'next'\n  params: { place: place }\n}\n" "$at" "$((step + 1))" >"$2/c$at-$step.bicep"
        done
        printf '%s\n' "$leaf" >"$2/c$at-10.bicep"
    done
}
make_users() {
    local at
    printf '%s\n' "$leaf" >"$2/shared.bicep"
    for ((at = 1; at <= $1; at++)); do
        printf "module m 'shared.bicep' = {\n  name: 'm'\n  params: { place: 'region1' }\n}\n" >"$2/user$at.bicep"
    done
}
make_scripts() {
    joined "$1" 'az sig image-version create -g rg --gallery-name g --gallery-image-definition d --gallery-image-version 1.0.# --target-regions region1 --target-region-encryption des-region1 --managed-image m#' | tr -d ',' >"$2/main.sh"
}
make_state() {
    printf '[ %s ]\n' "$(joined "$1" "{ \"id\": \"/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/i/versions/1.0.#\", \"name\": \"1.0.#\", \"type\": \"Microsoft.Compute/galleries/images/versions\", \"location\": \"region1\", \"properties\": { \"provisioningState\": \"Succeeded\", \"publishingProfile\": { \"targetRegions\": [ { \"name\": \"region1\" } ] } } }")" >"$2/state.json"
}

# cost FOLDER ARGUMENTS...: the least seconds of the processors.
cost() {
    local folder=$1 round
    shift
    for ((round = 0; round < rounds; round++)); do
        (cd "$folder" && time "$cmklint" check "$@" >/dev/null 2>&1 || true) 2>&1 | awk '{ print $1 + $2 }'
    done | sort -n | head -n 1
}

# grows WHAT FIRST LAST ARGUMENTS...: what WHAT costs at FIRST, ten times as much, ... up to LAST.
grows() {
    local what=$1 at=$2 last=$3 before='' now
    shift 3
    [ -z "$only" ] || [[ " $only " == *" $what "* ]] || return 0
    while [ "$at" -le "$last" ]; do
        mkdir -p "$room/$what-$at/.git"
        "make_$what" "$at" "$room/$what-$at"
        now=$(cost "$room/$what-$at" "$@")
        printf '%-12s %6s %8.3f s  %s\n' "$what" "$at" "$now" "${before:+$(awk -v now="$now" -v before="$before" 'BEGIN { printf "%.1f times", now / (before > 0 ? before : 0.001) }')}"
        before=$now
        rm -rf "$room/$what-$at"
        at=$((at * 10))
    done
}

only="$*"
grows files 1 100 .
grows one_folder 1 100 .
grows regions 1 1000 .
grows items 1 100 .
grows disks 1 1000 .
grows versions 1 1000 .
grows parameters 1 1000 .
grows star 1 100 .
grows chains 1 100 .
grows users 1 1000 --with-users shared.bicep
grows scripts 1 1000 .
grows state 1 10000 .
