#!/bin/sh
# Makes the namespace and the search attributes, or brings them to what is written here. Safe to run again.
# TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE are read by the command line itself.
set -eu

: "${TEMPORAL_NAMESPACE:?which namespace}"
: "${RETENTION:?how long closed runs are kept, such as 90d}"

tries=0
until temporal operator cluster health; do
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || { echo "Temporal does not answer" >&2; exit 1; }
    sleep 2
done

if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
    temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
else
    temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
fi

# Set when a dossier starts; phase, status and what is due stand in PostgreSQL.
# A new namespace takes a few seconds to be known everywhere.
attribute() {
    tries=0
    until temporal operator search-attribute list --namespace "$TEMPORAL_NAMESPACE" | grep -q "^ *$1 "; do
        tries=$((tries + 1))
        [ "$tries" -lt 30 ] || { echo "search attribute $1 cannot be made" >&2; exit 1; }
        temporal operator search-attribute create --namespace "$TEMPORAL_NAMESPACE" --name "$1" --type "$2" || sleep 1
    done
}

attribute DossierKind Keyword
attribute Fund Keyword
