# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0

# $1 tool, $2 the option that shows its version -> $tool (one or more words) and $version.
# Capabilities of the file that the container may not have make exec fail with EPERM (126; capabilities(7), "Safety checking
# for capability-dumb binaries"), although the tool would work without them: through the dynamic loader they do not count. A static binary
# has no loader; "@unrunnable TOOL" is printed.
find_tool() {
  tool=$(command -v "$1") || return 1
  version=$("$tool" "$2" 2>&1)
  [ $? -eq 126 ] || return 0
  for loader in /lib64/ld-linux-x86-64.so.2 /lib/ld-linux-aarch64.so.1 /lib/ld-musl-*.so.1 /lib*/ld-linux*.so.* /lib*/ld64.so.*; do
    [ -x "$loader" ] || continue
    version=$("$loader" "$tool" "$2" 2>&1) || continue
    tool="$loader $tool"
    return 0
  done
  echo "@unrunnable $1"
  return 1
}
