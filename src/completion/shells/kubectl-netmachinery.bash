# SPDX-License-Identifier: Apache-2.0
# bash completion for kubectl-netmachinery: source <(kubectl-netmachinery completion bash)

_kubectl_netmachinery() {
  COMPREPLY=()
  # Words as they are meant: bash takes them apart at : and =.
  local line=${COMP_LINE:0:COMP_POINT} blank piece
  local -a words=()
  for piece in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
    blank=${line%%[![:space:]]*}
    line=${line:${#blank}}
    [[ ${line:0:${#piece}} == "$piece" ]] || piece=$line
    line=${line:${#piece}}
    if [[ ${#words[@]} -eq 0 || -n $blank ]]; then
      words+=("$piece")
    else
      words[${#words[@]} - 1]+=$piece
    fi
  done
  local current=${words[${#words[@]} - 1]}

  # Without quotes around words that the user has quoted; nothing of the line is ever run.
  local -a asked=()
  for piece in "${words[@]:1}"; do
    [[ ${#piece} -gt 1 && $piece == \'*\' || ${#piece} -gt 1 && $piece == \"*\" ]] && piece=${piece:1:${#piece}-2}
    asked+=("$piece")
  done
  local -a answer=()
  while IFS= read -r piece; do answer+=("$piece"); done < <("${words[0]/#\~/$HOME}" __complete "${asked[@]}" 2>/dev/null)
  [[ ${#answer[@]} -gt 0 ]] || return 0
  local directive=${answer[${#answer[@]} - 1]#:}
  [[ $directive =~ ^[0-9]+$ ]] || return 0

  # Of --flag=VALUE only the value is answered, and completed.
  if [[ $current == -*=* ]]; then current=${current#*=}; fi
  if ((${#answer[@]} == 1 && (directive & 4) == 0)); then
    local -a kinds=(-f)
    ((directive & 16)) && kinds=(-d)
    while IFS= read -r piece; do COMPREPLY+=("$piece"); done < <(compgen "${kinds[@]}" -- "$current")
    type compopt >/dev/null 2>&1 && compopt -o filenames 2>/dev/null
    return 0
  fi
  ((directive & 2)) && type compopt >/dev/null 2>&1 && compopt -o nospace 2>/dev/null

  # What stands before the last : or = of the word is not replaced by bash.
  local kept=
  [[ $COMP_WORDBREAKS == *:* && $current == *:* ]] && kept=${current%"${current##*:}"}
  [[ $COMP_WORDBREAKS == *=* && ${current#"$kept"} == *=* ]] && kept=${current%"${current##*=}"}

  # Only a list that is shown (?, two TABs) has descriptions: a word is what is inserted.
  local width=0 word description
  local -a found=()
  for piece in "${answer[@]:0:${#answer[@]}-1}"; do
    word=${piece%%$'\t'*}
    [[ $word == "$current"* ]] || continue
    found+=("$piece")
    ((${#word} > width)) && width=${#word}
  done
  for piece in ${found[@]+"${found[@]}"}; do
    word=${piece%%$'\t'*}
    description=${piece#"$word"}
    description=${description#$'\t'}
    word=${word#"$kept"}
    if [[ ${#found[@]} -gt 1 && -n $description && $COMP_TYPE == 63 ]]; then
      printf -v word "%-$((width - ${#kept}))s  (%s)" "$word" "$description"
      ((${#word} > ${COLUMNS:-80} - 1)) && word="${word:0:${COLUMNS:-80} - 5}...)"
    fi
    COMPREPLY+=("$word")
  done
}

complete -F _kubectl_netmachinery kubectl-netmachinery
