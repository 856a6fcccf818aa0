#!/bin/sh
# Puts the portal's files of a machine in their places: account, folders, secrets, units, nginx.
# Run as root, from the folder of the program. Run it again after every upgrade: secrets and
# portal.env are never overwritten.
#
# Other places than those in the files of deploy/: set the variables below.
set -eu
umask 022
here=$(cd "$(dirname "$0")" && pwd)

APP=${APP:-/srv/sbk-portal}             # the program, with its .venv
ETC=${ETC:-/etc/sbk-portal}             # portal.env, secrets, certificates
VAR=${VAR:-/var/lib/sbk-portal}         # private files
LOG=${LOG:-/var/log/sbk-portal}         # of nginx
BACKUPS=${BACKUPS:-/var/backups/sbk-portal}
UNITS=${UNITS:-/etc/systemd/system}
NGINX_CONF=${NGINX_CONF:-/etc/nginx/conf.d}
LOGROTATE=${LOGROTATE:-/etc/logrotate.d}
ACCOUNT=${ACCOUNT:-sbk}                 # runs web, workers, beat, Redis
WWW=${WWW:-www-data}                    # runs nginx
DOMAIN=${DOMAIN:-sbk.example.edu.cn}
URL=${URL:-https://$DOMAIN}
RUN_DIR=${RUN_DIR:-/run}                 # of running processes
WEB_PORT=${WEB_PORT:-8000}
HTTP_PORT=${HTTP_PORT:-80}
HTTPS_PORT=${HTTPS_PORT:-443}
REDIS_PORT=${REDIS_PORT:-6380}
DATABASE=${DATABASE:-127.0.0.1:5432}

# Writes a file of deploy/ to $2 with the places and names of this installation.
put() {
    sed -e "s|/srv/sbk-portal|$APP|g" -e "s|/etc/sbk-portal|$ETC|g" \
        -e "s|/var/lib/sbk-portal|$VAR|g" -e "s|/var/log/sbk-portal|$LOG|g" \
        -e "s|/run/sbk-web|$RUN_DIR/sbk-web|g" -e "s|/var/backups/sbk-portal|$BACKUPS|g" \
        -e "s|https://sbk.example.edu.cn|$URL|g" -e "s|sbk.example.edu.cn|$DOMAIN|g" \
        -e "s|127.0.0.1:8000|127.0.0.1:$WEB_PORT|g" -e "s|^port 6380|port $REDIS_PORT|" \
        -e "s|listen 80;|listen $HTTP_PORT;|" -e "s|]:80;|]:$HTTP_PORT;|" \
        -e "s|listen 443 |listen $HTTPS_PORT |" -e "s|]:443 |]:$HTTPS_PORT |" \
        -e "s|^User=sbk|User=$ACCOUNT|" -e "s|^Group=sbk|Group=$group|" \
        -e "s|create 0640 www-data|create 0640 $WWW|" "$here/$1" > "$2"
}

is_root() { [ "$(id -u)" -eq 0 ]; }
own() { if is_root; then chown "$@"; fi; }

if is_root && ! id "$ACCOUNT" > /dev/null 2>&1; then
    useradd --system --home-dir "$VAR" --shell /usr/sbin/nologin "$ACCOUNT"
fi
group=$(id -gn "$ACCOUNT")

mkdir -p "$ETC/tls" "$VAR" "$LOG" "$BACKUPS" "$UNITS" "$NGINX_CONF" "$LOGROTATE"
mkdir -p "$VAR/bureau/out" "$VAR/bureau/in"
chmod 0700 "$ETC/tls"
chmod 0700 "$VAR" "$BACKUPS"; own -R "$ACCOUNT:$group" "$VAR" "$BACKUPS"
chmod 0750 "$LOG"; own "$WWW:adm" "$LOG"

GROUP=$group DATABASE=$DATABASE REDIS=127.0.0.1:$REDIS_PORT sh "$here/secrets.sh" "$ETC"

# --- Files -----------------------------------------------------------------------------------------

if [ ! -e "$ETC/portal.env" ]; then
    put portal.env "$ETC/portal.env"
    chmod 0640 "$ETC/portal.env"; own root:"$group" "$ETC/portal.env"
fi
put redis/redis.conf "$ETC/redis.conf"
put nginx/sbk-portal.conf "$NGINX_CONF/sbk-portal.conf"
put logrotate/sbk-portal "$LOGROTATE/sbk-portal"
for unit in "$here"/systemd/*; do
    put "systemd/$(basename "$unit")" "$UNITS/$(basename "$unit")"
done

# The account that runs the portal may not write here: it would compile the program at every start.
(cd "$APP" && .venv/bin/python -m compileall -q manage.py sbk_portal apps)

# Style sheets and scripts under hashed names. In embedded mode, which brings secrets of its own.
scratch=$(mktemp -d)
(cd "$APP" && SBK_MODE=embedded SBK_VAR_DIR="$scratch" SBK_STATIC_IS_COLLECTED=1 \
    SBK_STATIC_DIR="$APP/staticfiles" .venv/bin/python manage.py collectstatic --no-input --verbosity=0)
rm -rf "$scratch"

echo "安装完成。接着：填写 $ETC/portal.env 和 $ETC/secrets 里空着的文件，把证书放到 $ETC/tls。"
