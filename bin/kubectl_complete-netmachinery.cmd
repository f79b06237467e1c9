@echo off
rem SPDX-License-Identifier: Apache-2.0
rem Asked by kubectl what may come next behind kubectl netmachinery. It ends well however the answer came about.
if exist "%~dp0kubectl-netmachinery.exe" (
  "%~dp0kubectl-netmachinery.exe" __complete %* 2>nul
) else (
  kubectl-netmachinery __complete %* 2>nul
)
exit /b 0
