# shellcheck shell=bash
# Ending an instance: only what it started, and all of it.

take_down() {
  if ! instance_exists; then
    rm -rf "$STATE"
    say "testbed $NAME: not there, nothing to take down"
    return 0
  fi
  load_instance
  local began=$EPOCHREALTIME
  if [[ $MODE = own ]]; then
    begin
    # Whoever would start something again goes first.
    end_servers kubelet kube-proxy kube-controller-manager kube-scheduler
    # containerd before its shims: it would tidy up after them, and so lose the trace of what they leave.
    end_servers containerd forward kube-apiserver etcd
    end_pods
    done_with "cluster" "ended"
    begin
    unmount_all
    network_down
    remove_traces
    done_with "network, mounts, cgroups" "removed"
  fi
  end_servers git registry registry-public
  # Not there when an earlier `down` was killed between this line and the next.
  if [[ -d $STATE/log ]]; then
    rm -rf "$CACHE/logs/$NAME"
    mv "$STATE/log" "$CACHE/logs/$NAME"
  fi
  rm -rf --one-file-system "$STATE"
  restore_sysctls
  check_nothing_left
  say "testbed $NAME: down after $(seconds_since "$began") s; its last logs: $CACHE/logs/$NAME"
}

# KILL, not TERM: what they hold is thrown away, and the API server alone would take its time to say goodbye.
end_servers() {
  local server
  for server in "$@"; do
    if alive "$server"; then kill -KILL "$(pid_of "$server")" 2>/dev/null || true; fi
    # A server that was started a moment before `up` was killed is not recorded; its first word names the instance.
    end_each "$(processes_matching "^$STATE/bin/(${server}$(other_name "$server")) ")"
  done
  for server in "$@"; do
    gone_within 10 alive "$server" || fail "$server (pid $(pid_of "$server")) does not end, not even killed"
  done
}

# Servers that are one program, with words that say which.
other_name() {
  case $1 in
    git | forward) printf '|tools %s' "$1" ;;
    registry | registry-public) printf '|docker-registry serve %s/config/%s\.yaml' "$STATE" "$1" ;;
  esac
}

# processes_matching REGEX: pids whose command line, words joined with blanks, matches.
processes_matching() {
  local folder words line
  for folder in /proc/[0-9]*; do
    { mapfile -d '' -t words <"$folder/cmdline"; } 2>/dev/null || continue
    line="${words[*]} "
    [[ ! $line =~ $1 ]] || printf '%s ' "${folder#/proc/}"
  done
}

end_each() {
  local pid
  for pid in $1; do kill -KILL "$pid" 2>/dev/null || true; done
}

# gone_within SECONDS COMMAND...: until COMMAND, which says that something is there, fails.
gone_within() {
  local deadline=$(($(now_ms) + $1 * 1000))
  shift
  while "$@"; do
    (($(now_ms) < deadline)) || return 1
    sleep 0.05
  done
}

shims() { processes_matching "containerd-shim[^ ]* .*-address $STATE/containerd\.sock( |$)"; }

# The instance's cgroups hold its pods' processes and nothing else.
pod_processes() {
  local folder
  for folder in /sys/fs/cgroup/"$CGROUP" /sys/fs/cgroup/*/"$CGROUP"; do
    find "$folder" -name cgroup.procs -exec cat {} + 2>/dev/null || true
  done | sort -u
}

end_pods() {
  local bundle address
  end_each "$(shims) $(pod_processes)"
  gone_within 10 pods_or_shims || fail "processes of pods do not end: $(pod_processes | tr '\n' ' ') $(shims)"
  # What is kept outside the state folder per container: the shim's socket, and CNI's note of the addresses it gave.
  for bundle in "$STATE"/containerd/state/io.containerd.runtime.v2.task/k8s.io/*/; do
    address=
    [[ ! -f $bundle/address ]] || address=$(<"$bundle/address")
    [[ $address != unix:///run/containerd/s/* ]] || rm -f "${address#unix://}"
    bundle=$(basename "$bundle")
    rm -f /var/lib/cni/results/*-"$bundle"-* /var/lib/cni/cache/results/*-"$bundle"-*
  done
}

pods_or_shims() {
  [[ -n $(pod_processes)$(shims) ]] || return 1
  end_each "$(shims) $(pod_processes)"
}

mounts_below_state() {
  local line point
  while read -r _ _ _ _ point line; do
    point=$(printf '%b' "${point//\\/\\0}")
    [[ $point != "$STATE"/* ]] || printf '%s\n' "$point"
  done </proc/self/mountinfo | sort -r
}

unmount_all() {
  local point
  while read -r point; do
    umount "$point" 2>/dev/null || umount --lazy "$point" || fail "cannot unmount $point"
  done < <(mounts_below_state)
}

remove_traces() {
  local link folder
  for link in /var/log/containers/*.log; do
    [[ $(readlink "$link") != "$STATE"/* ]] || rm -f "$link"
  done
  rm -f /var/lib/cni/results/"$NETNS"-* /var/lib/cni/cache/results/"$NETNS"-*
  for folder in /sys/fs/cgroup/"$CGROUP" /sys/fs/cgroup/*/"$CGROUP"; do
    gone_within 10 cgroup_left "$folder" || fail "the cgroup $folder cannot be removed"
  done
  # Made by our programs where nothing was; anything in them is not ours and keeps them.
  rmdir --ignore-fail-on-non-empty /run/containerd/s /run/containerd /var/lib/cni/results /var/lib/cni \
    /var/log/containers 2>/dev/null || true
}

# A cgroup whose last process just ended is busy for a moment.
cgroup_left() {
  [[ -d $1 ]] || return 1
  find "$1" -depth -type d -exec rmdir {} + 2>/dev/null || true
  [[ -d $1 ]]
}

restore_sysctls() {
  local others
  others=$(list_instances)
  [[ -z $others && -f $CACHE/run/.sysctls ]] || return 0
  sysctl -q -p "$CACHE/run/.sysctls" >/dev/null || warn "could not restore $CACHE/run/.sysctls"
  rm -f "$CACHE/run/.sysctls"
}

# The promise of `down`, looked at and not only hoped for.
check_nothing_left() {
  local left=()
  [[ ! -e $STATE ]] || left+=("folder $STATE")
  [[ -z $(processes_matching "^$STATE/bin/") ]] || left+=("processes $(processes_matching "^$STATE/bin/")")
  if [[ $MODE = own ]]; then
    [[ ! -e /run/netns/$NETNS ]] || left+=("network namespace $NETNS")
    [[ ! -e /sys/class/net/$LINK ]] || left+=("link $LINK")
    [[ -z $(ip route show "$POD_RANGE")$(ip route show "$SERVICE_RANGE") ]] || left+=("routes")
    [[ -z $(mounts_below_state) ]] || left+=("mounts below $STATE")
    [[ -z $(shims) ]] || left+=("containerd shims")
  fi
  [[ ${#left[@]} = 0 ]] || fail "after down there is still: ${left[*]}"
}
