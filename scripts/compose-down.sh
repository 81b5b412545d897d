#!/usr/bin/env bash
# Stops what compose-up.sh started. --volumes also forgets the state.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/compose.sh

compose down "$@"
