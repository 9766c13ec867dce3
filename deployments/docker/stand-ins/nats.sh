#!/bin/sh
# Flags alone are the server's, as in the public image.
set -eu
case ${1-} in -*) set -- nats-server "$@" ;; esac
exec "$@"
