# Completion of the cluster command in PowerShell. In $PROFILE: cluster completion pwsh | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName cluster -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    cluster "[suggest:$cursorPosition]" "$commandAst" 2>$null |
        Where-Object { $_ -like "$wordToComplete*" } |
        ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
}
