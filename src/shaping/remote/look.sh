# shellcheck shell=sh
# SPDX-License-Identifier: Apache-2.0
#
# Prints the pod's network. It stands behind state.sh and network.sh.
need ip tc
show_network
echo @end
