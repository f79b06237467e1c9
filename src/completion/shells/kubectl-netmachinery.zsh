#compdef kubectl-netmachinery
# SPDX-License-Identifier: Apache-2.0
# zsh completion for kubectl-netmachinery: source <(kubectl-netmachinery completion zsh), after compinit; or as
# _kubectl-netmachinery in a folder of $fpath.

_kubectl-netmachinery() {
  local -a asked answer described space
  local line word directive
  # Without the quotes of words that the user has quoted; nothing of the line is ever run.
  asked=("${(@Q)words[2,CURRENT-1]}" "${(Q)PREFIX}")
  answer=("${(@f)$("${(Q)words[1]/#\~\//$HOME/}" __complete "${asked[@]}" 2>/dev/null)}")
  [[ ${answer[-1]} == :<-> ]] || return 1
  directive=${answer[-1]#:}
  answer[-1]=()

  # Of --flag=VALUE only the value is answered.
  compset -P '-*='
  if (( $#answer == 0 )); then
    (( directive & 4 )) && return 1
    if (( directive & 16 )); then _files -/; else _files; fi
    return
  fi
  (( directive & 2 )) && space=(-S '')
  for line in "${answer[@]}"; do
    word=${${line%%$'\t'*}//:/\\:}
    [[ $line == *$'\t'* ]] && word+=":${line#*$'\t'}"
    described+=("$word")
  done
  _describe 'kubectl-netmachinery' described "${space[@]}"
}

if [[ ${funcstack[1]} == _kubectl-netmachinery ]]; then
  _kubectl-netmachinery "$@"
else
  compdef _kubectl-netmachinery kubectl-netmachinery
fi
