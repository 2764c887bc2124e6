#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# instructions.sh [CAPTURE PACKETS]: counts by callgrind how many instructions a packet each stage
# costs on the mixture `small` at 3 % scale, prints the goals of DESIGN.md §8 and the distance to
# them, and fails where a stage costs more than the bound below.
#
# Instructions are the one measure that other work on the machine does not change. The bounds are a
# ratchet: what was measured when they were last lowered, and a tenth more, for what lands at the same
# time. Lower them with every gain.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
export SWIFT_DETERMINISTIC_HASHING=1

# Gate, bound, goal.
gates="flow-table 1000 570
recognition 692 150
rhythm 60 60
rest 955 80
all 2735 800"

command -v valgrind > /dev/null || { echo "valgrind is not installed (apt-get install valgrind)"; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

swift build -c release --package-path "$root" --product lenstrace > "$work/build.log" 2>&1 \
  && swift build -c release --package-path "$root" --product lenstrace-stages >> "$work/build.log" 2>&1 \
  || { tail -20 "$work/build.log"; exit 2; }
capture=${1-}
packets=${2-}
if [ -z "$capture" ]; then
  swift build -c release --package-path "$here" --product lenstrace-generate > "$work/build.log" 2>&1 \
    || { tail -20 "$work/build.log"; exit 2; }
  capture=$work/small3.pcap
  "$here/.build/release/lenstrace-generate" small --scale 0.03 --output "$capture" > "$work/truth.json"
  packets=$(sed -n 's/.*"packets": *\([0-9]*\).*/\1/p' "$work/truth.json" | head -1)
fi

# valgrind cannot read all of the debug information that Swift writes.
for binary in lenstrace lenstrace-stages; do
  cp "$root/.build/release/$binary" "$work/$binary"
  strip -g "$work/$binary"
done

# count COMMAND...: the instructions of one run.
count() {
  valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" > /dev/null 2> "$work/valgrind.log" \
    || { cat "$work/valgrind.log" >&2; return 1; }
  sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$work/valgrind.log"
}

# Without a packet: what starting and an empty report cost.
head -c 24 "$capture" > "$work/empty.pcap"
analyze=("$work/lenstrace" analyze --no-hash --jobs 1 --quiet --force --output "json:$work/report.json")
{
  for stage in none frame decode group track recognize rhythm; do
    echo "$stage $(count "$work/lenstrace-stages" "$stage" "$capture")"
  done
  echo "empty $(count "${analyze[@]}" "$work/empty.pcap")"
  echo "analyze $(count "${analyze[@]}" "$capture")"
} > "$work/counts"

awk -v packets="$packets" -v gates="$gates" '
  { count[$1] = $2 / packets }
  END {
    printf "%-34s %10s\n", "stage", "a packet"
    printf "%-34s %10.0f\n", "read and frame", count["frame"] - count["none"]
    printf "%-34s %10.0f\n", "decode, hash, fingerprint", count["decode"] - count["frame"]
    printf "%-34s %10.0f\n", "group by shard", count["group"] - count["decode"]
    printf "%-34s %10.0f\n", "track", count["track"] - count["group"]
    printf "%-34s %10.0f\n", "recognise, inspect media", count["recognize"] - count["track"]
    printf "%-34s %10.0f\n\n", "rhythm", count["rhythm"] - count["recognize"]
    value["flow-table"] = count["track"] - count["none"]
    value["recognition"] = count["recognize"] - count["track"]
    value["all"] = count["analyze"] - count["empty"]
    value["rhythm"] = count["rhythm"] - count["recognize"]
    value["rest"] = value["all"] - value["flow-table"] - value["recognition"] - value["rhythm"]
    printf "%-14s %10s %10s %10s %10s\n", "gate", "measured", "bound", "goal", "distance"
    rows = split(gates, row, "\n")
    for (i = 1; i <= rows; i++) {
      split(row[i], field, " ")
      name = field[1]
      above = value[name] > field[2]
      if (above) failed = 1
      printf "%-14s %10.0f %10d %10d %+10.0f%s\n", name, value[name], field[2], field[3],
        value[name] - field[3], above ? "  ABOVE THE BOUND" : ""
    }
    exit failed
  }' "$work/counts"
