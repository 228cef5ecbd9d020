# shellcheck shell=bash
# What the benchmark makes otherwise than the quickstart: its own instance, an environment per count, and a service
# account for each that may do no more than write ConfigMaps in one namespace.

# die TEXT [NEXT STEP...]
die() {
  printf '%sbench: %s\n' "$WIPE" "$1" >&2
  shift
  local next
  for next in "$@"; do printf '  %s\n' "$next" >&2; done
  exit 1
}

testbed_up() {
  local began code=0 settings
  began=$(now_ms)
  "$TESTBED" up --name "$NAME" | sed 's/^/    /' || code=$?
  ((code == 0)) || die "the servers did not come up" "what is missing stands above; see also testbed/README.md"
  settings=$("$TESTBED" env --name "$NAME")
  eval "$settings"
  good "Kubernetes and Git are up" $(($(now_ms) - began))
}

install_rights() {
  "$ORK_HELM" template orkestra "$ROOT/chart" --namespace "$NAMESPACE" --set 'identities={bench}' \
    --show-only templates/rbac.yaml 2>"$WORK/helm.log" | kube apply --server-side --field-manager bench -f -
  kube create serviceaccount bench --namespace "$NAMESPACE"
}

install_environment() {
  kube create namespace "$1"
  kube create role bench --namespace "$1" --resource configmaps --verb get,list,watch,create,patch,update,delete
  kube create rolebinding bench --namespace "$1" --role bench --serviceaccount "$NAMESPACE:bench"
}

start_repository() {
  GIT_URL=$("$TESTBED" repo --name "$NAME" "$1" | tail -n 1)
  # shellcheck disable=SC2016
  printf '%s\n' '#!/bin/sh' 'case $1 in Username*) echo "$ORK_GIT_USER" ;; *) echo "$ORK_GIT_PASSWORD" ;; esac' \
    >"$WORK/askpass"
  chmod 700 "$WORK/askpass"
  rm -rf "$WORK/config"
  mkdir -p "$WORK/config/objects"
  in_repo init --quiet --initial-branch main
  in_repo config user.name Bench
  in_repo config user.email bench@example.test
  in_repo remote add origin "$GIT_URL"
  write_objects "$1" 0 0
  commit_and_push "Begin with one, so that the agent has cloned, and compiled what it runs, once"
}

# write_objects NAMESPACE FIRST LAST
write_objects() {
  awk -v namespace="$1" -v first="$2" -v last="$3" -v folder="$WORK/config/objects" 'BEGIN {
    for (i = first; i <= last; i++) {
      file = sprintf("%s/item-%05d.yaml", folder, i)
      printf "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: item-%05d, namespace: %s}\n", i, namespace > file
      printf "data:\n  number: \"%d\"\n  state: first\n  text: the quick brown fox jumps over the lazy dog\n", i > file
      close(file)
    }
  }'
}

# write_waves NAMESPACE COUNT: four objects each, named after their wave
write_waves() {
  awk -v namespace="$1" -v waves="$2" -v folder="$WORK/config/objects" 'BEGIN {
    for (w = 1; w <= waves; w++) for (i = 1; i <= 4; i++) {
      file = sprintf("%s/w-%03d-%d.yaml", folder, w, i)
      printf "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: w-%03d-%d\n  namespace: %s\n", w, i, namespace > file
      printf "  annotations: {argocd.argoproj.io/sync-wave: \"%d\"}\ndata: {wave: \"%d\"}\n", w, w > file
      close(file)
    }
  }'
}

change_one() { sed -i 's/state: first/state: second/' "$WORK/config/objects/$(printf 'item-%05d.yaml' $((($1 + 1) / 2)))"; }

push_empty_commit() {
  in_repo commit --quiet --allow-empty --message "Change nothing"
  push
}

ask_for_sync() {
  kube annotate --overwrite configrepo "$1" --namespace "$NAMESPACE" "orkestra.dev/sync-requested=$(now_ms)" >/dev/null
}

# A look every second stands in for the webhook that a forge would send.
make_config_repo() {
  kube apply --server-side --field-manager bench -f - <<YAML
apiVersion: v1
kind: Secret
metadata: {name: git, namespace: $NAMESPACE}
stringData: {username: "$ORK_GIT_USER", password: "$ORK_GIT_PASSWORD"}
---
apiVersion: orkestra.dev/v1alpha1
kind: ConfigRepo
metadata: {name: $1, namespace: $NAMESPACE}
spec:
  source: {url: "$GIT_URL", ref: {branch: main}, secretRef: {name: git}}
  schedule: {interval: 1s, jitterPercent: 0}
  layers: [{path: objects, wave: 0}]
  deadlines: {wave: 5m, run: 10m}
  serviceAccountName: bench
YAML
}

check_there() {
  local there
  there=$(kube get configmaps --namespace "$1" --selector "orkestra.dev/config-repo=$NAMESPACE.$1" -o name | wc -l)
  ((there == $2 + 1)) || die "$there of $2 + 1 ConfigMaps are there"
}

check_changed() {
  local changed
  changed=$(kube get configmaps --namespace "$1" -o 'jsonpath={range .items[*]}{.data.state}{"\n"}{end}' | grep -c second)
  ((changed == 1)) || die "$changed ConfigMaps are changed, not one"
}

# The next count gets an agent that has nothing else to look after.
end_environment() {
  stop_agent
  exec {LOG}<&-
  kube delete configrepo "$1" --namespace "$NAMESPACE" --wait --timeout 20s >/dev/null
}

# Takes down all that a benchmark of this name made, this one or one that was broken off.
take_down() {
  local text
  stop_agent
  if ! text=$("$TESTBED" down --name "$NAME" 2>&1); then
    printf '%s\n' "$text" | sed 's/^/    /' >&2
  fi
  rm -rf "$WORK"
}
