#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# scale.sh LENSTRACE [SVG]: CPU time a packet and resident memory of `analyze --no-hash --jobs 1` against the size
# of the mixtures, at 1x, 2x, 4x and 8x of 3 %, and against the flows (FLOWS="10000 ...", packets for 8 million);
# prints a table and draws both. Straight lines are what is wanted: time a packet that does not grow, memory that
# grows with the flows alone.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
binary=${1:?usage: scale.sh LENSTRACE [SVG]}
svg=${2:-$here/scale.svg}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -x /usr/bin/time ] || { echo "/usr/bin/time is not installed (apt-get install time)"; exit 2; }
generator=$here/.build/release/lenstrace-generate
[ -x "$generator" ] || swift build -c release --package-path "$here" --product lenstrace-generate > /dev/null
export SWIFT_BACKTRACE=enable=no

number() { sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" "$work/truth.json" | head -1; }

# measure NAME FACTOR ARGUMENTS...: one capture; the best of three, as everything else only adds.
measure() {
  local name=$1 factor=$2 round user system memory
  shift 2
  "$generator" "$@" --output "$work/capture.pcap" > "$work/truth.json"
  for round in 1 2 3; do
    /usr/bin/time -o "$work/time" -f '%U %S %M' "$binary" analyze --no-hash --jobs 1 --quiet --force \
      --output "json:$work/report.json" "$work/capture.pcap" > /dev/null
    tail -1 "$work/time"
  done | sort -k1,1n | head -1 > "$work/best"
  read -r user system memory < "$work/best"
  echo "$name $factor $(number packets) $(number flows) $user $system $memory" | tee -a /dev/stderr
  rm "$work/capture.pcap"
}

for mixture in big small; do
  for factor in 1 2 4 8; do
    measure "$mixture" "$factor" "$mixture" --scale "$(awk "BEGIN { print 0.03 * $factor }")"
  done
done > "$work/points"
# At least four packets a flow: more flows need a larger file.
for flows in ${FLOWS:-10000 40000 160000 640000 2000000 8000000}; do
  measure flows "$flows" small \
    --scale "$(awk "BEGIN { s = $flows * 4 / 5900000; print (s > 0.12 ? s : 0.12) }")" --flows "$flows"
done > "$work/flows"

echo "| mixture | packets | flows | CPU ns a packet | RSS MiB |"
echo "|---|---|---|---|---|"
cat "$work/points" "$work/flows" \
  | awk '{ printf "| %s | %d | %d | %.0f | %d |\n", $1, $3, $4, ($5 + $6) * 1e9 / $3, $7 / 1024 }'

# Three panels: CPU time a packet and memory against the factor, memory against the flows (all logarithmic in x).
awk '
  {
    name[NR] = $1
    y[1, NR] = ($5 + $6) * 1e9 / $3
    y[2, NR] = $7 / 1024
    if ($1 == "flows") {
      # Both axes by powers of ten.
      x[NR] = log($4) / log(10) - 4
      y[3, NR] = log($7 / 1024) / log(10)
    } else x[NR] = log($2) / log(2)
  }
  function panel(which, left, title,   i, top, px, py, step, line) {
    top = 0
    for (i = 1; i <= NR; i++) if (name[i] != "flows" && y[which, i] > top) top = y[which, i]
    printf "<text x=\"%d\" y=\"24\" font-weight=\"bold\">%s</text>\n", left, title
    for (step = 0; step <= 4; step++) {
      py = 260 - 52 * step
      printf "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%.0f</text>\n", left, py, left + 240, py, left - 6, py + 4, top * step / 4
    }
    for (i = 1; i <= NR; i++) {
      if (name[i] == "flows") continue
      px = left + x[i] * 80
      py = 260 - 208 * y[which, i] / top
      if (name[i] == name[i - 1]) line = line sprintf(" %.1f,%.1f", px, py)
      else line = sprintf("%.1f,%.1f", px, py)
      printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n", px, py, colour[name[i]]
      if (name[i] != name[i + 1]) {
        printf "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\"/>\n", line, colour[name[i]]
        printf "<text x=\"%.1f\" y=\"%.1f\" fill=\"%s\">%s</text>\n", px + 6, py + 4, colour[name[i]], name[i]
      }
    }
    for (step = 0; step <= 3; step++)
      printf "<text x=\"%d\" y=\"280\" text-anchor=\"middle\">%dx</text>\n", left + step * 80, 2 ^ step
  }
  # Flows from 10^4 to 10^7 against memory from 10^1 to 10^5 MiB: a straight line of slope one is wanted.
  function flowPanel(left,   i, step, py, px, line) {
    printf "<text x=\"%d\" y=\"24\" font-weight=\"bold\">Resident memory, MiB, against flows</text>\n", left
    for (step = 1; step <= 5; step++) {
      py = 260 - 52 * (step - 1)
      printf "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%d\" text-anchor=\"end\">%d</text>\n", left, py, left + 240, py, left - 6, py + 4, 10 ^ step
    }
    for (i = 1; i <= NR; i++) if (name[i] == "flows") {
      px = left + x[i] * 80
      py = 260 - 52 * (y[3, i] - 1)
      line = line sprintf(" %.1f,%.1f", px, py)
      printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>\n", px, py, colour["small"]
    }
    printf "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\"/>\n", line, colour["small"]
    for (step = 0; step <= 3; step++)
      printf "<text x=\"%d\" y=\"280\" text-anchor=\"middle\">10^%d</text>\n", left + step * 80, step + 4
  }
  END {
    colour["big"] = "#1f5fa8"
    colour["small"] = "#a8441f"
    print "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1080\" height=\"300\" font-family=\"sans-serif\" font-size=\"12\">"
    print "<rect width=\"1080\" height=\"300\" fill=\"white\"/>"
    panel(1, 50, "CPU, ns a packet")
    panel(2, 410, "Resident memory, MiB")
    flowPanel(770)
    print "</svg>"
  }' "$work/points" "$work/flows" > "$svg"
echo "drawn: $svg"
