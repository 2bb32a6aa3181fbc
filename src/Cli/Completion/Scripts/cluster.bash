# Completion of the cluster command in bash. In ~/.bashrc: source <(cluster completion bash)
_cluster() {
    local word=${COMP_WORDS[COMP_CWORD]} candidate
    COMPREPLY=()
    while IFS= read -r candidate; do
        if [[ $candidate == "$word"* ]]; then
            COMPREPLY+=("$candidate")
        fi
    done < <("${COMP_WORDS[0]}" "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
}

# Where nothing fits, names of files do.
complete -o bashdefault -o default -F _cluster cluster
