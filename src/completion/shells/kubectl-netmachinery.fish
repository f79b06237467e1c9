# SPDX-License-Identifier: Apache-2.0
# fish completion for kubectl-netmachinery: kubectl-netmachinery completion fish | source

function __kubectl_netmachinery_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l answer ($before[1] __complete $before[2..-1] $current 2>/dev/null)
    string match -qr '^:[0-9]+$' -- "$answer[-1]"; or return 1
    set -l directive (string sub -s 2 -- $answer[-1])

    # Of --flag=VALUE only the value is answered; fish completes the whole word.
    set -l flag (string match -r -- '^-[^=]*=' "$current")
    if test (count $answer) -gt 1
        for line in $answer[1..-2]
            echo -- "$flag$line"
        end
        return
    end
    test (math "bitand($directive, 4)") -eq 0; or return
    set -l start (string sub -s (math (string length -- "$flag") + 1) -- "$current")
    if test (math "bitand($directive, 16)") -ne 0
        __fish_complete_directories "$start" | string replace -r '^' -- "$flag"
    else
        __fish_complete_path "$start" | string replace -r '^' -- "$flag"
    end
end

complete -c kubectl-netmachinery -e
complete -c kubectl-netmachinery -k -f -a '(__kubectl_netmachinery_complete)'
