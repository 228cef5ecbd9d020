# shellcheck shell=bash
# Good and bad commits in turn, and what the agent's journal says of both.

rounds() {
  local repo=back i forward back writes
  title "$ROUNDS rounds of $WAVES waves of $OBJECTS ConfigMaps"
  step "namespace $repo, and the rights in it" install_environment "$repo"
  step "rights for Jobs" install_job_rights "$repo"
  RUNS=0
  start_repository "$repo"
  start_agent
  follow_log
  await_ready 60
  make_config_repo "$repo" >"$WORK/config-repo.log" 2>&1 || die "no ConfigRepo" "$(tail -n 3 "$WORK/config-repo.log")"
  await_run "$repo" 60
  for ((i = 0; i <= ROUNDS; i++)); do
    write_content "$repo" "good-$i"
    counts >"$WORK/before"
    commit_and_push "Good $i"
    await_end "$repo" 120 Good
    forward=$((AT_STEP[RecordGood] - BEGAN))
    writes=$(writes_since "$WORK/before")
    write_content "$repo" "bad-$i"
    write_failing_job "$repo"
    counts >"$WORK/before"
    commit_and_push "Bad $i"
    await_end "$repo" 180 RolledBack
    back=$((AT_STEP[RemoveNew] - AT_STEP[RecordQuarantine]))
    # The first round is for the compiler.
    ((i > 0)) || continue
    LINES+=("$i|$(fine "$forward")|$(fine "$back")|$(ratio "$back" "$forward")|$writes|$(writes_since "$WORK/before")")
    RATIOS+=("$(ratio "$back" "$forward")")
    good "round $i: back in $(ratio "$back" "$forward") of the way forward" "$back"
  done
  stop_agent
  exec {LOG}<&-
}

install_job_rights() {
  kube create role bench-jobs --namespace "$1" --resource jobs.batch --verb get,list,watch,create,patch,update,delete
  kube create role bench-pods --namespace "$1" --resource pods,pods/log --verb get,list,watch
  kube create rolebinding bench-jobs --namespace "$1" --role bench-jobs --serviceaccount "$NAMESPACE:bench"
  kube create rolebinding bench-pods --namespace "$1" --role bench-pods --serviceaccount "$NAMESPACE:bench"
}

# write_content NAMESPACE TEXT: every object says it
write_content() {
  rm -f "$WORK/config/objects/job.yaml"
  awk -v namespace="$1" -v text="$2" -v waves="$WAVES" -v objects="$OBJECTS" -v folder="$WORK/config/objects" 'BEGIN {
    for (w = 1; w <= waves; w++) for (i = 1; i <= objects; i++) {
      file = sprintf("%s/w-%03d-%04d.yaml", folder, w, i)
      printf "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: w-%03d-%04d\n  namespace: %s\n", w, i, namespace > file
      printf "  annotations: {argocd.argoproj.io/sync-wave: \"%d\"}\ndata: {text: %s}\n", w, text > file
      close(file)
    }
  }'
}

write_failing_job() {
  cat >"$WORK/config/objects/job.yaml" <<YAML
apiVersion: batch/v1
kind: Job
metadata:
  name: fails
  namespace: $1
  annotations: {argocd.argoproj.io/sync-wave: "$((WAVES + 1))"}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers: [{name: fails, image: "ork.local/httpd:1", imagePullPolicy: IfNotPresent, command: ["false"]}]
YAML
}

# await_end REPO SECONDS PHASE: waits until the next run has ended in PHASE. Sets BEGAN and AT_STEP (when each step was
# begun first, milliseconds since 1970).
await_end() {
  local run=$1-$((++RUNS)) until=$(($(now_ms) + $2 * 1000)) text at name left
  BEGAN=''
  declare -gA AT_STEP=()
  while true; do
    left=$((until - $(now_ms)))
    ((left > 0)) || die "run $run has not ended after $2 s"
    read -r -t "$((left / 1000)).$(printf '%03d' $((left % 1000)))" -u "$LOG" text || {
      kill -0 "$AGENT" 2>/dev/null || die "the agent has ended"
      continue
    }
    [[ $text = *" journal - step run=$run "* ]] || continue
    at=$(date -d "${text%% *}" +%s%3N)
    name=${text#* step run="$run" step=}
    name=${name%% *}
    name=${name%%(*}
    [[ -n $BEGAN ]] || BEGAN=$at
    [[ -n ${AT_STEP[$name]:-} ]] || AT_STEP[$name]=$at
    if [[ $name = End ]]; then
      [[ $text = *" phase=$3"* ]] || die "run $run ended: ${text##* phase=}, not $3"
      return
    fi
  done
}

ratio() { awk -v a="$1" -v b="$2" 'BEGIN {printf "%.2f", a / b}'; }

# writes_since FILE: writes of objects, and writes of the agent's own state (create, update, delete), since then
writes_since() {
  requests_since "$1" | awk '{printf "%d|%d", $7, $4 + $5 + $6 + $9}'
}

print_rollbacks() {
  local each
  title "$(date -u +%Y-%m-%d), $(nproc) cores, $(awk '/^MemTotal/ {printf "%d GiB", $2 / 1048576 + 0.5}' /proc/meminfo), load $(cut -d ' ' -f 1-3 /proc/loadavg)"
  printf '\n| round | forward, s | back, s | ratio | good run: applies | its other writes | bad run, there and back: applies | its other writes |\n'
  printf '| --- | --- | --- | --- | --- | --- | --- | --- |\n'
  for each in "${LINES[@]}"; do printf '| %s |\n' "${each//|/ | }"; done
  printf '\n- median ratio of %d: %s; goal: at most 2\n' "${#RATIOS[@]}" \
    "$(printf '%s\n' "${RATIOS[@]}" | sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}')"
}
