# shellcheck shell=bash
# What the runs need: servers, rights, a repository with the sample in it, the agent. And its end.

NAMESPACE=orkestra
TESTBED=$ROOT/testbed/testbed
IMAGE=ork.local/httpd:1

kube() { "$ORK_KUBECTL" --kubeconfig "$ORK_KUBECONFIG" "$@"; }

build_agent() {
  local jar=$ROOT/agent/target/agent.jar
  if [[ -f $jar ]] &&
    [[ -z $(find "$ROOT"/{pom.xml,agent/pom.xml,agent/src/main,schemas} -type f -newer "$jar" -print -quit) ]]; then
    return
  fi
  command -v mvn >/dev/null || die "there is no mvn" "Install Maven 3.8.7 or newer and a JDK 25; see README.md"
  step "built agent/target/agent.jar" mvn -q -f "$ROOT/pom.xml" -DskipTests package
}

testbed_up() {
  local began code=0
  began=$(now_ms)
  "$TESTBED" up --name quickstart ${GIVEN:+--kubeconfig "$GIVEN"} | sed 's/^/    /' || code=$?
  ((code == 0)) || die "the servers did not come up" "what is missing stands above; see also testbed/README.md"
  read_settings
  good "Kubernetes, Git and charts are up" $(($(now_ms) - began))
}

read_settings() {
  local settings
  settings=$("$TESTBED" env --name quickstart)
  eval "$settings"
}

# On a cluster of somebody else's, nothing that is there may be ours by accident.
check_given_cluster() {
  local found
  found=$(kube get namespace "$NAMESPACE" shop --ignore-not-found -o name)
  # Fails where the definition is not installed yet, and then there is no group either.
  found+=$(kube get applicationgroups.orkestra.azure.microsoft.com shop --ignore-not-found -o name 2>/dev/null || true)
  [[ -z $found ]] || die "this cluster has what the quickstart would make: ${found//$'\n'/ }" \
    "Name another cluster, or remove it first."
}

# Argo's and Flux's own definitions are left as they are; ours are for clusters that have none.
install_definitions() {
  local file name there
  local files=()
  there=$'\n'$(kube get crd \
    -o 'jsonpath={range .items[*]}{.metadata.name} {.metadata.labels.app\.kubernetes\.io/part-of}{"\n"}{end}')$'\n'
  for file in "$ROOT"/schemas/crds/*.yaml; do
    name=$(basename "$file" .yaml)
    name=${name##*_}.${name%_*}
    if [[ $there != *$'\n'"$name "* ]]; then
      echo "$name" >>"$WORK/definitions"
    elif [[ $there != *$'\n'"$name orkestra-agent"$'\n'* ]]; then
      continue
    fi
    files+=(-f "$file")
  done
  kube apply --server-side --field-manager quickstart "${files[@]}"
  kube wait --for condition=Established --timeout 30s "${files[@]}"
}

make_namespace() { kube create namespace "$NAMESPACE"; }

install_rights() {
  "$ORK_HELM" template orkestra "$ROOT/chart" --namespace "$NAMESPACE" --set 'identities={staging}' \
    --show-only templates/rbac.yaml 2>"$WORK/helm.log" | kube apply --server-side --field-manager quickstart -f -
  kube apply --server-side --field-manager quickstart -f "$ROOT/sample-repo/platform/staging.yaml"
}

# The agent runs under its service account, as it would in a pod; an administrator's kubeconfig never reaches it.
write_agent_kubeconfig() {
  local cluster token
  cluster=$(kube config view --raw --minify --flatten -o 'jsonpath={.clusters[0].cluster}')
  token=$(kube create token orkestra-agent --namespace "$NAMESPACE" --duration 12h)
  cat >"$WORK/agent.kubeconfig" <<JSON
{"apiVersion": "v1", "kind": "Config", "current-context": "agent",
 "clusters": [{"name": "agent", "cluster": $cluster}],
 "users": [{"name": "agent", "user": {"token": "$token"}}],
 "contexts": [{"name": "agent", "context": {"cluster": "agent", "user": "agent", "namespace": "$NAMESPACE"}}]}
JSON
  [[ $("$ORK_KUBECTL" --kubeconfig "$WORK/agent.kubeconfig" auth can-i '*' '*' --all-namespaces 2>/dev/null || true) = no ]]
}

# Settings and hooks of the user's must not change what the sample's commits are. The password goes to git through
# a program that it asks, so that it stands on no command line.
in_repo() {
  GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 GIT_TERMINAL_PROMPT=0 GIT_ASKPASS="$WORK/askpass" \
    ORK_GIT_USER=$ORK_GIT_USER ORK_GIT_PASSWORD=$ORK_GIT_PASSWORD \
    git -C "$WORK/config" "$@"
}

make_repository() {
  # shellcheck disable=SC2016
  printf '%s\n' '#!/bin/sh' 'case $1 in Username*) echo "$ORK_GIT_USER" ;; *) echo "$ORK_GIT_PASSWORD" ;; esac' \
    >"$WORK/askpass"
  chmod 700 "$WORK/askpass"
  # A name of its own for each quickstart: what a kept server or cluster remembers of an earlier one is not touched.
  GIT_URL=$("$TESTBED" repo --name quickstart "config-$(date +%s)" | tail -n 1)
  cp -R "$ROOT/sample-repo" "$WORK/config"
  grep -rlE 'http://charts\.test|ork\.local/httpd:1' "$WORK/config"/{applications,operator-definitions} |
    xargs sed -i -e "s#http://charts\.test#$ORK_CHARTS_URL#" -e "s#ork\.local/httpd:1#$IMAGE#"
  sed -i "s#^image: .*#image: $IMAGE#" "$WORK"/config/charts/{*,*/charts/*}/values.yaml
  "$TESTBED" charts --name quickstart "$WORK"/config/charts/*/
  in_repo init --quiet --initial-branch main
  in_repo config user.name Quickstart
  in_repo config user.email quickstart@example.test
  in_repo remote add origin "$GIT_URL"
}

