#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# compare.sh LENSTRACE ROUNDS CAPTURE...: LensTrace beside every peer that is installed, as a Markdown table.
#
# Each round runs every tool once, one after the other, so that whatever else the machine does
# falls on all of them; the ratio is the median of the rounds' ratios. Ratios compare, seconds do not.
# TOOLS="lenstrace|tcpdump" leaves out those whose names do not match.
set -euo pipefail
binary=${1:?usage: compare.sh LENSTRACE ROUNDS CAPTURE...}
rounds=${2:?}
shift 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/flows"
[ -x /usr/bin/time ] || { echo "/usr/bin/time is not installed (apt-get install time)"; exit 2; }
# Reports of crashes would be part of the measurement.
export SWIFT_BACKTRACE=enable=no

# Name | command; FILE stands for the capture. The first one is what the others are compared with.
tools="lenstrace --jobs 1|$binary analyze --no-hash --jobs 1 --quiet --output json:$work/1.json --force FILE
lenstrace --jobs 2|$binary analyze --no-hash --jobs 2 --quiet --output json:$work/2.json --force FILE
lenstrace --jobs 2, hashing|$binary analyze --jobs 2 --quiet --output json:$work/3.json --force FILE
openssl sha256|openssl dgst -sha256 FILE
cat|cat FILE
tcpdump -w /dev/null|tcpdump -r FILE -w /dev/null
tcpdump --count|tcpdump -r FILE --count
capinfos -c -u -z|capinfos -c -u -z FILE
softflowd|softflowd -r FILE -d -m 2000000 -n 127.0.0.1:9
nfpcapd|nfpcapd -r FILE -w $work/flows
argus|argus -r FILE -w /dev/null
ndpiReader -q|ndpiReader -i FILE -q
tshark conv,udp conv,tcp|tshark -n -q -z conv,udp -z conv,tcp -r FILE"

for capture in "$@"; do
  while IFS='|' read -r name command; do
    command -v "${command%% *}" >/dev/null || continue
    [[ $name =~ ${TOOLS:-.} ]] || continue
    for ((round = 1; round <= rounds; round++)); do
      # The slow ones once: their ratios are far from any bound.
      case $name in tshark* | ndpi*) [ "$round" -eq 1 ] || continue ;; esac
      printf '%d|%s|%s\n' "$round" "$name" "${command//FILE/$capture}"
    done
  done <<< "$tools" | sort -s -t'|' -k1,1n > "$work/plan"
  : > "$work/times"
  while IFS='|' read -r round name command; do
    status=0
    # shellcheck disable=SC2086
    /usr/bin/time -o "$work/time" -f '%U %S %e %M' $command > /dev/null 2> "$work/errors" < /dev/null || status=$?
    [ "$status" -eq 0 ] || { echo "$name failed ($status):"; tail -3 "$work/errors"; continue; }
    printf '%s|%s|%s\n' "$round" "$name" "$(tail -1 "$work/time")" >> "$work/times"
  done < "$work/plan"
  printf '\n### %s (%s bytes)\n\n' "$(basename "$capture")" "$(stat -c %s "$capture")"
  awk -F'|' '
    function median(list, count,   i, j, value) {
      for (i = 2; i <= count; i++)
        for (j = i; j > 1 && list[j] < list[j - 1]; j--) { value = list[j]; list[j] = list[j - 1]; list[j - 1] = value }
      return count % 2 ? list[(count + 1) / 2] : (list[count / 2] + list[count / 2 + 1]) / 2
    }
    {
      split($3, field, " ")
      if (!($2 in runs)) order[++tools] = $2
      n = ++runs[$2]
      round[$2, n] = $1
      cpu[$2, n] = field[1] + field[2]
      wall[$2, n] = field[3]
      if (field[4] > memory[$2]) memory[$2] = field[4]
      of[$2, $1] = n
    }
    END {
      first = order[1]
      print "| tool | CPU s | wall s | RSS MiB | CPU / LensTrace | wall / LensTrace |"
      print "|---|---|---|---|---|---|"
      for (t = 1; t <= tools; t++) {
        name = order[t]
        for (n = 1; n <= runs[name]; n++) {
          own = of[first, round[name, n]]
          c[n] = cpu[name, n]
          w[n] = wall[name, n]
          rc[n] = cpu[name, n] / (cpu[first, own] > 0 ? cpu[first, own] : 0.01)
          rw[n] = wall[name, n] / (wall[first, own] > 0 ? wall[first, own] : 0.01)
        }
        printf "| %s | %.2f | %.2f | %d | %.2f | %.2f |\n", name, median(c, runs[name]), median(w, runs[name]), memory[name] / 1024, median(rc, runs[name]), median(rw, runs[name])
      }
    }' "$work/times"
  if [ -e "$work/1.json" ] && [ -e "$work/2.json" ]; then
    cmp "$work/1.json" "$work/2.json" && echo "Output with one thread and with two: the same bytes."
  fi
done
