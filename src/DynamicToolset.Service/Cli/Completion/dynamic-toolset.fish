# Completion of dynamic-toolset in fish 3.0 or later: dynamic-toolset completion fish | source
function __dynamic_toolset_ask
    set -l words (commandline -opc)
    set -l program dynamic-toolset
    string match -q '*/*' -- $words[1]
    and set program (string replace -r '^~/' "$HOME/" -- $words[1])
    set -l word (string replace -r '(^|=)["\']' '$1' -- (commandline -ct))
    set -g __dynamic_toolset_answer ($program __complete $words[2..-1] "$word" 2>/dev/null)
    # Where this is false no rule of ours holds, and fish completes files as it always does.
    not contains -- :files $__dynamic_toolset_answer
end
complete -c dynamic-toolset -n __dynamic_toolset_ask -f -a '$__dynamic_toolset_answer'
