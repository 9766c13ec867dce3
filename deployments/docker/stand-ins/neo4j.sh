#!/bin/sh
# Sets the password on the first start, then becomes the server. Settings are named as in the public image.
set -eu
home=/opt/neo4j
export NEO4J_HOME=$home NEO4J_CONF=$home/conf
{
  echo 'server.directories.data=/data'
  echo 'server.default_listen_address=0.0.0.0'
  # NEO4J_a_b__c is a.b_c.
  env | sed -n 's/^NEO4J_\([a-z][^=]*\)=/\1=/p' | while IFS='=' read -r name value; do
    echo "$(echo "$name" | sed 's/__/%/g; s/_/./g; s/%/_/g')=$value"
  done
} >"$NEO4J_CONF/neo4j.conf"
if [ ! -e /data/dbms/auth.ini ]; then
  password=$(cut -d/ -f2- "$NEO4J_AUTH_PATH")
  java -cp "$home/lib/*" org.neo4j.cli.AdminTool dbms set-initial-password "$password" >/dev/null
fi
opens='--add-opens=java.base/java.nio=ALL-UNNAMED --add-opens=java.base/java.io=ALL-UNNAMED --add-opens=java.base/sun.nio.ch=ALL-UNNAMED'
# shellcheck disable=SC2086 # several options in one variable
exec java "-Xmx${NEO4J_server_memory_heap_max__size:-512m}" $opens -cp "$home/lib/*" \
  org.neo4j.server.CommunityEntryPoint --home-dir="$home" --config-dir="$NEO4J_CONF" --console-mode
