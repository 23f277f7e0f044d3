#!/bin/sh
# Starts the server with the database's password from its file: the image takes it from the environment only.
set -eu
POSTGRES_PWD="$(cat "$POSTGRES_PASSWORD_FILE")"
export POSTGRES_PWD
exec /etc/temporal/entrypoint.sh
