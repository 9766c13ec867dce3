#!/bin/sh
# Makes the database on the first start, then becomes the server. Settings are named as in the public image.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  if [ -n "${POSTGRES_PASSWORD-}" ]; then
    POSTGRES_PASSWORD_FILE=$(mktemp)
    printf '%s\n' "$POSTGRES_PASSWORD" >"$POSTGRES_PASSWORD_FILE"
  fi
  # shellcheck disable=SC2086 # several options in one variable
  initdb --username="$POSTGRES_USER" --pwfile="$POSTGRES_PASSWORD_FILE" ${POSTGRES_INITDB_ARGS-}
  echo 'host all all all scram-sha-256' >>"$PGDATA/pg_hba.conf"
  echo "create database \"$POSTGRES_DB\"" | postgres --single -j postgres >/dev/null
fi
exec "$@" -c listen_addresses='*'
