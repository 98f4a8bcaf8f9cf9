# Read by the scripts, not run: what they need of the machine.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# Build servers outlive a script and hold its output open.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0

require_sdk() {
  if ! command -v dotnet >/dev/null; then
    echo "$(basename "$0"): the .NET 10 SDK is needed, and there is no dotnet in PATH. See https://dot.net/download" >&2
    exit 1
  fi
  if ! dotnet --list-sdks | grep -q '^10\.'; then
    echo "$(basename "$0"): the .NET 10 SDK is needed; dotnet --list-sdks names no 10.x. See https://dot.net/download" >&2
    exit 1
  fi
}
