# shellcheck shell=bash
# What must be true after a run. A check that fails ends the quickstart.

# check TEXT COMMAND...
check() {
  local text=$1
  shift
  if "$@"; then
    line "$DIM=$PLAIN" "$DIM$text$PLAIN"
  else
    bad "not so: $text"
    die "run $RUN did not end as it should"
  fi
}

ended_as() { [[ $PHASE = "$1" ]]; }

repo_status() { kube get configrepo staging --namespace "$NAMESPACE" -o "jsonpath=$1"; }

last_good_is() { [[ $(repo_status '{.status.lastGood.commit}') = "$1" ]]; }

ready_is() { [[ $(repo_status '{.status.conditions[?(@.type=="Ready")].status}') = "$1" ]]; }

is_quarantined() { [[ " $(repo_status '{.status.quarantined[*].commit}') " = *" $1 "* ]]; }

plan_is_empty() {
  local numbers
  numbers=$(kube get configrun "$RUN" --namespace "$NAMESPACE" \
    -o 'jsonpath={.status.plan.create} {.status.plan.update} {.status.plan.replace} {.status.plan.prune}')
  [[ $numbers =~ ^[0\ ]*$ ]]
}

# The place in Git of an error that matches.
has_finding() {
  kube get configrun "$RUN" --namespace "$NAMESPACE" \
    -o 'jsonpath={range .status.diagnostics[*]}{.severity} {.position} {.code} {.message}{"\n"}{end}' >"$WORK/findings"
  grep -qE "$1" "$WORK/findings"
}

# revisions: "cache:1 cart:2 …", the newest Helm revision of each release, read from Helm's own records. The names of
# subcharts' releases begin with a hash, which is left away.
revisions() {
  kube get secrets --namespace shop --selector owner=helm \
    -o 'jsonpath={range .items[*]}{.metadata.labels.name} {.metadata.labels.version}{"\n"}{end}' |
    sed -E 's/^[0-9a-f]{10}-//' | sort -k1,1 -k2,2nr | awk '!seen[$1]++ {printf "%s:%s ", $1, $2}'
}

revisions_are() { [[ $(revisions) = "$1" ]]; }

# ready_in_order A B C...: each became ready before the next.
ready_in_order() {
  local list=" ${READY[*]} " first=$1 next
  for next in "${@:2}"; do
    [[ $list =~ \ ([0-9a-f]{10}-)?$first\ (.*\ )?([0-9a-f]{10}-)?$next\  ]] || return 1
    first=$next
  done
}

pods_run() {
  kube wait --namespace shop --for condition=Available --timeout 5s deployment --all >/dev/null &&
    [[ $(kube get pods --namespace shop --field-selector status.phase=Running -o name | wc -l) -ge $1 ]]
}

# page SERVICE TEXT: what a visitor sees, through the API server, so that no route to the pods is needed
page() { [[ $(kube get --raw "/api/v1/namespaces/shop/services/$1:http/proxy/index.html") = *"$2"* ]]; }

exists() { [[ -n $(kube get --namespace shop --ignore-not-found -o name "$1" "$2") ]]; }

is_gone() { ! exists "$@"; }

runs_image() {
  [[ $(kube get deployment --namespace shop "$1" -o 'jsonpath={.spec.template.spec.containers[0].image}') = "$2" ]]
}

# All that the environment holds, and in which state. The version of a Deployment moves with its pods, so of those the
# generation counts.
snapshot() {
  local row='{range .items[*]}{.kind} {.metadata.name} {.metadata.uid}'
  kube get configmaps,services,applicationgroups --all-namespaces \
    --selector "orkestra.dev/config-repo=$NAMESPACE.staging" -o "jsonpath=$row {.metadata.resourceVersion}{\"\\n\"}{end}"
  kube get deployments,helmreleases --namespace shop -o "jsonpath=$row {.metadata.generation}{\"\\n\"}{end}"
  revisions
}

nothing_touched_since() { diff <(printf '%s' "$1") <(printf '%s' "$(snapshot)") >"$WORK/touched"; }

# What a person would look at first.
explain_failure() {
  bad "what the agent knows:"
  {
    repo_status '{range .status.conditions[*]}{.type}={.status} {.reason}: {.message}{"\n"}{end}'
    kube get configruns,applicationgroups,workflows,helmreleases --all-namespaces -o wide
    [[ -z $RUN ]] || kube get configrun "$RUN" --namespace "$NAMESPACE" \
      -o 'jsonpath={range .status.diagnostics[*]}{.severity} {.position} {.message}{"\n"}{end}'
    kube get pods --namespace shop --field-selector status.phase!=Running
    [[ ! -s $WORK/touched ]] || cat "$WORK/touched"
    [[ ! -s $WORK/findings ]] || cat "$WORK/findings"
    echo "the last lines of the agent's log:"
    tail -n 40 "$WORK/agent.log"
  } 2>&1 | sed 's/^/      /' >&2 || true
}
