# shellcheck shell=bash
# An instance: its folder, its slot (which its addresses derive from), its ports, its secrets, its lock.

SLOTS=16

# Nothing that the testbed writes is for other users. The node's servers get a umask of their own (start_server).
umask 077

choose_instance() {
  NAME=$1
  [[ $NAME =~ ^[a-z0-9]([a-z0-9-]{0,22}[a-z0-9])?$ ]] ||
    refuse "the name \"$NAME\" is not one of 1 to 24 small letters, digits and inner dashes"
  [[ -n ${ORK_CACHE:-${XDG_CACHE_HOME:-${HOME:-}}} ]] || refuse "none of ORK_CACHE, XDG_CACHE_HOME and HOME is set"
  CACHE=${ORK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/orkestra-testbed}
  mkdir -p "$CACHE/bin" "$CACHE/run" "$CACHE/logs"
  CACHE=$(cd "$CACHE" && pwd -P)
  STATE=$CACHE/run/$NAME
  # A socket's path may have 107 bytes; the longest is kubelet/pod-resources/kubelet.sock.
  # `eval "$(testbed env)"` sets ORK_KUBECONFIG to a file of an instance's own; that is no wish for another cluster.
  [[ $KUBECONFIG_GIVEN != "$CACHE"/run/*/secrets/* ]] || KUBECONFIG_GIVEN=
  ((${#STATE} <= 70)) || refuse "$STATE is too long for the sockets in it" "set ORK_CACHE to a shorter folder"
}

name_option() { [[ $NAME = "${ORK_TESTBED_NAME:-default}" ]] || printf ' --name %s' "$NAME"; }

instance_exists() { [[ -f $STATE/instance ]]; }

need_instance() {
  instance_exists || refuse "there is no instance $NAME" "start it: testbed up$(name_option)"
  load_instance
}

# One `up` or `down` per instance at a time; the second waits.
lock_instance() {
  exec {INSTANCE_LOCK}>"$CACHE/run/.$NAME.lock"
  flock -n "$INSTANCE_LOCK" || {
    say "testbed $NAME: another call is at work on it; waiting"
    flock -w 900 "$INSTANCE_LOCK" || fail "another call still works on $NAME after 15 minutes"
  }
}

unlock_instance() { exec {INSTANCE_LOCK}>&-; }

load_instance() {
  REGISTRY_PORT='' REGISTRY_PUBLIC_PORT=''
  # shellcheck source=/dev/null
  source "$STATE/instance"
  derive_addresses
}

# Every name and address that is seen outside the state folder follows from the slot, so that instances keep apart.
derive_addresses() {
  NODE=ork-node
  [[ $MODE = own ]] || return 0
  NETNS=ork-tb$SLOT
  LINK=ork-tb$SLOT
  CGROUP=ork-tb$SLOT
  HOST_IP=100.64.$((100 + SLOT)).1
  NODE_IP=100.64.$((100 + SLOT)).2
  POD_RANGE=10.$((200 + SLOT)).0.0/24
  SERVICE_RANGE=10.$((220 + SLOT)).0.0/16
  SERVICE_IP=10.$((220 + SLOT)).0.1
  DNS_IP=10.$((220 + SLOT)).0.10
  API_URL=https://127.0.0.1:$API_PORT
}

create_instance() {
  begin
  mkdir -p "$STATE"/{bin,log,pids,pki,secrets,config,git,charts,spool,registry}
  local mode=own slot='' ports
  [[ -z $KUBECONFIG_GIVEN ]] || mode=kubeconfig
  ports=$("$CACHE/bin/$(program_file tools)" ports 6)
  read -r API_PORT ETCD_PORT ETCD_PEER_PORT GIT_PORT REGISTRY_PORT REGISTRY_PUBLIC_PORT <<<"$ports"
  write_secrets
  [[ $mode = kubeconfig ]] || slot=$(claim_slot)
  {
    printf 'MODE=%s\nSLOT=%s\n' "$mode" "$slot"
    printf 'API_PORT=%s\nETCD_PORT=%s\nETCD_PEER_PORT=%s\nGIT_PORT=%s\n' \
      "$API_PORT" "$ETCD_PORT" "$ETCD_PEER_PORT" "$GIT_PORT"
    printf 'REGISTRY_PORT=%s\nREGISTRY_PUBLIC_PORT=%s\n' "$REGISTRY_PORT" "$REGISTRY_PUBLIC_PORT"
    printf 'GIVEN=%s\n' "$(quoted "${KUBECONFIG_GIVEN:+$(realpath "$KUBECONFIG_GIVEN")}")"
  } >"$STATE/instance.new"
  mv "$STATE/instance.new" "$STATE/instance"
  load_instance
  [[ $MODE = kubeconfig ]] || write_identities
  done_with "instance $NAME" "${SLOT:+slot $SLOT: node $NODE_IP, pods $POD_RANGE, services $SERVICE_RANGE}"
}

random_token() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }

write_secrets() {
  printf 'git-%s\n%s\n' "$(random_token | head -c 6)" "$(random_token)" >"$STATE/secrets/git"
  write_registry_password
}

# bcrypt is the one hash that the registry takes; perl's crypt is the C library's, which knows it on Debian.
write_registry_password() {
  local user password hash
  user=ork-$(random_token | head -c 6)
  password=$(random_token)
  hash=$(printf '%s' "$password" | perl -e 'print crypt(<STDIN>, "\$2y\$05\$" . $ARGV[0]) // ""' "$(random_token | head -c 21)u")
  [[ $hash = \$2y\$* ]] || fail "this system's perl makes no bcrypt hash, which the registry needs for its password"
  printf '%s\n%s\n' "$user" "$password" >"$STATE/secrets/registry"
  printf '%s:%s\n' "$user" "$hash" >"$STATE/secrets/registry.htpasswd"
}

# An instance that an older checkout made gets a registry when it is next brought up.
add_registry() {
  [[ -z $REGISTRY_PORT ]] || return 0
  local ports
  ports=$("$CACHE/bin/$(program_file tools)" ports 2)
  read -r REGISTRY_PORT REGISTRY_PUBLIC_PORT <<<"$ports"
  mkdir -p "$STATE/registry"
  write_registry_password
  {
    cat "$STATE/instance"
    printf 'REGISTRY_PORT=%s\nREGISTRY_PUBLIC_PORT=%s\n' "$REGISTRY_PORT" "$REGISTRY_PUBLIC_PORT"
  } >"$STATE/instance.new"
  mv "$STATE/instance.new" "$STATE/instance"
}

check_same_kind() {
  if [[ -n $KUBECONFIG_GIVEN && $MODE = own ]]; then
    refuse "the instance $NAME has a cluster of its own, but a kubeconfig is given" \
      "take it down first (testbed down$(name_option)), or choose another --name"
  fi
  if [[ $MODE = kubeconfig && -n $KUBECONFIG_GIVEN && $(realpath -m "$KUBECONFIG_GIVEN") != "$GIVEN" ]]; then
    refuse "the instance $NAME uses another kubeconfig: $GIVEN" \
      "take it down first (testbed down$(name_option)), or choose another --name"
  fi
  [[ $MODE = own ]] || KUBECONFIG_GIVEN=$GIVEN
}

admin_kubeconfig() {
  if [[ $MODE = kubeconfig ]]; then printf '%s' "$GIVEN"; else printf '%s' "$STATE/secrets/admin.kubeconfig"; fi
}

list_instances() {
  local folder
  for folder in "$CACHE"/run/*/; do
    [[ ! -f $folder/instance ]] || basename "$folder"
  done
}

print_env() {
  need_instance
  local user password api='' registry_user='' registry_password=''
  { read -r user && read -r password; } <"$STATE/secrets/git"
  [[ -z $REGISTRY_PORT ]] || { read -r registry_user && read -r registry_password; } <"$STATE/secrets/registry"
  if [[ $MODE = own ]]; then
    api=$API_URL
  else
    api=$("$STATE/bin/kubectl" --kubeconfig "$GIVEN" config view --minify -o 'jsonpath={.clusters[0].cluster.server}')
  fi
  local -A value=(
    [ORK_KUBECONFIG]=$(admin_kubeconfig)
    [ORK_KUBECTL]=$STATE/bin/kubectl
    [ORK_HELM]=$STATE/bin/helm
    [ORK_KUSTOMIZE]=$STATE/bin/kustomize
    [ORK_GIT_URL]=http://127.0.0.1:$GIT_PORT/git
    [ORK_GIT_ROOT]=$STATE/git
    [ORK_GIT_USER]=$user
    [ORK_GIT_PASSWORD]=$password
    [ORK_CHARTS_URL]=http://127.0.0.1:$GIT_PORT/charts
    [ORK_CHARTS_DIR]=$STATE/charts
    [ORK_REGISTRY_URL]=${REGISTRY_PORT:+127.0.0.1:$REGISTRY_PORT}
    [ORK_REGISTRY_USER]=$registry_user
    [ORK_REGISTRY_PASSWORD]=$registry_password
    [ORK_REGISTRY_PUBLIC_URL]=${REGISTRY_PUBLIC_PORT:+127.0.0.1:$REGISTRY_PUBLIC_PORT}
    [ORK_API_URL]=$api
    [ORK_AUDIT_LOG]=$([[ $MODE != own ]] || printf '%s' "$STATE/log/audit.log")
    [ORK_STATE]=$STATE
  )
  local key
  for key in ORK_KUBECONFIG ORK_KUBECTL ORK_HELM ORK_KUSTOMIZE ORK_GIT_URL ORK_GIT_ROOT ORK_GIT_USER ORK_GIT_PASSWORD \
    ORK_CHARTS_URL ORK_CHARTS_DIR ORK_REGISTRY_URL ORK_REGISTRY_USER ORK_REGISTRY_PASSWORD ORK_REGISTRY_PUBLIC_URL \
    ORK_API_URL ORK_AUDIT_LOG ORK_STATE; do
    printf '%s=%s\n' "$key" "$(quoted "${value[$key]}")"
  done
}
