#!/bin/sh
# Makes BUILD_ID the build on which new dossiers begin and to which others move at their next phase.
# With --only-if-none: only when no build was promoted before, so that a restart never promotes by accident.
set -eu

: "${BUILD_ID:?which build}"
deployment=${DEPLOYMENT_NAME:-doorstroom}

current() {
    temporal worker deployment describe --name "$deployment" --output json |
        sed -n 's/.*"currentVersionBuildID": *"\([^"]*\)".*/\1/p'
}

tries=0
until temporal worker deployment describe-version --deployment-name "$deployment" --build-id "$BUILD_ID" >/dev/null 2>&1; do
    tries=$((tries + 1))
    [ "$tries" -lt 30 ] || { echo "no worker of build $BUILD_ID has reported to Temporal" >&2; exit 1; }
    sleep 2
done

now=$(current)
if [ "${1:-}" = --only-if-none ] && [ -n "$now" ] && [ "$now" != __unversioned__ ]; then
    echo "build $now stays current"
    exit 0
fi
temporal worker deployment set-current-version --deployment-name "$deployment" --build-id "$BUILD_ID" --yes
echo "build $BUILD_ID is current"
