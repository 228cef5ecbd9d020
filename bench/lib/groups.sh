# shellcheck shell=bash
# Groups of releases: their charts, files and rights, and what one commit of them costs.

install_group_rights() {
  kube apply --server-side --field-manager bench -f - <<'YAML'
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: bench-groups}
rules:
  - {apiGroups: [""], resources: [namespaces], verbs: [get, list, watch, create]}
  - {apiGroups: [""], resources: [configmaps, secrets], verbs: [get, list, watch, create, patch, update, delete]}
  - apiGroups: [helm.toolkit.fluxcd.io]
    resources: [helmreleases]
    verbs: [get, list, watch, create, patch, update, delete]
  - apiGroups: [orkestra.azure.microsoft.com]
    resources: [applicationgroups]
    verbs: [get, list, watch, create, patch, update, delete]
YAML
  kube create clusterrolebinding bench-groups --clusterrole bench-groups --serviceaccount "$NAMESPACE:bench"
}

# make_charts COUNT: c01, c02, … of one ConfigMap each
make_charts() {
  local i name folders=()
  for ((i = 1; i <= $1; i++)); do
    name=$(printf 'c%02d' "$i")
    mkdir -p "$WORK/charts/$name/templates"
    printf 'apiVersion: v2\nname: %s\nversion: 1.0.0\n' "$name" >"$WORK/charts/$name/Chart.yaml"
    printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {text: small}\n' \
      >"$WORK/charts/$name/templates/map.yaml"
    folders+=("$WORK/charts/$name")
  done
  "$TESTBED" charts --name "$NAME" "${folders[@]}" >/dev/null
}

# A program that notes when Helm began and ended.
write_helm_stopwatch() {
  cat >"$WORK/helm" <<SH
#!/bin/bash
began=\$EPOCHREALTIME
"$ORK_HELM" "\$@"
code=\$?
echo "\$began \$EPOCHREALTIME \$1" >>"$WORK/helm.times"
exit \$code
SH
  chmod 700 "$WORK/helm"
  ORK_HELM_REAL=$ORK_HELM
}

# begin_environment NAME: a repository, an agent with the stopwatch before Helm, and a first commit
begin_environment() {
  REPO=$1
  RUNS=0
  start_repository "$REPO"
  kube create namespace "$REPO" >/dev/null
  make_config_repo "$REPO" | sed 's/^/    /' >"$WORK/config-repo.log"
  kube patch configrepo "$REPO" --namespace "$NAMESPACE" --type merge \
    --patch '{"spec":{"deadlines":{"wave":"25m","run":"30m"}}}' >/dev/null
  kube create role bench --namespace "$REPO" --resource configmaps --verb get,list,watch,create,patch,update,delete \
    >/dev/null 2>&1 || true
  kube create rolebinding bench --namespace "$REPO" --role bench --serviceaccount "$NAMESPACE:bench" >/dev/null 2>&1 ||
    true
  # The agent comes last: a spec that changes under it is one run more.
  ORK_HELM=$WORK/helm start_agent
  follow_log
  await_ready 60
  await_run "$REPO" 120
}

# application NAME CHART DEPENDENCY NAMESPACE INTERVAL
application() {
  printf '    - name: %s\n' "$1"
  [[ -z $3 ]] || printf '      dependencies: [%s]\n' "$3"
  printf '      spec:\n        chart: {url: "%s", name: %s, version: 1.0.0}\n' "$ORK_CHARTS_URL" "$2"
  printf '        release: {targetNamespace: %s, interval: %s, timeout: 5m}\n' "$4" "$5"
}

# group NAME COUNT INTERVAL: each application waits for the one before
group() {
  local i name before=''
  printf 'apiVersion: orkestra.azure.microsoft.com/v1alpha1\nkind: ApplicationGroup\nmetadata: {name: %s}\n' "$1"
  printf 'spec:\n  applications:\n'
  for ((i = 1; i <= $2; i++)); do
    name=$(printf 'c%02d' "$i")
    application "$name" "$name" "$before" "$1" "$3"
    before=$name
  done
}

