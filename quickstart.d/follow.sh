# shellcheck shell=bash
# Follows a run from the watch events of its ConfigRun and of the HelmReleases, and says each step once.

ENDS='^(Good|Invalid|Held|RolledBack|RollbackFailed|Superseded)$'

# One line per event. The first word says what it is about; what may hold any text stands last. Templates of this kind
# print nothing for what is not there yet; jsonpath would give up at the first missing list.
# A wave is called 2, or 2/3 when it is wave 3 of layer 2.
WAVES='{{range .waves}}{{if ne (printf "%v" .layer) "<nil>"}}{{.layer}}/{{end}}{{.wave}}{{with .hook}} {{.}}{{end}}'
WAVES+='={{.phase}}={{with .waitingFor}}{{.}}{{end}};{{end}}'
RUN_LINE='run|{{.spec.commit}}|{{.metadata.name}}|{{with .status}}{{with .phase}}{{.}}{{end}}|{{with .step}}{{.}}{{end}}|'
RUN_LINE+='{{with .verdict}}{{.}}{{end}}|{{with .plan}}{{.create}}|{{.update}}|{{.prune}}|{{.unchanged}}{{else}}|||{{end}}|'
RUN_LINE+="{{with .rollback}}{{.phase}}{{end}}|$WAVES|{{with .rollback}}$WAVES{{end}}|{{with .message}}{{.}}{{end}}"
RUN_LINE+='{{end}}{{"\n"}}'
RELEASE_LINE='release|{{.metadata.name}}|{{.metadata.generation}}|{{with .status}}{{.observedGeneration}}|'
RELEASE_LINE+='{{range .conditions}}{{if eq .type "Ready"}}{{.status}}|{{.reason}}{{end}}{{end}}|'
# shellcheck disable=SC2016
RELEASE_LINE+='{{range $i, $done := .history}}{{if eq $i 0}}{{$done.version}}{{end}}{{end}}{{end}}{{"\n"}}'

start_watching() {
  mkfifo "$WORK/events"
  # Opened for both, so that neither side waits for the other and the end of one watch is not the end of all.
  exec {EVENTS}<>"$WORK/events"
  watch_for "$RUN_LINE" configruns --namespace "$NAMESPACE"
  watch_for "$RELEASE_LINE" helmreleases --all-namespaces
}

watch_for() {
  local template=$1
  shift
  kube get "$@" --watch --output "go-template=$template" 1>&"$EVENTS" 2>>"$WORK/watch.log" &
  WATCHES+=($!)
}

stop_watching() {
  [[ ${#WATCHES[@]} != 0 ]] || return 0
  # Awaited, so that the testbed finds nothing of its own still running. The shell would tell of each end.
  { kill "${WATCHES[@]}" && wait "${WATCHES[@]}"; } 2>/dev/null || true
  WATCHES=()
}

# follow COMMIT SECONDS: returns when the commit's run has ended; sets RUN, PHASE, READY (releases in the order in
# which they became ready) and TOOK (milliseconds). Dies when the time is up.
follow() {
  local commit=$1 limit=$(($2 * 1000)) event kind rest began
  began=$(now_ms)
  RUN='' PHASE='' READY=() WAITING_FOR='the next look at the repository' STEP_BEGAN=$began
  unset SAID
  declare -gA SAID=()
  while :; do
    if read -r -t 0.5 -u "$EVENTS" event; then
      IFS='|' read -r kind rest <<<"$event"
      case $kind in
        run) [[ $rest != "$commit|"* ]] || tell_run "$rest" ;;
        release) tell_release "$rest" ;;
      esac
      [[ -z $PHASE ]] || break
    fi
    (($(now_ms) - began < limit)) || die "the run of ${commit:0:7} has not ended after $2 s; it waits for: $WAITING_FOR"
    agent_lives || die "the agent has ended"
    live "$WAITING_FOR ($(seconds $(($(now_ms) - began))) s)"
  done
  TOOK=$(($(now_ms) - began))
}

agent_lives() { kill -0 "$AGENT" 2>/dev/null; }

# once KEY: true the first time
once() { [[ -z ${SAID[$1]:-} ]] && SAID[$1]=yes; }

since_last_step() {
  local now
  now=$(now_ms)
  SINCE=$((now - STEP_BEGAN))
  STEP_BEGAN=$now
}

tell_run() {
  local name phase step verdict creates updates prunes unchanged back waves back_waves message
  IFS='|' read -r _ name phase step verdict creates updates prunes unchanged back waves back_waves message <<<"$1"
  RUN=$name
  WAITING_FOR=${phase:-Pending}
  if [[ -n $phase ]] && once found; then
    since_last_step
    good "commit found, run $name" "$SINCE"
  fi
  if [[ -n $creates ]] && once planned; then
    since_last_step
    good "composed, validated, planned: $creates to create, $updates to update, $prunes to prune, $unchanged unchanged" \
      "$SINCE"
  fi
  tell_waves "" "$waves"
  if [[ -n $verdict ]] && once "verdict $verdict"; then
    since_last_step
    bad "verdict: $verdict" "$SINCE"
  fi
  if [[ -n $back ]] && once back; then going "rolling back to the last good commit"; fi
  tell_waves "rollback, " "$back_waves"
  # The phase is final while the agent still prunes and writes the history; the step says when all is over.
  if [[ $phase =~ $ENDS && $step = End ]]; then
    since_last_step
    PHASE=$phase
    if [[ $phase = Good ]]; then
      [[ ${prunes:-0} = 0 ]] || good "$prunes pruned"
      good "good: this commit is last-good now" "$SINCE"
    else
      bad "ended: $phase${message:+: $message}" "$SINCE"
    fi
  fi
}

# tell_waves PREFIX WAVES
tell_waves() {
  local wave name phase waiting
  local list
  IFS=';' read -ra list <<<"$2"
  for wave in "${list[@]}"; do
    IFS='=' read -r name phase waiting <<<"$wave"
    case $phase in
      Healthy)
        once "$1$name $phase" || continue
        since_last_step
        good "$1wave $name healthy" "$SINCE"
        ;;
      Failed)
        once "$1$name $phase" || continue
        since_last_step
        bad "$1wave $name failed${waiting:+: $waiting}" "$SINCE"
        ;;
      Applying | Waiting) WAITING_FOR="$1wave $name${waiting:+: $waiting}" ;;
    esac
  done
}

tell_release() {
  local name generation observed ready reason revision
  IFS='|' read -r name generation observed ready reason revision <<<"$1"
  if [[ $ready = True && $generation = "$observed" ]]; then
    [[ ${RELEASED[$name]:-} != "$revision" ]] || return 0
    RELEASED["$name"]=$revision
    READY+=("$name")
    line "  $GREEN✔$PLAIN" "release $name, revision ${revision:-?}"
  elif [[ $ready = False && $reason =~ Failed|Exceeded|Invalid|Denied ]] && once "$name $revision $reason"; then
    line "  $RED✗$PLAIN" "release $name: $reason"
  fi
}
