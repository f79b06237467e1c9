#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
#
# Records what the remote scripts of tcp, udp and tls, and the bare tools, really print, in two network namespaces of its
# own. Needs root, iproute2, nftables, util-linux, node, bash, nc (OpenBSD's), busybox, openssl, curl and tcpdump.
# Usage: record-connect.sh (writes beside itself, into tcp/, udp/ and tls/)
set -u
here=$(cd "$(dirname "$0")" && pwd)
remote=$here/../../../../src/probes/remote
near=nmrecord-near far=nmrecord-far
work=$(mktemp -d)
servers=()
clean_up() {
  ((${#servers[@]} == 0)) || kill "${servers[@]}" 2>/dev/null
  wait 2>/dev/null
  ip netns del "$near" 2>/dev/null
  ip netns del "$far" 2>/dev/null
  rm -rf "$work"
}
trap clean_up EXIT

ip netns add "$near" && ip netns add "$far" || exit 1
ip link add nmrecord0 netns "$near" type veth peer name nmrecord0 netns "$far"
for namespace in "$near" "$far"; do
  ip -n "$namespace" link set lo up
  ip -n "$namespace" link set nmrecord0 up
done
ip -n "$near" addr add 198.18.244.1/24 dev nmrecord0
ip -n "$near" addr add 2001:2:244::1/64 dev nmrecord0 nodad
ip -n "$far" addr add 198.18.244.2/24 dev nmrecord0
ip -n "$far" addr add 2001:2:244::2/64 dev nmrecord0 nodad

# 8080 open, 8081 closed, 8082 silent, 8083 prohibited, 8084 lets every other source port through, 8085 greets, 8443 TLS;
# 9000 answers, 9001 closed, 9002 silent, 9003 prohibited, 9004 answers every other datagram, 53 answers as a DNS server.
ip netns exec "$far" nft -f - <<'RULES'
table inet netmachinery_record {
  chain input {
    type filter hook input priority 0;
    tcp dport 8082 drop
    tcp dport 8083 reject with icmpx type admin-prohibited
    tcp dport 8084 tcp sport & 2 == 2 drop
    udp dport 9002 drop
    udp dport 9003 reject with icmpx type admin-prohibited
  }
}
RULES
cat >"$work/servers.mjs" <<'PROGRAM'
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
const [certificate, key] = process.argv.slice(2).map((file) => readFileSync(file));
createTlsServer({ cert: certificate, key }, (socket) => socket.on('error', () => {}).resume())
  .on('tlsClientError', () => {})
  .listen(8443, '::');
createServer((socket) => socket.on('error', () => {}).end('220 this is no TLS\n')).listen(8085, '::');
for (const port of [8080, 8084]) createServer((socket) => socket.on('error', () => {}).resume()).listen(port, '::');
for (const [type, address] of [['udp4', '198.18.244.2'], ['udp6', '2001:2:244::2']]) {
  for (const port of [53, 9000, 9004]) {
    let received = 0;
    const socket = createSocket({ type, ipv6Only: type === 'udp6' }, (datagram, from) => {
      received += 1;
      if (port === 9004 && received % 2 === 1) return;
      // As a DNS server: the query with the response bit and NXDOMAIN.
      if (port === 53) datagram.writeUInt16BE(0x8583, 2);
      socket.send(datagram, from.port, from.address);
    });
    socket.bind(port, address);
  }
}
PROGRAM
openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/key.pem" -out "$work/certificate.pem" -days 3650 \
  -subj '/O=netmachinery/CN=web.shop.svc' -addext 'subjectAltName=DNS:web.shop.svc' 2>/dev/null
ip netns exec "$far" node "$work/servers.mjs" "$work/certificate.pem" "$work/key.pem" &
servers+=("$!")
sleep 2

# As in a tool container: no user, no capability, nothing of this environment.
as_pod() {
  ip netns exec "$near" setpriv --reuid 65534 --regid 65534 --clear-groups --bounding-set -all --inh-caps -all \
    --no-new-privs env -i PATH="$PATH" "$@"
}
script() { # NAME ARGUMENT...
  as_pod sh -c "$(cat "$remote/$1.sh")" netmachinery "$(cat "$remote/$1.bash.sh")" "${@:2}"
}
only() { # DIRECTORY TOOL...: a PATH with nothing else
  local tool
  mkdir -p "$work/$1"
  for tool in "${@:2}"; do ln -sf "$(command -v "$tool")" "$work/$1/$tool"; done
  chmod 755 "$work" "$work/$1"
}

# ---- TCP ----
tcp=(0 4 198.18.244.2 - 8080 1 4 198.18.244.2 - 8081 2 4 198.18.244.2 - 8082 3 4 198.18.244.2 - 8083
  4 4 198.18.244.99 - 8080 5 4 198.19.244.1 - 8080 6 6 2001:2:244::2 - 8080 7 6 2001:2:244::2 - 8081
  8 6 2001:2:244::2 - 8083 9 6 2001:2:244::99 - 8080 10 4 - localhost 8080 11 6 - no-such-name.invalid 8080)
script tcp-connect 3500 3 no "${tcp[@]}" >"$here/tcp/bash.txt"
# Six attempts, so that both kinds of source ports are among them.
script tcp-connect 1500 6 no 0 4 198.18.244.2 - 8084 >"$here/tcp/bash-some.txt"
script tcp-connect 1000 3 yes 0 4 198.18.244.2 - 8082 </dev/null >"$here/tcp/bash-leash.txt"
fallback=$(cat "$remote/tcp-connect.sh")
only openbsd sh nc getent sleep grep head
as_pod env PATH="$work/openbsd" sh -c "$fallback" netmachinery '' 3500 3 no "${tcp[@]}" >"$here/tcp/nc-openbsd.txt"
only busybox getent
for tool in sh nc sleep grep head true; do ln -sf "$(command -v busybox)" "$work/busybox/$tool"; done
as_pod env PATH="$work/busybox" sh -c "$fallback" netmachinery '' 3500 3 no "${tcp[@]}" >"$here/tcp/nc-busybox.txt"
only nothing sh
as_pod env PATH="$work/nothing" sh -c "$fallback" netmachinery '' 3500 3 no "${tcp[@]}" >"$here/tcp/no-tool.txt"

# CASE<tab>EXIT CODE<tab>the first line that the bare tool prints
bare() { # CASE COMMAND...
  local said code
  said=$(as_pod "${@:2}" </dev/null 2>&1)
  code=$?
  printf '%s\t%s\t%s\n' "$1" "$code" "${said%%$'\n'*}"
}
cases() { # COMMAND..., with the address and the port as its last arguments
  bare Connected "$@" 198.18.244.2 8080
  bare Refused "$@" 198.18.244.2 8081
  bare HostUnreachable "$@" 198.18.244.2 8083
  bare NetworkUnreachable "$@" 198.19.244.1 8080
  bare Refused "$@" 2001:2:244::2 8081
  bare Prohibited "$@" 2001:2:244::2 8083
}
# shellcheck disable=SC2016 # expanded by the inner shell
cases bash -c 'exec 3<>"/dev/tcp/$0/$1"' >"$here/tcp/tool-bash.txt"
cases nc -n -v -z -w 4 >"$here/tcp/tool-nc-openbsd.txt"
cases busybox nc -w 4 >"$here/tcp/tool-nc-busybox.txt"

# ---- UDP ----
payload='\x00\x0a\x25\x5c\x0a\xff'
dns='\x6e\x6d\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x01'
script udp-exchange 1500 3 no 0 4 198.18.244.2 - 9000 "$payload" 1 4 198.18.244.2 - 9001 "$payload" \
  2 4 198.18.244.2 - 9002 "$payload" 3 4 198.18.244.2 - 9003 "$payload" 4 4 198.18.244.99 - 9000 "$payload" \
  5 4 198.19.244.1 - 9000 "$payload" 6 6 2001:2:244::2 - 9000 "$payload" 7 6 2001:2:244::2 - 9001 "$payload" \
  8 6 2001:2:244::2 - 9003 "$payload" 9 4 198.18.244.2 - 9004 "$payload" 10 4 198.18.244.2 - 53 "$dns" \
  11 6 - no-such-name.invalid 9000 "$payload" >"$here/udp/bash.txt"
script udp-exchange 1000 3 yes 0 4 198.18.244.2 - 9002 "$payload" </dev/null >"$here/udp/bash-leash.txt"
as_pod env PATH="$work/nothing" sh -c "$(cat "$remote/udp-exchange.sh")" netmachinery '' 1000 3 no >"$here/udp/no-tool.txt"
ip netns exec "$far" cat /proc/net/snmp /proc/net/snmp6 >"$here/udp/counters.txt"
capture() { # SECONDS TOKEN...
  ip netns exec "$far" setpriv --bounding-set -all,+net_raw,+setgid --inh-caps -all --no-new-privs \
    sh -c "$(cat "$remote"/{find-tool,udp-capture}.sh)" netmachinery "$1" no 'udp and (dst port 9002)' "${@:2}"
}
token=netmachinery-0123456789abcdef
capture 4 "$token" netmachinery-never-sent >"$here/udp/capture.txt" &
capturing=$!
sleep 1
script udp-exchange 500 1 no 0 4 198.18.244.2 - 9002 "$(printf %s "$token" | od -An -v -tx1 | sed 's/ /\\x/g' | tr -d '\n')" \
  >/dev/null
wait "$capturing"
as_pod sh -c "$(cat "$remote"/{find-tool,udp-capture}.sh)" netmachinery 2 no udp "$token" >"$here/udp/capture-not-permitted.txt"

# ---- TLS ----
script tls-handshake 1500 no 0 198.18.244.2 8443 - 1 198.18.244.2 8443 web.shop.svc 2 198.18.244.2 8443 other.example \
  3 '[2001:2:244::2]' 8443 - 4 198.18.244.2 8080 - 5 198.18.244.2 8081 - 6 198.18.244.2 8085 - >"$here/tls/bash.txt"
# A trusted certificate: the same one as its own CA bundle.
cp "$work/certificate.pem" "$work/bundle.pem" && chmod 644 "$work/bundle.pem"
as_pod env SSL_CERT_FILE="$work/bundle.pem" sh -c "$(cat "$remote/tls-handshake.sh")" netmachinery \
  "$(cat "$remote/tls-handshake.bash.sh")" 1500 no 0 198.18.244.2 8443 web.shop.svc >"$here/tls/bash-trusted.txt"
as_pod env PATH="$work/nothing" sh -c "$(cat "$remote/tls-handshake.sh")" netmachinery '' 1000 no >"$here/tls/no-tool.txt"
as_pod openssl s_client -state -connect 198.18.244.2:8443 </dev/null >"$here/tls/tool-openssl.txt" 2>&1
as_pod curl -sS -o /dev/null -k --max-time 1 -w '%{time_connect} %{time_appconnect} %{ssl_verify_result}\n%{certs}' \
  https://198.18.244.2:8443/ >"$here/tls/tool-curl.txt" 2>&1