write_chain() { group chain-a "$CHAIN" "$1" >"$WORK/config/objects/chain.yaml"; }

write_groups() {
  local i
  for ((i = 1; i <= GROUPS_COUNT; i++)); do
    group "$(printf 'many-%03d' "$i")" "$RELEASES" 5m >"$WORK/config/objects/$(printf 'many-%03d' "$i").yaml"
  done
}

# measured WHAT SECONDS COMMAND...: commits what the command wrote, and waits until the run is good
measured() {
  local what=$1 seconds=$2 pushed used helm workflow before highest
  shift 2
  "$@"
  : >"$WORK/helm.times"
  before=$(wc -l <"$ORK_AUDIT_LOG")
  counts >"$WORK/before"
  used=$(cpu)
  commit_and_push "$what"
  pushed=$(now_ms)
  live "$what"
  await_run "$REPO" "$seconds"
  used=$(($(cpu) - used))
  helm=$(helm_figures "$WORK/helm.times")
  read -r _ highest _ <<<"$(memory)"
  workflow=$(workflow_ms "$before")
  # shellcheck disable=SC2206
  local figures=($helm)
  ROWS+=("$what|$(fine $((ENDED - pushed)))|$(fine $((ENDED - BEGAN)))|$(fine "$workflow")|${figures[0]}|${figures[1]}|${figures[2]}|$(fine $((workflow - figures[3])))|$(queue_age)|$(fine "$used")|$(requests_since "$WORK/before" | awk '{print $NF}')|$highest|$(load)")
  good "$what" $((ENDED - BEGAN))
}

# workflow_ms LINE: from the first Workflow's creation to the last write of one, in milliseconds, by the API server's audit
# log after that line
workflow_ms() {
  tail -n "+$(($1 + 1))" "$ORK_AUDIT_LOG" | grep '"resource":"workflows"' | grep -E '"verb":"(create|patch)"' |
    sed -E 's/.*"requestReceivedTimestamp":"([^"]+)".*/\1/' | sort | sed -n '1p;$p' | while read -r at; do date -d "$at" +%s%3N; done |
    awk 'NR == 1 {first = $1} {last = $1} END {print last - first + 0}'
}

# helm_figures FILE: calls, seconds of all calls together, most at once, milliseconds in which at least one ran
helm_figures() {
  [[ -s $1 ]] || { echo "0 0.00 0 0"; return; }
  awk '{print $1, 1; print $2, -1; calls++; sum += $2 - $1}
    END {printf "calls %d %.2f\n", calls, sum}' "$1" | sort -n | awk '
    /^calls/ {calls = $2; sum = $3; next}
    {if (at > 0) busy += $1 - last; last = $1; at += $2; most = at > most ? at : most}
    END {printf "%d %s %d %d\n", calls, sum, most, busy * 1000}'
}

# The age of the oldest percent of waits for Helm, in seconds, as the agent has counted.
queue_age() {
  curl -fsS -m 10 "$HTTP/metrics" | awk '/^orkestra_helm_queue_seconds.*quantile="0.99"/ {v = $NF} END {if (v == "") printf "-"; else printf "%.2f", v}'
}

print_groups_table() {
  local each
  title "$(date -u +%Y-%m-%d), $(nproc) cores, $(awk '/^MemTotal/ {printf "%d GiB", $2 / 1048576 + 0.5}' /proc/meminfo), load $(cut -d ' ' -f 1-3 /proc/loadavg)"
  printf '\n| what | push to end, s | run, s | workflows, s | Helm calls | Helm, s in all | most at once | workflows beyond Helm, s | queue p99, s | agent CPU, s | requests | RSS peak, MiB | load |\n'
  printf '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n'
  for each in "${ROWS[@]}"; do printf '| %s |\n' "${each//|/ | }"; done
}
