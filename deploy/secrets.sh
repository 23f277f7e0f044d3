#!/bin/sh
# Makes the secrets that docker-compose.yml names, in deploy/secrets: the database's password by chance, and each token as it is pasted, or
# as a line of the standard input. What is there already is kept.
set -eu
umask 077
cd "$(dirname "$0")/.."
secrets=deploy/secrets
mkdir -p "$secrets"
chmod 700 "$secrets"

# The user of our containers in docker-compose.yml. Containers don't run as root: what root makes is given to that user.
container_user=65532

# Two images read the password, under users of their own.
if [ ! -s "$secrets/postgres_password" ]; then
  head -c 24 /dev/urandom | base64 > "$secrets/postgres_password"
  chmod 444 "$secrets/postgres_password"
  echo "made $secrets/postgres_password"
fi

# Reads a token without showing it.
ask() {
  token=
  if [ -t 0 ]; then
    printf '%s (Enter leaves it out): ' "$1"
    stty -echo
    trap 'stty echo' EXIT INT TERM
    read -r token || true
    stty echo
    trap - EXIT INT TERM
    echo
  else
    read -r token || true
  fi
}

for name in $(sed -n 's|.*{file: \./deploy/secrets/\(.*_token\)}.*|\1|p' docker-compose.yml); do
  file="$secrets/$name"
  if [ -s "$file" ]; then
    echo "kept $file"
    continue
  fi
  ask "$name"
  if [ -z "$token" ]; then
    echo "left out $file: the worker needs it, the sandbox doesn't"
    continue
  fi
  printf '%s\n' "$token" > "$file"
  chmod 400 "$file"
  if [ "$(id -u)" = 0 ]; then chown "$container_user:$container_user" "$file"; fi
  echo "made $file"
done

# The worker reads the tokens under the user who made them.
if [ "$(id -u)" != 0 ] && ! grep -qs '^ACCESSBRIDGE_UID=' .env; then
  printf 'ACCESSBRIDGE_UID=%s\nACCESSBRIDGE_GID=%s\n' "$(id -u)" "$(id -g)" >> .env
  echo "put the user of the containers into .env"
fi
