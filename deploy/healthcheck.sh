#!/usr/bin/env bash
# Asks the process on port $1 of this container whether it is ready. The .NET image has bash and no curl.
exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
printf 'GET /health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n' >&3
head -n 1 <&3 | grep -q ' 200 '
