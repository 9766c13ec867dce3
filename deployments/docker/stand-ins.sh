#!/bin/bash
# Builds stand-ins for the public images of docker-compose.yml and prints the variables that make compose use them, to be
# put into .env. Needs the images of local-base.sh, Maven with Java, and package registries; then nothing is pulled any more.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)/stand-ins
docker=${DOCKER:-docker}
command -v mvn >/dev/null || { echo 'mvn is not installed, which brings Neo4j' >&2; exit 1; }

work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
cp "$here"/* "$work"
# Here and not in the image, because Java there does not know the authorities that this machine trusts.
mvn -q -B -f "$work/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
  -DoutputDirectory="$work/jars" -DincludeScope=runtime >&2
for name in postgres redis nats neo4j gateway; do
  "$docker" build --quiet --target "$name" --tag "aetherius/stand-in-$name:local" "$work" >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; exit 1; }
  echo "AETHERIUS_${name^^}_IMAGE=aetherius/stand-in-$name:local"
done
