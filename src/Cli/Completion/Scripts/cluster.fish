# Completion of the cluster command in fish. In ~/.config/fish/config.fish: cluster completion fish | source
function __cluster_complete
    set -l line (commandline -cp)
    cluster "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
end

complete -c cluster -a "(__cluster_complete)"
