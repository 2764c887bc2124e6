#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Installs the system libraries that LensTrace links (Debian and Ubuntu; on macOS the Homebrew twins).
# Does nothing where they are there already. Needs root or sudo only when something is missing.
set -euo pipefail

debian=(pkg-config libpcap-dev zlib1g-dev libzstd-dev liblz4-dev libsqlite3-dev)
homebrew=(pkg-config libpcap zlib zstd lz4 sqlite)
libraries=(libpcap zlib libzstd liblz4 sqlite3)

if command -v pkg-config >/dev/null && pkg-config --exists "${libraries[@]}"; then
  exit 0
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then as_root=(sudo); fi
if command -v apt-get >/dev/null; then
  "${as_root[@]}" apt-get update
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y --no-install-recommends "${debian[@]}"
elif command -v brew >/dev/null; then
  brew install "${homebrew[@]}"
else
  echo "install these libraries with their headers: ${libraries[*]}" >&2
  exit 1
fi
