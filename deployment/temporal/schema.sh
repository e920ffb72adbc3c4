#!/bin/sh
# Brings Temporal's own two databases to the schema of this version. Safe to run again: what is there is left alone.
set -eu

tool() {
    database=$1
    shift
    temporal-sql-tool --plugin postgres12_pgx --ep postgres --port 5432 --user temporal --db "$database" "$@"
}

for name in temporal visibility; do
    database=temporal
    [ "$name" = temporal ] || database=temporal_visibility
    tool "$database" setup-schema --version 0.0
    tool "$database" update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$name/versioned"
done
