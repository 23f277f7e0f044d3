#!/bin/sh
# Makes the namespace where it is missing, once the server answers. A failure is tried again: see `restart` in docker-compose.yml.
set -eu
temporal operator cluster health
temporal operator namespace describe -n "$TEMPORAL_NAMESPACE" ||
  temporal operator namespace create -n "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
