#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Makes the sample captures: real programs talk to each other in network namespaces, and tcpdump
# listens at the router's inner port, where a mirror port would be.
#
#   sudo Samples/make-samples.sh [camera-abroad] [rtsp-lan] [ordinary] [mpegts-abroad]
#
# Addresses are private (192.168.64.0/24, fd00:64::/64) or set aside for documentation (RFC 5737,
# RFC 3849). Nothing leaves the machine. Needs root and Debian or Ubuntu; takes about two minutes.
# Bytes differ from run to run (clocks, ports, keys); sizes, streams and verdicts do not.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
bridge=lt-router
started=()
name_server=

packages=(ffmpeg gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good
  gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly gir1.2-gst-rtsp-server-1.0 python3-gi
  tcpdump tshark iproute2 ethtool curl openssl dnsmasq-base nginx-light chrony socat)
if ! dpkg -s "${packages[@]}" >/dev/null 2>&1; then
  apt-get update
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}"
fi

# Only what this script began is ended.
stop_all() {
  local process
  for process in "${started[@]}"; do kill "$process" 2>/dev/null || true; done
  for process in "${started[@]}"; do wait "$process" 2>/dev/null || true; done
  started=()
}

names=()
clean() {
  local name
  stop_all
  [ -z "$name_server" ] || kill "$name_server" 2>/dev/null || true
  for name in "${names[@]}"; do
    ip netns del "$name" 2>/dev/null || true
    rm -rf "/etc/netns/$name"
  done
  ${KEEP_LOG:+cp "$work/log" "$KEEP_LOG"}; rm -rf "$work"
}
trap clean EXIT

inside() { ip netns exec "$@"; }

# Without a shell between, so that the number is that of the program.
in_background() {
  ip netns exec "$@" >>"$work/log" 2>&1 </dev/null &
  started+=($!)
}

offload_off() {
  inside "$1" ethtool -K "$2" tx off tso off gso off gro off >/dev/null 2>&1 || true
}

new_namespace() {
  names+=("$1")
  ip netns add "$1"
  inside "$1" ip link set lo up
  mkdir -p "/etc/netns/$1"
  echo "nameserver 192.168.64.1" >"/etc/netns/$1/resolv.conf"
}

# host NAME LAST-OCTET MAC: a device on the inner network.
host() {
  local name=$1 number=$2 mac=$3
  new_namespace "$name"
  ip -n "$bridge" link add "p$number" type veth peer name eth0 netns "$name"
  ip -n "$name" link set eth0 address "$mac"
  offload_off "$name" eth0
  offload_off "$bridge" "p$number"
  ip -n "$bridge" link set "p$number" master lan up
  ip -n "$name" link set eth0 up
  ip -n "$name" addr add "192.168.64.$number/24" dev eth0
  ip -n "$name" -6 addr add "fd00:64::$number/64" dev eth0 nodad
  ip -n "$name" route add default via 192.168.64.1
  ip -n "$name" -6 route add default via fd00:64::1
}

