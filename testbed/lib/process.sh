# shellcheck shell=bash
# Servers as processes: started in a session of their own, recorded, asked after, ended.

# start_time PID: the kernel's tick at which it started; with the pid it names one process for good.
start_time() {
  local stat
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return 1
  # The second field is the program's name in brackets, and may hold blanks and brackets itself.
  read -ra stat <<<"${stat##*) }"
  [[ ${stat[0]} != Z ]] || return 1
  printf '%s' "${stat[19]}"
}

# alive NAME: whether the process that was started as NAME still runs.
alive() {
  local pid started
  { read -r pid started <"$STATE/pids/$1"; } 2>/dev/null || return 1
  [[ $(start_time "$pid") = "$started" ]]
}

pid_of() {
  local pid _
  read -r pid _ <"$STATE/pids/$1"
  printf '%s' "$pid"
}

# start_server NAME COMMAND...: in the background, in a session of its own, with its output in log/NAME.log.
start_server() {
  local name=$1
  shift
  (
    # 022: what a node makes (image layers, volumes) is for any user inside a container; STATE itself lets nobody in.
    umask 022
    # A server that holds the lock's file open would hold the lock.
    exec {INSTANCE_LOCK}>&-
    cd /
    exec setsid "$@" </dev/null >>"$STATE/log/$name.log" 2>&1
  ) &
  printf '%s %s\n' "$!" "$(start_time "$!")" >"$STATE/pids/$name"
  disown "$!"
}

# await NAME SECONDS COMMAND...: until COMMAND succeeds; NAME is the server that it depends on.
await() {
  local name=$1 seconds=$2 deadline
  shift 2
  deadline=$(($(now_ms) + seconds * 1000))
  until "$@" >/dev/null 2>&1; do
    alive "$name" || fail "$name ended" "the end of its log (kept in $CACHE/logs/$NAME):" "$(end_of_log "$name")"
    (($(now_ms) < deadline)) || fail "$name is not ready after $seconds s (waited for: $(basename "$1") ${*:2:3})" \
      "the end of its log (kept in $CACHE/logs/$NAME):" "$(end_of_log "$name")"
    sleep 0.1
  done
}

end_of_log() { tail -n 8 "$STATE/log/$1.log" 2>/dev/null | cut -c 1-400; }

# The servers of this instance, in the order in which they start.
server_names() {
  printf '%s\n' git registry registry-public
  [[ $MODE = own ]] || return 0
  printf '%s\n' etcd containerd kube-apiserver forward kube-controller-manager kube-scheduler kubelet kube-proxy
}

server_address() {
  case $1 in
    git) printf 'http://127.0.0.1:%s/git and /charts' "$GIT_PORT" ;;
    registry) printf '127.0.0.1:%s, with user and password' "$REGISTRY_PORT" ;;
    registry-public) printf '127.0.0.1:%s, to pull only' "$REGISTRY_PUBLIC_PORT" ;;
    etcd) printf 'https://127.0.0.1:%s' "$ETCD_PORT" ;;
    kube-apiserver) printf '%s' "$API_URL" ;;
    forward) printf '%s:%s, for the node and its pods' "$HOST_IP" "$API_PORT" ;;
    containerd) printf '%s/containerd.sock' "$STATE" ;;
    kubelet) printf 'https://%s:10250' "$NODE_IP" ;;
  esac
}

# what_is_down: names of what does not run or answer; nothing when all is well.
what_is_down() {
  local server missing=()
  for server in $(server_names); do
    alive "$server" || missing+=("$server")
  done
  if [[ $MODE = own && ! -e /run/netns/$NETNS ]]; then missing+=("network"); fi
  # An answer of the whole line, asked only when every part is there: the API server, etcd behind it, and the node.
  if [[ ${#missing[@]} = 0 ]] && ! cluster_answers; then missing+=("the cluster's answer"); fi
  printf '%s' "${missing[*]}"
}

cluster_answers() {
  if [[ $MODE = kubeconfig ]]; then
    "$STATE/bin/kubectl" --kubeconfig "$GIVEN" --request-timeout=10s get --raw /version >/dev/null 2>&1
  else
    [[ $("$STATE/bin/kubectl" --kubeconfig "$(admin_kubeconfig)" --request-timeout=10s get node "$NODE" \
      -o 'jsonpath={.status.conditions[?(@.type=="Ready")].status}' 2>/dev/null) = True ]]
  fi
}

check_cluster_answers() {
  [[ $MODE = kubeconfig ]] || return 0
  begin
  cluster_answers || refuse "the cluster of $GIVEN does not answer" \
    "try: kubectl --kubeconfig $GIVEN version, then come again"
  done_with "cluster" "answers ($GIVEN)"
}

print_status() {
  instance_exists || { say "testbed $NAME: not there (start it: testbed up$(name_option))"; exit 1; }
  load_instance
  local server all=0
  printf '%-26s %-5s %8s  %s\n' SERVER STATE PID ADDRESS
  for server in $(server_names); do
    if alive "$server"; then
      printf '%-26s %-5s %8s  %s\n' "$server" up "$(pid_of "$server")" "$(server_address "$server")"
    else
      printf '%-26s %-5s %8s  %s\n' "$server" down - "see $STATE/log/$server.log"
      all=1
    fi
  done
  if cluster_answers; then
    printf '%-26s %-5s %8s  %s\n' cluster up - "kubeconfig $(admin_kubeconfig)"
  else
    printf '%-26s %-5s %8s  %s\n' cluster down - "does not answer, or its node is not Ready"
    all=1
  fi
  return "$all"
}
