# shellcheck shell=bash
# One phase: what the agent's own journal and its /metrics say of it.

VERBS=(get list watch create update patch apply dry_run delete)

# The log from its beginning, line by line; ends with the agent.
follow_log() { exec {LOG}< <(exec tail -n +1 -s 0.1 --pid "$AGENT" -f "$WORK/agent.log" 2>/dev/null); }

await_ready() {
  local until=$(($(now_ms) + $1 * 1000))
  until curl -fsS -m 5 -o /dev/null "$HTTP/readyz" 2>/dev/null; do
    kill -0 "$AGENT" 2>/dev/null || die "the agent has ended"
    (($(now_ms) < until)) || die "the agent is not ready after $1 s"
    # Nothing tells when a port opens. The log is left for who awaits the run: it may have ended by now.
    sleep 0.1
  done
}

# await_run REPO SECONDS: waits until the repository's next run has ended, which must be good. Sets BEGAN and ENDED
# (milliseconds since 1970, from the agent's journal) and TOOK_STEPS (what each step took).
await_run() {
  local run=$1-$((++RUNS)) until=$(($(now_ms) + $2 * 1000)) text at step='' next before=0 left
  TOOK_STEPS='' BEGAN=''
  while true; do
    left=$((until - $(now_ms)))
    ((left > 0)) || die "run $run has not ended after $2 s; it is at ${step:-its begin}"
    read -r -t "$((left / 1000)).$(printf '%03d' $((left % 1000)))" -u "$LOG" text || {
      kill -0 "$AGENT" 2>/dev/null || die "the agent has ended"
      continue
    }
    [[ $text = *" journal - step run=$run "* ]] || continue
    at=$(date -d "${text%% *}" +%s%3N)
    next=${text#* step run="$run" step=}
    next=${next%% *}
    [[ -n $BEGAN ]] || BEGAN=$at
    [[ -z $step ]] || TOOK_STEPS+="${TOOK_STEPS:+, }${step%%(*} $((at - before))"
    step=$next
    before=$at
    if [[ $step = End ]]; then
      ENDED=$at
      [[ $text = *" phase=Good"* ]] || die "run $run ended: ${text##* phase=}"
      return
    fi
  done
}

# counts: "verb number" lines of the requests so far
counts() {
  curl -fsS -m 10 "$HTTP/metrics" | awk '/^orkestra_api_requests_total/ {match($1, /verb="[^"]*"/); sum[substr($1, RSTART + 6, RLENGTH - 7)] += $NF}
    END {for (verb in sum) print verb, sum[verb]}'
}

# requests_since FILE: a table's cells: requests by verb since, those of other verbs, and their sum
requests_since() {
  counts >"$WORK/after"
  awk -v verbs="${VERBS[*]}" 'NR == FNR {before[$1] = $2; next} {made[$1] = $2 - before[$1]; all += made[$1]}
    END {
      n = split(verbs, verb, " ")
      for (i = 1; i <= n; i++) {printf "%d ", made[verb[i]]; named += made[verb[i]]}
      print all - named, all + 0
    }' "$1" "$WORK/after"
}

# memory: "resident highest heap", MiB
memory() {
  local heap
  heap=$(curl -fsS -m 10 "$HTTP/metrics" | awk '/^orkestra_heap_bytes/ {printf "%d", $2 / 1048576}')
  awk -v heap="$heap" '/^VmRSS/ {rss = $2} /^VmHWM/ {peak = $2} END {printf "%d %d %d\n", rss / 1024, peak / 1024, heap}' \
    "/proc/$AGENT/status"
}

# Used heap is mostly garbage; what counts is what is left after a collection.
collect_garbage() {
  local jcmd
  jcmd=$(dirname "$(readlink -f "/proc/$AGENT/exe")")/jcmd
  [[ ! -x $jcmd ]] || "$jcmd" "$AGENT" GC.run >/dev/null
}

# cpu: milliseconds of processor time that the agent has used, its children apart
cpu() { awk -v hertz="$(getconf CLK_TCK)" '{sub(/.*\) /, ""); print int(($12 + $13) * 1000 / hertz)}' "/proc/$AGENT/stat"; }

load() { cut -d ' ' -f 1 /proc/loadavg; }

# phase REPO COUNT WHAT SECONDS COMMAND...: runs the command, which causes one run, and measures that
phase() {
  local repo=$1 count=$2 what=$3 seconds=$4 pushed requests used
  shift 4
  live "$what"
  counts >"$WORK/before"
  used=$(cpu)
  "$@"
  pushed=$(now_ms)
  await_run "$repo" "$seconds"
  used=$(($(cpu) - used))
  requests=$(requests_since "$WORK/before")
  row "$count" "$what" "$(fine $((ENDED - pushed)))" "$(fine $((ENDED - BEGAN)))" "$(fine "$used")" "$requests" "$(memory)"
  STEPS+=("$count $what: $TOOK_STEPS")
  good "$what" $((ENDED - BEGAN))
}

# at_rest REPO COUNT SECONDS: what the agent does while there is nothing to do
at_rest() {
  local until used requests before
  live "at rest"
  collect_garbage
  before=$(looks)
  counts >"$WORK/before"
  used=$(cpu)
  until=$(($(now_ms) + $3 * 1000))
  while (($(now_ms) < until)); do read -r -t 1 -u "$LOG" _ || true; done
  used=$(($(cpu) - used))
  requests=$(requests_since "$WORK/before")
  PASSES+=("$2 objects, no-op pass: $(pass "$before" "$requests")")
  collect_garbage
  row "$2" "at rest, $3 s" - - "$(fine "$used")" "$requests" "$(memory)"
  good "at rest, $3 s"
}

# looks: "number seconds" of the looks that found nothing to do
looks() {
  curl -fsS -m 10 "$HTTP/metrics" | awk '/^orkestra_look_seconds_count/ {n = $2} /^orkestra_look_seconds_sum/ {s = $2}
    END {print n + 0, s + 0}'
}

# pass BEFORE "REQUESTS...": what one look took and asked, the lease included
pass() {
  local before after all=${2##* }
  read -r -a before <<<"$1"
  read -r -a after <<<"$(looks)"
  awk -v n=$((after[0] - before[0])) -v s0="${before[1]}" -v s1="${after[1]}" -v all="$all" \
    'BEGIN {if (n == 0) {print "no look"; exit}; printf "%.0f ms and %.1f requests each, of %d looks", (s1 - s0) * 1000 / n, all / n, n}'
}

# drift REPO COUNT CHANGES: from the answer to a change by hand until the answer to the apply that puts it right
drift() {
  local i name from
  live "drift"
  from=$(wc -l <"$ORK_AUDIT_LOG")
  for ((i = 1; i <= $3; i++)); do
    name=$(printf 'item-%05d' "$((i % $2 + 1))")
    kube patch configmap "$name" --namespace "$1" --type merge --patch '{"data":{"text":"changed by hand"}}' >/dev/null
  done
  # The last one's correction; a watch ends when it is there.
  kube wait configmap "$name" --namespace "$1" --timeout 30s \
    --for 'jsonpath={.data.text}=the quick brown fox jumps over the lazy dog' >/dev/null
  PASSES+=("$2 objects, drift: $(corrections "$from" "$1")")
  good "drift"
}

# audit FROM NAMESPACE: "received answered kind name" of each patch of a ConfigMap there, in milliseconds since 1970
audit() {
  tail -n "+$(($1 + 1))" "$ORK_AUDIT_LOG" | grep '"resource":"configmaps","namespace":"'"$2"'"' |
    grep '"verb":"patch"' | grep -v 'dryRun=All' | sed -E '
      s/.*"requestURI":"[^"]*fieldManager=orkestra-agent.*"name":"([^"]*)".*"requestReceivedTimestamp":"([^"]*)","stageTimestamp":"([^"]*)".*/\2 \3 ours \1/
      s/^\{.*"name":"([^"]*)".*"requestReceivedTimestamp":"([^"]*)","stageTimestamp":"([^"]*)".*/\2 \3 theirs \1/' |
    while read -r received answered whose name; do
      echo "$(date -d "$received" +%s%3N) $(date -d "$answered" +%s%3N) $whose $name"
    done
}

