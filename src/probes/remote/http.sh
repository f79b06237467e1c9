# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# HTTP requests by curl, after blocks.sh. Arguments: yes|no (the leash) BYTES ANSWER_BYTES, then the blocks: BYTES of a body
# are read, and of those the first ANSWER_BYTES printed. The lines of a block: "t INDEX ATTEMPTS" a test, "b BASE64" the body
# that it sends, "c LINE" a line of its curl configuration, "g" its end. curl reads its configuration from standard input,
# and what it is sent from a pipe, so that no process list shows either. What is printed is described in http-parser.ts.
leash=$1 bytes=$2 answer_bytes=$3
shift 3

facts='%{stderr}@f code %{response_code}\n@f version %{http_version}\n@f ip %{remote_ip}\n@f name %{time_namelookup}\n'
facts=$facts'@f connect %{time_connect}\n@f tls %{time_appconnect}\n@f first %{time_starttransfer}\n@f total %{time_total}\n'
facts=$facts'@f connects %{num_connects}\n@f redirects %{num_redirects}\n@f location %{redirect_url}\n@f final %{url_effective}\n'
facts=$facts'@f bytes %{size_download}\n@f verify %{ssl_verify_result}\n@f error %{errormsg}\n%{certs}\n'

fetch() {
  printf '%s' "$config" | curl -q -s -v -K - -w "$facts" 2>&3
  printf '@f exit %s\n' "$?" >&3
}

# The body that comes, on standard input. What is not read any more makes curl end.
answer() {
  body=$(head -c "$bytes" | if [ "$answer_bytes" -gt 0 ]; then head -c "$answer_bytes" | base64; else cat >/dev/null; fi)
  for line in $body; do printf '@body %s %s %s\n' "$index" "$attempt" "$line"; done
}

# Of what curl says only the facts, what became of the connect and the first certificate: the rest holds the headers.
report() {
  certificate=
  while IFS= read -r line; do
    case $line in
      '@f '*) printf '@fact %s %s %s\n' "$index" "$attempt" "${line#@f }" ;;
      '* connect to '*' failed: '* | '* Immediate connect fail for '*)
        printf '@fact %s %s why %s\n' "$index" "$attempt" "${line##*: }"
        ;;
      '*   Trying '*)
        line=${line#'*   Trying '}
        printf '@fact %s %s tried %s\n' "$index" "$attempt" "${line%...}"
        ;;
      # The time of a connect stays 0 where no TLS follows. The latter are the words of curl 8.14.
      '* Connected to '* | '* Established connection to '*) printf '@fact %s %s connected yes\n' "$index" "$attempt" ;;
      '-----BEGIN CERTIFICATE-----') [ -n "$certificate" ] || certificate=reading ;;
      '-----END CERTIFICATE-----') certificate=seen ;;
      *) [ "$certificate" != reading ] || printf '@certificate %s %s %s\n' "$index" "$attempt" "$line" ;;
    esac
  done
}

request() {
  attempt=0
  while [ "$attempt" -lt "$attempts" ]; do
    attempt=$((attempt + 1))
    said=$({
      if [ -n "$sent" ]; then
        printf '%s' "$sent" | base64 -d | {
          exec 5<&0
          fetch
        }
      else
        fetch
      fi | answer 3>&- >&4
    } 3>&1)
    printf '%s\n' "$said" | report
  done
  echo "@done $index"
}

# shellcheck disable=SC2317 # called by blocks.sh
block() { # TEXT
  exec 4>&1
  printf '%s' "$1" | while IFS= read -r line; do
    rest=${line#? }
    # shellcheck disable=SC2154 # blocks.sh has the newline
    case $line in
      't '*) index=${rest% *} attempts=${rest#* } config='' sent='' ;;
      'b '*) sent=$rest ;;
      'c '*) config=$config$rest$newline ;;
      g) request ;;
    esac
  done
}

for tool in curl head base64; do
  if ! command -v "$tool" >/dev/null 2>&1; then
    echo "@missing $tool"
    exit 127
  fi
done
run_blocks "$leash" "$@"
