#!/bin/sh
# Makes the roles and the three databases, once, on an empty volume. Each role reaches its own databases only.
set -eu

psql --no-psqlrc --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set owner="$OWNER_DATABASE_PASSWORD" --set app="$APP_DATABASE_PASSWORD" \
    --set portal="$PORTAL_DATABASE_PASSWORD" \
    --set temporal="$TEMPORAL_DATABASE_PASSWORD" <<'SQL'
CREATE ROLE doorstroom_owner LOGIN PASSWORD :'owner';
CREATE ROLE doorstroom_app LOGIN PASSWORD :'app';
CREATE ROLE doorstroom_portal LOGIN PASSWORD :'portal';
CREATE ROLE temporal LOGIN PASSWORD :'temporal';

CREATE DATABASE doorstroom OWNER doorstroom_owner;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;

REVOKE ALL ON DATABASE doorstroom, temporal, temporal_visibility, postgres FROM PUBLIC;
GRANT CONNECT ON DATABASE doorstroom TO doorstroom_app, doorstroom_portal;
SQL
