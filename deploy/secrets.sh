#!/bin/sh
# Makes the secrets of an installation in the folder $1, each in a file of its own. What is there
# already is kept, so it can run again at any time.
#
#   $1/secrets   what the portal reads (NAME_FILE), for the group $GROUP
#   $1/owner     what only root reads: passwords and addresses of the other roles of the database
#
#   GROUP=sbk DATABASE=127.0.0.1:5432 REDIS=127.0.0.1:6380 deploy/secrets.sh /etc/sbk-portal
set -eu
folder=$1
group=${GROUP:-sbk}
database=${DATABASE:-127.0.0.1:5432}
redis=${REDIS:-127.0.0.1:6380}
s=$folder/secrets
o=$folder/owner

own() { if [ "$(id -u)" -eq 0 ]; then chown "$@"; fi; }

mkdir -p "$s" "$o"
chmod 0755 "$folder"
chmod 0750 "$s"; own root:"$group" "$s"
chmod 0700 "$o"

# Keeps standard input in the file $1, unless something stands there.
keep() {
    if [ -s "$1" ]; then cat > /dev/null; return; fi
    (umask 077 && cat > "$1")
    chmod "$2" "$1"
    own root:"$group" "$1"
}
word() { openssl rand -hex "$1"; }

openssl rand -base64 48 | tr -d '\n' | keep "$s/SECRET_KEY" 0640
openssl rand -base64 32 | tr '+/' '-_' | keep "$s/FIELD_KEYS" 0640
word 32 | keep "$s/INDEX_KEY" 0640
openssl rand -base64 32 | keep "$s/SEAL_KEY" 0640
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 2> /dev/null | keep "$s/PORTAL_PAYMENT_KEY" 0640
word 24 | keep "$o/redis_password" 0600
echo "requirepass $(cat "$o/redis_password")" | keep "$s/redis.conf" 0640
echo "redis://:$(cat "$o/redis_password")@$redis/0" | keep "$s/REDIS_URL" 0640
for role in superuser owner app read; do word 24 | keep "$o/${role}_password" 0600; done
echo "postgres://sbk_app:$(cat "$o/app_password")@$database/sbk" | keep "$s/DATABASE_URL" 0640
echo "postgres://sbk_owner:$(cat "$o/owner_password")@$database/sbk" | keep "$o/DATABASE_URL" 0600
echo "postgres://sbk_read:$(cat "$o/read_password")@$database/sbk" | keep "$o/READ_DATABASE_URL" 0600

# Given out by others: made empty, to be filled in.
for name in SMS_GATEWAY_KEY ALIPAY_PUBLIC_KEY; do
    [ -e "$s/$name" ] || { : > "$s/$name"; chmod 0640 "$s/$name"; own root:"$group" "$s/$name"; }
done
