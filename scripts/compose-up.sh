#!/usr/bin/env bash
# Starts docker-compose.yml with docker or podman, waits until the ingress is ready, prints the addresses.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/compose.sh

compose up --build --detach "$@"
echo "Waiting for the ingress ..."
for _ in $(seq 1 180); do
  if curl -fs http://localhost:8080/health/ready >/dev/null; then
    echo "payments    http://localhost:8080   (docs: /docs)"
    echo "ledger      http://localhost:8090/charges"
    echo "web UI      http://localhost:8233"
    echo "traces      http://localhost:16686"
    echo "dashboard   http://localhost:3000/d/payments"
    exit 0
  fi
  sleep 1
done
echo "The ingress did not become ready within three minutes; its last lines:" >&2
compose logs --tail 20 ingress >&2
exit 1
