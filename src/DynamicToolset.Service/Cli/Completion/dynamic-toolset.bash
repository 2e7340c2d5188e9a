# Completion of dynamic-toolset in bash 4.4 or later: source <(dynamic-toolset completion bash)
_dynamic_toolset() {
    local program=dynamic-toolset head=${COMP_LINE:0:COMP_POINT} words=() gap piece word kept line i
    if [[ $3 == *[\<\>] ]]; then compopt -o default; return; fi
    # bash cuts words at = and : too. What has no blank between it is one word, and ends at the cursor.
    for ((i = 0; i <= COMP_CWORD; i++)); do
        gap=${head%%[![:blank:]]*} piece=${COMP_WORDS[i]}
        head=${head#"$gap"}
        [[ $head == "$piece"* ]] || piece=$head
        head=${head#"$piece"}
        if [[ -n $gap || i -eq 0 ]]; then words+=("$piece"); else words[-1]+=$piece; fi
    done
    # Only the end of the word is replaced: $2, before which there may be an open quote.
    kept=${words[-1]%"$2"}
    kept=${kept%[\"\']}
    word=$kept$2
    words[-1]=$word
    [[ ${words[0]} == */* ]] && program=${words[0]/#\~\//$HOME/}
    while IFS=$'\t' read -r line _; do
        if [[ $line == :files ]]; then
            compopt -o default
        elif [[ $line == "$word"* ]]; then
            COMPREPLY+=("${line#"$kept"}")
        fi
    done < <("$program" __complete "${words[@]:1}" 2> /dev/null)
}
complete -F _dynamic_toolset dynamic-toolset