corrections() {
  audit "$1" "$2" | awk '$3 == "theirs" {at[$4] = $2} $3 == "ours" && at[$4] {print $2 - at[$4]; delete at[$4]}' | sort -n |
    figures
}

# between_waves FROM NAMESPACE: waves are told apart by the names of their objects
between_waves() {
  audit "$1" "$2" | sort -n | awk '$3 == "ours" {
      split($4, part, "-")
      if (part[2] != wave && wave != "") print $1 - last
      if (part[2] != wave || $2 > last) last = $2
      wave = part[2]
    }' | sort -n | figures
}

# figures: of the sorted numbers of milliseconds that come in
figures() {
  awk '{v[NR] = $1} END {
    if (NR == 0) {print "none"; exit}
    p99 = int(NR * 0.99 + 0.999)
    printf "median %d ms, p99 %d ms, longest %d ms, of %d", v[int((NR + 1) / 2)], v[p99], v[NR], NR}'
}

# fine MS: "0.312"
fine() { printf '%d.%02d' $(($1 / 1000)) $(($1 % 1000 / 10)); }

# row COUNT WHAT SECONDS SECONDS CPU-SECONDS "REQUESTS..." "MEMORY..."
row() {
  local cells=("$1" "$2" "$3" "$4" "$5")
  # shellcheck disable=SC2206
  cells+=($6 $7 "$(load)")
  local IFS='|'
  ROWS+=("${cells[*]}")
}

# As Markdown, so that it can be kept in README.md.
print_table() {
  local each
  local head=("objects" "what" "push to end, s" "run, s" "CPU, s" "${VERBS[@]}" other all "RSS, MiB" "RSS peak" "heap" "load")
  title "$(date -u +%Y-%m-%d), $(nproc) cores, $(awk '/^MemTotal/ {printf "%d GiB", $2 / 1048576 + 0.5}' /proc/meminfo), load $(cut -d ' ' -f 1-3 /proc/loadavg)"
  printf '\n'
  (
    IFS='|'
    printf '| %s |\n' "${head[*]//|/ }"
  ) | sed 's/|/ | /g; s/^ | */| /; s/ *| *$/ |/; s/  */ /g'
  printf '|'
  for each in "${head[@]}"; do printf ' --- |'; done
  printf '\n'
  for each in "${ROWS[@]}"; do printf '| %s |\n' "${each//|/ | }"; done
  printf '\nMilliseconds of each step, from the agent'\''s journal:\n\n'
  for each in "${STEPS[@]}"; do printf -- '- %s\n' "$each"; done
  printf '\n'
  for each in "${PASSES[@]}"; do printf -- '- %s\n' "$each"; done
}
