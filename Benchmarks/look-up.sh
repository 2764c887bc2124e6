#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# look-up.sh [TABLE]: measures how much of the processor's time a GeoIP table takes to load, how much
# memory it needs, and what one look-up of a random address costs in time and instructions. Fails above
# the bounds.
#
# TABLE is any table that lenstrace reads; the bounds are meant for one of the whole internet (600,000
# rows). Without it, what `geoip system` would use is looked for.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
export SWIFT_DETERMINISTIC_HASHING=1

# Greatest seconds to load, kilobytes of memory beyond the bare program's, nanoseconds of a look-up
# that touches no warm cache, and instructions of one.
load_bound=1.0
memory_bound=60000
time_bound=500
instruction_bound=780

table=${1-}
for file in /usr/share/tor/geoip; do
  if [ -z "$table" ] && [ -r "$file" ]; then table=$file; fi
done
[ -n "$table" ] || { echo "skipped, no GeoIP table: give one"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

swift build -c release --package-path "$root" --product lenstrace-stages > "$work/build.log" 2>&1 \
  || { tail -20 "$work/build.log"; exit 2; }
# valgrind cannot read all of the debug information that Swift writes.
cp "$root/.build/release/lenstrace-stages" "$work/stages"
strip -g "$work/stages"

# peak COMMAND...: kilobytes of resident memory at most.
peak() { python3 -c '
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)' "$@"; }

bare=$(peak "$work/stages" none /dev/null)
whole=$(peak "$work/stages" look-up "$table" 0)
"$work/stages" look-up "$table" 5 > "$work/measured"
count() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" > /dev/null 2> "$work/valgrind.log" \
    || { cat "$work/valgrind.log" >&2; return 1; }
  sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$work/valgrind.log"
}
instructions=0
if command -v valgrind > /dev/null; then
  loading=$(count "$work/stages" look-up "$table" 0)
  instructions=$((($(count "$work/stages" look-up "$table" 1) - loading) / 200000))
else
  echo "valgrind is not installed: instructions are not counted"
fi
python3 - "$work/measured" $((whole - bare)) $instructions \
  $load_bound $memory_bound $time_bound $instruction_bound << 'END'
import json, sys
measured = json.load(open(sys.argv[1]))
rows = [("load, seconds", measured["load_seconds"]), ("memory, kB", float(sys.argv[2])),
        ("look-up, nanoseconds", measured["nanoseconds_each"]),
        ("look-up, instructions", float(sys.argv[3]))]
print(f"{measured['rows']} rows")
failed = False
for (name, value), bound in zip(rows, map(float, sys.argv[4:])):
    above = value > bound
    failed |= above
    print(f"{name:24} {value:12.3f}   at most {bound:10.1f}{'  ABOVE THE BOUND' if above else ''}")
sys.exit(failed)
END
