#compdef dynamic-toolset
# Completion of dynamic-toolset in zsh, after compinit: source <(dynamic-toolset completion zsh)
_dynamic-toolset() {
    local program=dynamic-toolset line kept=
    local -a answer items
    [[ $words[1] == */* ]] && program=${words[1]/#\~\//$HOME/}
    answer=("${(@f)$("$program" __complete "${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2> /dev/null)}")
    # Only the value is completed, and listed.
    if [[ $PREFIX == -*=* ]]; then
        kept=${PREFIX%%=*}=
        compset -P 1 '*='
    fi
    [[ $answer[1] == :files ]] && { _files; return }
    for line in "${(@)answer:#}"; do
        items+=("${${line#$kept}/$'\t'/:}")
    done
    _describe dynamic-toolset items
}
if [[ $funcstack[1] == _dynamic-toolset ]]; then
    _dynamic-toolset "$@"
else
    compdef _dynamic-toolset dynamic-toolset
fi
