# shellcheck shell=bash
# Words to people: progress, trouble, time.

say() { printf '%s\n' "$*"; }

warn() { printf '%s\n' "$*" >&2; }

# refuse WHAT [NEXT STEP...]: this machine or this call cannot do it.
refuse() {
  warn "testbed: $1"
  shift
  local line
  for line in "$@"; do warn "  $line"; done
  exit 2
}

# fail WHAT [LINE...]: it should have worked.
fail() {
  warn "testbed: $1"
  shift
  local line
  for line in "$@"; do warn "  $line"; done
  exit 1
}

now_ms() { printf '%s' $((${EPOCHREALTIME/./} / 1000)); }

seconds_since() {
  local ms=$(((${EPOCHREALTIME/./} - ${1/./}) / 1000))
  printf '%d.%d' $((ms / 1000)) $((ms % 1000 / 100))
}

begin() { STEP_BEGAN=$EPOCHREALTIME; }

# done_with WHAT [DETAIL]: one line per step, with the seconds since `begin`.
done_with() { printf '  %-26s %5s s  %s\n' "$1" "$(seconds_since "$STEP_BEGAN")" "${2:-}"; }

# Single quotes, so that both a shell and a ten-line reader in another language understand it.
quoted() { printf "'%s'" "${1//\'/\'\\\'\'}"; }
