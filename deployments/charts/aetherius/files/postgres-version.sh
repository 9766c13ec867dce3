#!/usr/bin/env bash
# Ends with one line where the volume has a database that another version of Postgres wrote: the server would refuse it, or
# begin an empty one beside it. Runs before the server, in its image, with the server's PGDATA.
#   postgres-version.sh FOLDER       where the volume is
set -euo pipefail
shopt -s nullglob

[[ $(postgres --version) =~ \)\ ([0-9]+) ]]
ours=${BASH_REMATCH[1]}
for file in "$PGDATA"/PG_VERSION "$1"/PG_VERSION "$1"/*/PG_VERSION "$1"/*/*/PG_VERSION; do
  [ -s "$file" ] || continue
  written=$(<"$file")
  [ "$written" != "$ours" ] || exit 0
  echo "the volume has a database of Postgres $written, which Postgres $ours does not read: start the former version again, back up, remove the volume, restore (docs/operations.md, Another version of Postgres)" >&2
  exit 1
done
