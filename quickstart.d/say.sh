# shellcheck shell=bash
# Words to people. One glyph per kind of line; colours on terminals only.

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
  LIVE=1 GREEN=$'\e[32m' RED=$'\e[31m' DIM=$'\e[2m' BOLD=$'\e[1m' PLAIN=$'\e[0m' WIPE=$'\r\e[K'
else
  LIVE='' GREEN='' RED='' DIM='' BOLD='' PLAIN='' WIPE=''
fi

now_ms() { printf '%s' $((${EPOCHREALTIME/[.,]/} / 1000)); }

# seconds MS: "3.2"
seconds() { printf '%d.%d' $(($1 / 1000)) $(($1 % 1000 / 100)); }

title() { printf '%s\n%s%s%s\n' "$WIPE" "$BOLD" "$1" "$PLAIN"; }

# line GLYPH TEXT [MS]
line() {
  local took=''
  [[ -z ${3:-} ]] || took="  $DIM$(seconds "$3") s$PLAIN"
  printf '%s  %s %s%s\n' "$WIPE" "$1" "$2" "$took"
}

good() { line "$GREEN✔$PLAIN" "$@"; }
bad() { line "$RED✗$PLAIN" "$@"; }
going() { line "►" "$@"; }

# live TEXT: a line that the next one replaces; nothing where output is kept.
live() { [[ -z $LIVE ]] || printf '%s  ◎ %s' "$WIPE" "${1:0:110}"; }

# step TEXT COMMAND...: the command's output is shown only when it fails.
step() {
  local text=$1 began out code
  shift
  began=$(now_ms)
  live "$text"
  # Not in a condition, or the function would go on after its first failed command.
  set +e
  out=$(
    set -e
    "$@" 2>&1
  )
  code=$?
  set -e
  if ((code != 0)); then
    bad "$text"
    printf '%s\n' "$out" | sed 's/^/      /'
    die "could not: $text"
  fi
  good "$text" $(($(now_ms) - began))
}

# die TEXT [NEXT STEP...]
die() {
  printf '%squickstart: %s\n' "$WIPE" "$1" >&2
  shift
  local next
  for next in "$@"; do printf '  %s\n' "$next" >&2; done
  exit 1
}