build_network() {
  new_namespace "$bridge"
  inside "$bridge" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
  ip -n "$bridge" link add lan type bridge
  ip -n "$bridge" link set lan address 52:54:00:64:00:01
  ip -n "$bridge" link set lan up
  ip -n "$bridge" addr add 192.168.64.1/24 dev lan
  ip -n "$bridge" -6 addr add fd00:64::1/64 dev lan nodad
  offload_off "$bridge" lan

  # All that lies outside is one namespace with many addresses.
  new_namespace lt-outside
  ip -n "$bridge" link add wan type veth peer name eth0 netns lt-outside
  offload_off "$bridge" wan
  offload_off lt-outside eth0
  ip -n "$bridge" link set wan up
  ip -n lt-outside link set eth0 up
  ip -n "$bridge" addr add 192.0.2.1/30 dev wan
  ip -n lt-outside addr add 192.0.2.2/30 dev eth0
  ip -n "$bridge" -6 addr add 2001:db8::1/126 dev wan nodad
  ip -n lt-outside -6 addr add 2001:db8::2/126 dev eth0 nodad
  local address
  for address in 192.0.2.80 192.0.2.123 198.51.100.23 198.51.100.60 198.51.100.80 203.0.113.77 \
    203.0.113.90 203.0.113.140; do
    ip -n lt-outside addr add "$address/32" dev lo
  done
  ip -n lt-outside -6 addr add 2001:db8:aaaa::99/128 dev lo nodad
  # Who speaks to the camera from outside is not who speaks to the telephones.
  ip -n lt-outside route add 192.168.64.0/24 via 192.0.2.1 src 198.51.100.23
  for address in 192.168.64.50 192.168.64.60; do
    ip -n lt-outside route add "$address/32" via 192.0.2.1 src 198.51.100.60
  done
  ip -n lt-outside -6 route add fd00:64::/64 via 2001:db8::1
  for address in 192.0.2.0/24 198.51.100.0/24 203.0.113.0/24; do
    ip -n "$bridge" route add "$address" via 192.0.2.2
  done
  ip -n "$bridge" -6 route add 2001:db8::/32 via 2001:db8::2
  # A path of some length, where the kernel can make one.
  inside lt-outside tc qdisc add dev eth0 root netem delay 20ms 2>/dev/null || true

  in_background "$bridge" dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts \
    --listen-address=192.168.64.1 --bind-interfaces --local=/example/ --user=root --pid-file= \
    --host-record=media.abroad.example,203.0.113.77 \
    --host-record=relay.abroad.example,2001:db8:aaaa::99 \
    --host-record=ingest.abroad.example,203.0.113.90 \
    --host-record=backup.example,203.0.113.140 \
    --host-record=www.shop.example,198.51.100.80 \
    --host-record=api.camera-cloud.example,192.0.2.80 \
    --host-record=time.example,192.0.2.123 \
    --host-record=voice.example,198.51.100.60
}

# capture NAME: tcpdump at the router's inner port, nanoseconds, until `stored NAME`.
capture() {
  ip netns exec "$bridge" tcpdump -i lan -s 0 -B 8192 --time-stamp-precision=nano -Z root -U \
    -w "$work/$1.pcap" 2>"$work/tcpdump.log" &
  capture_process=$!
  until grep -q listening "$work/tcpdump.log" 2>/dev/null; do sleep 0.1; done
}

stored() {
  sleep 0.5
  kill -INT "$capture_process"
  wait "$capture_process" || true
  # Two processors write to the socket, so a few records stand in the wrong place.
  reordercap "$work/$1.pcap" "$work/$1.ordered" >>"$work/log"
  case $2 in
  pcap) editcap -F nsecpcap "$work/$1.ordered" "$here/$1.pcap" ;;
  pcapng) editcap -F pcapng "$work/$1.ordered" "$here/$1.pcapng" ;;
  esac
  stop_all
  ls -l "$here/$1.$2"
}

# film NAME SECONDS ENCODER BITS-PER-SECOND: a moving scene with sensor noise, 640x360 at 25
# frames a second, a key frame every 50, encoded before it is sent.
film() {
  local parameters
  case $3 in
  libx264) parameters=(-profile:v main -x264-params "sliced-threads=0:scenecut=0") ;;
  libx265) parameters=(-x265-params "log-level=error:scenecut=0:open-gop=0:repeat-headers=1") ;;
  esac
  ffmpeg -loglevel error -y -f lavfi \
    -i "testsrc2=size=640x360:rate=25,noise=alls=6:allf=t,format=yuv420p" -t "$2" -c:v "$3" \
    -preset veryfast -b:v "$4" -maxrate "$4" -bufsize "$4" -g 50 -keyint_min 50 -bf 0 \
    "${parameters[@]}" -f mpegts "$work/$1.ts"
}

send() { # NAMESPACE FILE FORMAT URL
  inside "$1" ffmpeg -loglevel error -nostdin -re -i "$work/$2.ts" -map 0:v -c copy -f "$3" "$4" \
    >"$work/$2.sdp" 2>>"$work/log"
}

# sink 4|6 PORT: outside, so that no ICMP comes back.
sink() { in_background lt-outside socat -u "UDP${1}-RECV:$2" OPEN:/dev/null; }

