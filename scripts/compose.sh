# Sourced: defines compose() for whichever engine this machine has.
compose() {
  if docker compose version >/dev/null 2>&1; then
    docker compose "$@"
  elif command -v podman >/dev/null && podman compose version >/dev/null 2>&1; then
    podman compose "$@"
  elif command -v podman-compose >/dev/null; then
    podman-compose "$@"
  elif command -v docker-compose >/dev/null; then
    docker-compose "$@"
  else
    echo "Neither docker compose nor podman compose is installed. Without containers: dotnet run --project src/Payments.Lab" >&2
    return 127
  fi
}
