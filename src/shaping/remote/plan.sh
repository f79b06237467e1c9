# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0

# Lines "PART REST" of standard input -> files of their names in folder $1.
split_plan() {
  while read -r part words; do printf '%s\n' "$words" >>"$1/$part" || return 1; done
}

# $1 folder, $2 token, $3 a plan (pack-plan.ts), empty where it was sent in pieces (stage.sh): its parts as files.
unpack() {
  mkdir -p "$1" || return 1
  for part in root links tc nft; do : >"$1/$part" || return 1; done
  if [ -n "$3" ]; then
    printf '%s\n' "$3" | split_plan "$1"
  else
    base64 -d <"$work/staged-$2" | gzip -dc | split_plan "$1"
    rm -f "$work/staged-$2"
  fi
  # It comes last.
  [ -s "$1/wanted-record" ]
}