# What a camera makes while it is asked, in gst-launch notation.
live_scene="videotestsrc is-live=true pattern=ball ! timeoverlay"
live_scene+=" ! video/x-raw,format=I420,width=640,height=360,framerate=25/1"
live_h264="$live_scene ! x264enc tune=zerolatency speed-preset=veryfast bitrate=250"
live_h264+=" key-int-max=50 sliced-threads=false ! video/x-h264,profile=main"
live_h264+=" ! rtph264pay name=pay0 pt=96 config-interval=-1"
live_h265="$live_scene ! x265enc tune=zerolatency speed-preset=superfast bitrate=200"
live_h265+=" key-int-max=50 ! rtph265pay name=pay0 pt=96 config-interval=-1"
live_audio="audiotestsrc is-live=true wave=ticks samplesperbuffer=320"
live_audio+=" ! audio/x-raw,rate=8000,channels=1 ! alawenc ! rtppcmapay name=pay1 pt=8"

camera_abroad() {
  host lt-camera-1 21 44:19:b6:64:00:21
  host lt-camera-2 22 08:ed:ed:64:00:22
  host lt-camera-3 23 48:ea:63:64:00:23
  film push-h264 24 libx264 350k
  film push-h265 24 libx265 220k
  sink 4 5004
  sink 4 5005
  sink 6 6004
  sink 6 6005
  in_background lt-camera-2 "$here/rtsp-camera.py" 554 /live "$live_h264"
  sleep 2
  capture camera-abroad
  send lt-camera-1 push-h264 rtp "rtp://media.abroad.example:5004?pkt_size=1400" &
  local first=$!
  sleep 1
  send lt-camera-3 push-h265 rtp "rtp://relay.abroad.example:6004?pkt_size=1400" &
  local second=$!
  sleep 1
  inside lt-outside ffmpeg -loglevel error -nostdin -rtsp_transport tcp \
    -i rtsp://192.168.64.22:554/live -t 20 -c copy -f null - >>"$work/log" 2>&1
  wait "$first" "$second"
  stored camera-abroad pcapng
}

rtsp_lan() {
  host lt-recorder 10 00:0c:29:64:00:10
  host lt-camera-4 24 ec:71:db:64:00:24
  host lt-camera-5 25 00:40:8c:64:00:25
  in_background lt-camera-4 "$here/rtsp-camera.py" 554 /h264 "$live_h264 $live_audio"
  in_background lt-camera-5 "$here/rtsp-camera.py" 554 /h265 "$live_h265"
  sleep 2
  capture rtsp-lan
  inside lt-recorder ffmpeg -loglevel error -nostdin -rtsp_transport udp \
    -i rtsp://192.168.64.25:554/h265 -t 10 -c copy -f null - >>"$work/log" 2>&1 &
  local first=$!
  inside lt-recorder ffmpeg -loglevel error -nostdin -rtsp_transport tcp \
    -i rtsp://192.168.64.24:554/h264 -t 15 -c copy -f null - >>"$work/log" 2>&1
  wait "$first"
  stored rtsp-lan pcap
}

web_server() {
  mkdir -p "$work/site/shop" "$work/site/backup" "$work/site/cloud" "$work/temporary"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=example \
    -addext "subjectAltName=DNS:www.shop.example,DNS:backup.example,DNS:api.camera-cloud.example" \
    -keyout "$work/key.pem" -out "$work/certificate.pem" 2>/dev/null
  head -c 24000 /dev/urandom | base64 >"$work/site/shop/index.html"
  head -c 240000 /dev/urandom >"$work/site/shop/catalogue.pdf"
  echo '{"state":"ok"}' >"$work/site/cloud/status"
  cat >"$work/nginx.conf" <<CONFIG
user root; daemon off; pid $work/nginx.pid; error_log $work/nginx.log;
events {}
http {
  access_log off; client_max_body_size 4m; client_body_temp_path $work/temporary;
  proxy_temp_path $work/temporary/p; fastcgi_temp_path $work/temporary/f;
  uwsgi_temp_path $work/temporary/u; scgi_temp_path $work/temporary/s;
  server {
    listen 80; listen 443 ssl;
    ssl_certificate $work/certificate.pem; ssl_certificate_key $work/key.pem;
    server_name www.shop.example; root $work/site/shop;
  }
  server {
    listen 443 ssl; server_name backup.example; root $work/site/backup; dav_methods PUT;
    ssl_certificate $work/certificate.pem; ssl_certificate_key $work/key.pem;
  }
  server {
    listen 443 ssl; server_name api.camera-cloud.example; root $work/site/cloud;
    ssl_certificate $work/certificate.pem; ssl_certificate_key $work/key.pem;
  }
}
CONFIG
  in_background lt-outside nginx -c "$work/nginx.conf"
}

