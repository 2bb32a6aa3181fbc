#compdef cluster
# Completion of the cluster command in zsh. In ~/.zshrc, after compinit: source <(cluster completion zsh)
_cluster() {
    local -a candidates
    candidates=("${(@f)$("${words[1]}" "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
    candidates=(${candidates:#})
    if (( ${#candidates} )); then
        compadd -a candidates
    else
        _files
    fi
}

compdef _cluster cluster
