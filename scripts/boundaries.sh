#!/usr/bin/env bash
# Checks the import directions of .dependency-cruiser.cjs. A run that looked at no module proves nothing (it happens
# when the compiler is one that dependency-cruiser does not know), so that fails as well.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folders=()
for folder in app workers sandbox demo; do
  [ ! -d "$folder" ] || folders+=("$folder")
done

if ! report="$(npx --no-install depcruise --config .dependency-cruiser.cjs "${folders[@]}")"; then
  echo "$report"
  exit 1
fi
echo "$report"
modules="$(sed -n 's/.*(\([0-9][0-9]*\) modules.*/\1/p' <<<"$report")"
if [ "${modules:-0}" -eq 0 ]; then
  echo "boundaries: no module was looked at, so nothing was checked" >&2
  exit 1
fi