ordinary() {
  host lt-desktop 50 3c:22:fb:64:00:50
  host lt-telephone 60 00:04:f2:64:00:60
  host lt-camera-6 26 58:8f:cf:64:00:26
  web_server
  in_background lt-outside chronyd -d -x -f /dev/null "local stratum 8" "allow all" \
    "pidfile $work/chronyd.pid" "cmdport 0" "bindcmdaddress /"
  head -c 950000 /dev/urandom >"$work/photos.zip"
  sleep 2
  capture ordinary

  # Two calls while the rest goes on: G.711 and Opus, both ways, 20 ms a packet.
  local calls=() end
  for end in "lt-telephone voice.example" "lt-outside 192.168.64.60"; do
    set -- $end
    inside "$1" gst-launch-1.0 -q audiotestsrc is-live=true wave=pink-noise num-buffers=550 \
      samplesperbuffer=160 ! audio/x-raw,rate=8000,channels=1 ! mulawenc ! rtppcmupay \
      ! udpsink host="$2" port=4000 bind-port=4000 >>"$work/log" 2>&1 &
    calls+=($!)
  done
  for end in "lt-desktop 198.51.100.60" "lt-outside 192.168.64.50"; do
    set -- $end
    inside "$1" gst-launch-1.0 -q audiotestsrc is-live=true wave=pink-noise num-buffers=500 \
      samplesperbuffer=960 ! audio/x-raw,rate=48000,channels=1 ! opusenc bitrate=24000 \
      ! rtpopuspay pt=111 ! udpsink host="$2" port=4002 bind-port=4002 >>"$work/log" 2>&1 &
    calls+=($!)
  done

  local fetch=(curl --silent --show-error --insecure --output /dev/null)
  inside lt-camera-6 chronyd -Q -t 6 -f /dev/null "server time.example iburst maxsamples 2" \
    "pidfile $work/client.pid" "cmdport 0" >>"$work/log" 2>&1 || true
  inside lt-camera-6 "${fetch[@]}" https://api.camera-cloud.example/status
  inside lt-desktop "${fetch[@]}" http://www.shop.example/
  inside lt-desktop "${fetch[@]}" https://www.shop.example/
  sleep 1
  inside lt-desktop "${fetch[@]}" https://www.shop.example/catalogue.pdf
  sleep 1
  inside lt-desktop "${fetch[@]}" --upload-file "$work/photos.zip" https://backup.example/photos.zip
  inside lt-desktop getent ahosts voice.example >/dev/null
  inside lt-camera-6 "${fetch[@]}" https://api.camera-cloud.example/status
  wait "${calls[@]}"
  stored ordinary pcapng
}

mpegts_abroad() {
  host lt-camera-7 27 04:03:12:64:00:27
  film transport 12 libx264 260k
  sink 4 1234
  sleep 1
  capture mpegts-abroad
  send lt-camera-7 transport mpegts "udp://ingest.abroad.example:1234?pkt_size=1316"
  stored mpegts-abroad pcap
}

build_network
name_server=${started[0]}
started=()
for sample in "${@:-all}"; do
  case $sample in
  camera-abroad) camera_abroad ;;
  rtsp-lan) rtsp_lan ;;
  ordinary) ordinary ;;
  mpegts-abroad) mpegts_abroad ;;
  all)
    camera_abroad
    rtsp_lan
    ordinary
    mpegts_abroad
    ;;
  *) echo "unknown sample: $sample" >&2 && exit 64 ;;
  esac
done
