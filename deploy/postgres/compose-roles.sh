#!/bin/sh
# Runs roles.sql in the container `roles` of docker-compose.yml, unless its roles are there.
set -eu
PGPASSWORD=$(cat /run/secrets/superuser_password)
export PGPASSWORD
if [ "$(psql --tuples-only --no-align --command "SELECT count(*) FROM pg_database WHERE datname = 'sbk'")" = 1 ]; then
    exit 0
fi
psql --file=/deploy/roles.sql \
    --set=owner_password="$(cat /run/secrets/owner_password)" \
    --set=app_password="$(cat /run/secrets/app_password)" \
    --set=read_password="$(cat /run/secrets/read_password)"
