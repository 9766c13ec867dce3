#!/usr/bin/env bash
# Backs up what the services keep in Postgres, and restores it, with nothing but a Postgres image: no image of ours has its
# programs. `npm run backup` and `npm run restore` write and read the same files.
#   database.sh backup               to BACKUP_FOLDER, of which the newest BACKUP_KEEP stay, else to standard output
#   database.sh restore [--replace]  from the file RESTORE_FROM in BACKUP_FOLDER, by default the newest, else from standard input
# The database is that of DATABASE_URL or of the file DATABASE_URL_FILE; DATABASE_PASSWORD_FILE holds its passwords, one on
# each line. All of a restore is one transaction; with --replace, or RESTORE_REPLACE=yes, it drops what is there first.
set -euo pipefail
umask 077
schemas=(agent_manager orchestrator_service reasoning_service)

fail() { echo "$*" >&2; exit 1; }
ask() { psql "$url" --no-psqlrc --no-password --quiet --tuples-only --no-align --set ON_ERROR_STOP=1 --command "$1"; }

# Sets `url`, which has no password: that goes by the environment, where other users of the machine do not see it.
connect() {
  url=${DATABASE_URL:-}
  [ -n "$url" ] || [ -z "${DATABASE_URL_FILE:-}" ] || url=$(<"$DATABASE_URL_FILE")
  [ -n "$url" ] || fail 'DATABASE_URL is not set'
  if [[ $url =~ ^([a-z]+://[^/@:]*):([^/@]*)@(.*)$ ]]; then
    url="${BASH_REMATCH[1]}@${BASH_REMATCH[3]}"
    local encoded=${BASH_REMATCH[2]//\\/\\\\}
    printf -v PGPASSWORD '%b' "${encoded//%/\\x}"
    export PGPASSWORD
  fi
  [ -n "${DATABASE_PASSWORD_FILE:-}" ] || return 0
  while read -r PGPASSWORD || [ -n "$PGPASSWORD" ]; do
    export PGPASSWORD
    if ask 'select 1' >/dev/null 2>&1; then return 0; fi
  done <"$DATABASE_PASSWORD_FILE"
  ask 'select 1' >/dev/null
}

dump() { pg_dump --dbname "$url" --no-password --format custom --strict-names "${schemas[@]/#/--schema=}"; }

# For the figures of agent-manager. Whoever may only read makes backups as well, and of a version that had no such table.
note() {
  local said
  if said=$(ask "insert into agent_manager.backup (outcome, at) values ('$1', now()) on conflict (outcome) do update set at = now()" 2>&1 >/dev/null); then return; fi
  said=${said%%$'\n'*}
  [[ $said != *'permission denied'* ]] || said='its user may not write into agent_manager.backup'
  echo "this backup is not noted, so an alert may say that it is missing: $said" >&2
}

backup() {
  if [ -z "${BACKUP_FOLDER:-}" ]; then
    [ ! -t 1 ] || fail 'a backup is no text: send it into a file, with "> aetherius.dump"'
    dump || { note failed; fail 'no backup was written'; }
    note succeeded
    return
  fi
  local file
  file=$BACKUP_FOLDER/aetherius-$(date -u +%Y%m%dT%H%M%SZ).dump
  # Under its name only when it is whole.
  dump >"$file.part" || { rm -f "$file.part"; note failed; fail 'no backup was written'; }
  mv "$file.part" "$file"
  note succeeded
  echo "$file: $(wc -c <"$file") bytes"
  local kept=("$BACKUP_FOLDER"/aetherius-*.dump) old
  for old in "${kept[@]:0:$((${#kept[@]} > ${BACKUP_KEEP:?} ? ${#kept[@]} - BACKUP_KEEP : 0))}"; do
    rm "$old"
    echo "$old: removed"
  done
}

# Sets `file`. A pipe is kept first, because it is read once for each schema.
find_file() {
  if [ -z "${BACKUP_FOLDER:-}" ]; then
    file=$(mktemp)
    trap 'rm -f "$file"' EXIT
    cat >"$file"
  else
    local kept=("$BACKUP_FOLDER"/aetherius-*.dump)
    file=${RESTORE_FROM:+$BACKUP_FOLDER/$RESTORE_FROM}
    file=${file:-${kept[-1]}}
    [ -f "$file" ] || fail "$file: there is no such file"
  fi
  pg_restore --list "$file" >/dev/null || fail 'this is not a backup'
}

# Who will own a schema: its owner, where somebody made it for a service, else the role of the same name, else whoever restores.
owner_of() {
  ask "select coalesce((select pg_get_userbyid(nspowner) from pg_namespace where nspname = '$1'),
    (select rolname from pg_roles where rolname = '$1' and pg_has_role(current_user, oid, 'member')), current_user)"
}

# What a schema's backup is as SQL, under its owner. Servers before 17 do not know the setting that newer programs begin with.
statements() {
  local schema=$1 owner=$2 replaced=$3
  echo 'set client_min_messages to warning; reset role;'
  if [ -n "$replaced" ]; then echo "drop schema if exists $schema cascade;"; fi
  echo "create schema if not exists $schema authorization \"${owner//\"/\"\"}\";"
  pg_restore --no-owner --no-privileges --schema "$schema" --role "$owner" --file - "$file" | sed '1,60{/^SET transaction_timeout = 0;$/d}'
}

restore() {
  local replaced=$1 tables schema at owners=()
  find_file
  tables=$(ask "select count(*) from information_schema.tables where table_schema in ('agent_manager', 'orchestrator_service', 'reasoning_service')")
  [ "$tables" = 0 ] || [ -n "$replaced" ] || fail "the database is not empty, it has $tables tables: stop the services and say --replace, or take an empty one"
  for schema in "${schemas[@]}"; do owners+=("$(owner_of "$schema")"); done
  for at in "${!schemas[@]}"; do
    # What ends too early, in the middle of a table too, must not be taken for the end.
    statements "${schemas[$at]}" "${owners[$at]}" "$replaced" \
      || printf '\n\\.\n%s\n' "do 'begin raise exception ''the backup cannot be read to its end''; end';"
  done | psql "$url" --no-psqlrc --no-password --quiet --single-transaction --set ON_ERROR_STOP=1 --output /dev/null \
    || fail 'nothing was restored'
  for at in "${!schemas[@]}"; do echo "${schemas[$at]} is restored and belongs to ${owners[$at]}"; done
  echo 'start the services now, they go on where the backup stopped'
}

case "$*" in
  backup) connect; backup ;;
  restore) connect; restore "${RESTORE_REPLACE:-}" ;;
  'restore --replace') connect; restore yes ;;
  *) fail 'usage: database.sh backup | restore [--replace]' ;;
esac
