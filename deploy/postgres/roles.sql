-- The database and its three roles. Run once, as the superuser of PostgreSQL (14 or newer):
--
--     psql --file=deploy/postgres/roles.sql \
--         --set=owner_password=… --set=app_password=… --set=read_password=…
--
-- sbk_owner  owns the tables and migrates. Nothing that runs all day signs in as this role: the
--            owner of a table can drop its triggers, those of the append-only book of events too.
-- sbk_app    the portal. Reads and writes rows, but in the book of events it only reads and adds;
--            `manage.py database_roles sbk_app` gives it these rights after every migration.
-- sbk_read   reads everything: backups, and people who look into matters. Names, ID numbers, phones
--            and addresses are encrypted in their columns and stay so.

\set ON_ERROR_STOP on

CREATE ROLE sbk_owner LOGIN PASSWORD :'owner_password' CONNECTION LIMIT 10;
CREATE ROLE sbk_app LOGIN PASSWORD :'app_password';
CREATE ROLE sbk_read LOGIN PASSWORD :'read_password' CONNECTION LIMIT 5;

CREATE DATABASE sbk OWNER sbk_owner ENCODING 'UTF8' TEMPLATE template0;
REVOKE ALL ON DATABASE sbk FROM PUBLIC;
GRANT CONNECT ON DATABASE sbk TO sbk_app, sbk_read;

-- One statement of a page or a sweep takes less than a second; what waits longer than this hangs.
ALTER ROLE sbk_app IN DATABASE sbk SET statement_timeout = '60s';
ALTER ROLE sbk_app IN DATABASE sbk SET lock_timeout = '10s';
ALTER ROLE sbk_app IN DATABASE sbk SET idle_in_transaction_session_timeout = '60s';
-- As sbk_portal/database.py asks for, also behind a pooler that does not pass it on.
ALTER ROLE sbk_app IN DATABASE sbk SET jit = off;
-- A migration that cannot get its lock gives up instead of holding up everybody behind it.
ALTER ROLE sbk_owner IN DATABASE sbk SET lock_timeout = '5s';
ALTER ROLE sbk_read IN DATABASE sbk SET default_transaction_read_only = on;

\connect sbk

ALTER SCHEMA public OWNER TO sbk_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO sbk_app, sbk_read;
ALTER DEFAULT PRIVILEGES FOR ROLE sbk_owner IN SCHEMA public GRANT SELECT ON TABLES TO sbk_read;
ALTER DEFAULT PRIVILEGES FOR ROLE sbk_owner IN SCHEMA public GRANT SELECT ON SEQUENCES TO sbk_read;
