# SPDX-License-Identifier: Apache-2.0
# PowerShell completion for kubectl-netmachinery: kubectl-netmachinery completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName 'kubectl-netmachinery', 'kubectl-netmachinery.exe' -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)

  # Words before the cursor as they were typed, and the one that is to be completed, which may be empty.
  $before = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object {
      if ($_ -is [System.Management.Automation.Language.StringConstantExpressionAst]) { $_.Value } else { $_.Extent.Text }
    })
  $last = $commandAst.CommandElements | Where-Object {
    $_.Extent.StartOffset -lt $cursorPosition -and $_.Extent.EndOffset -ge $cursorPosition
  } | Select-Object -Last 1
  $current = ''
  if ($last) { $current = $last.Extent.Text.Substring(0, $cursorPosition - $last.Extent.StartOffset) }
  if ($before.Count -eq 0) { return }

  $program = $before[0]
  $words = @('__complete') + @($before | Select-Object -Skip 1) + @($current)
  # Until PowerShell 7.3 an empty word is not handed over unless it is quoted.
  if ($PSVersionTable.PSVersion -lt [version]'7.3' -or $PSNativeCommandArgumentPassing -eq 'Legacy') {
    $words = @($words | ForEach-Object { if ($_ -eq '') { '""' } else { $_ } })
  }
  $answer = @(& $program @words 2>$null)
  if ($answer.Count -eq 0 -or $answer[-1] -notmatch '^:\d+$') { return }
  $directive = [int]$answer[-1].Substring(1)
  $space = if ($directive -band 2) { '' } else { ' ' }

  # Of --flag=VALUE only the value is answered; PowerShell completes the whole word.
  $flag = if ($current -match '^(-[^=]*=)') { $Matches[1] } else { '' }
  if ($answer.Count -eq 1) {
    if ($directive -band 4) { '' }
    return
  }
  $answer[0..($answer.Count - 2)] | ForEach-Object {
    $word, $description = $_ -split "`t", 2
    if (-not $description) { $description = $word }
    [System.Management.Automation.CompletionResult]::new("$flag$word$space", $word, 'ParameterValue', $description)
  }
}