# commit_and_push MESSAGE
commit_and_push() {
  in_repo add --all
  in_repo commit --quiet --message "$1" || die "the commit \"$1\" would be empty; sample-repo/ and quickstart differ"
  push
}

push() { in_repo push --quiet origin main && COMMIT=$(in_repo rev-parse HEAD); }

# A look every two seconds stands in for the webhook that a forge would send.
make_config_repo() {
  kube apply --server-side --field-manager quickstart -f - <<YAML
apiVersion: v1
kind: Secret
metadata: {name: git, namespace: $NAMESPACE}
stringData: {username: "$ORK_GIT_USER", password: "$ORK_GIT_PASSWORD"}
---
apiVersion: orkestra.dev/v1alpha1
kind: ConfigRepo
metadata: {name: staging, namespace: $NAMESPACE}
spec:
  source: {url: "$GIT_URL", ref: {branch: main}, secretRef: {name: git}}
  schedule: {interval: 2s, jitterPercent: 0}
  overlay: operator-definitions/overlays/staging/komposer.yaml
  layers: [{path: infrastructure, wave: 0}, {path: applications/staging, wave: 2}]
  deadlines: {wave: 90s, run: 5m}
  serviceAccountName: staging
YAML
}

free_port() {
  local port
  for port in {18080..18180}; do
    (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { printf '%s' "$port"; return; }
  done
  die "no free port between 18080 and 18180"
}

start_agent() {
  local port
  port=$(free_port)
  HTTP=http://127.0.0.1:$port
  # A session of its own: Ctrl-C ends the quickstart, and the quickstart ends the agent in good order.
  env -u KUBECONFIG setsid "$ROOT/ork" agent --kubeconfig "$WORK/agent.kubeconfig" --namespace "$NAMESPACE" \
    --engines-workflow embedded --engines-helm embedded --helm "$ORK_HELM" --kustomize "$ORK_KUSTOMIZE" \
    --cache "$WORK/cache" --http "127.0.0.1:$port" >"$WORK/agent.log" 2>&1 </dev/null &
  AGENT=$!
  disown
  echo "$AGENT" >"$WORK/agent.pid"
}

stop_agent() {
  local agent
  agent=$(cat "$WORK/agent.pid" 2>/dev/null || true)
  [[ -n $agent ]] && grep -qs agent.jar "/proc/$agent/cmdline" || return 0
  kill "$agent"
  timeout 15 tail --pid "$agent" -s 0.1 -f /dev/null || kill -9 "$agent" || true
}

# Takes down all that a quickstart made, this one or a kept one.
take_down() {
  local text
  [[ -z $GIVEN || -z ${ORK_KUBECONFIG:-} ]] || empty_given_cluster || true
  stop_agent
  if ! text=$("$TESTBED" down --name quickstart 2>&1); then
    printf '%s\n' "$text" | sed 's/^/    /' >&2
  fi
  rm -rf "$WORK"
}

# In a cluster of somebody else's: the releases while the agent still runs, then what we made, newest first.
empty_given_cluster() {
  local kinds=applicationgroups.orkestra.azure.microsoft.com
  kube delete --ignore-not-found --wait --timeout 60s "$kinds" shop >/dev/null 2>&1 ||
    kube patch "$kinds" shop --type merge --patch '{"metadata":{"finalizers":null}}' >/dev/null 2>&1 || true
  stop_agent
  local object
  for object in $(kube get configrepos,workflows,helmrepositories -n "$NAMESPACE" -o name 2>/dev/null); do
    kube patch -n "$NAMESPACE" "$object" --type merge --patch '{"metadata":{"finalizers":null}}' >/dev/null 2>&1 || true
  done
  for object in $(kube get helmreleases -n shop -o name 2>/dev/null); do
    kube patch -n shop "$object" --type merge --patch '{"metadata":{"finalizers":null}}' >/dev/null 2>&1 || true
  done
  kube delete --ignore-not-found --wait --timeout 120s namespace shop "$NAMESPACE" >/dev/null
  kube delete --ignore-not-found clusterrole,clusterrolebinding \
    orkestra-agent orkestra-staging-cluster orkestra-staging-namespaced >/dev/null
  [[ ! -s $WORK/definitions ]] || xargs -a "$WORK/definitions" "$ORK_KUBECTL" --kubeconfig "$ORK_KUBECONFIG" \
    delete --ignore-not-found --wait --timeout 60s crd >/dev/null
}
