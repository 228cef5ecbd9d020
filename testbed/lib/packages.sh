# shellcheck shell=bash
# What the machine must have, and how it gets it.

NEEDED_GO=1.26

check_machine() {
  begin
  [[ $(uname -s) = Linux ]] || refuse "this is $(uname -s); the testbed needs Linux"
  local own=1
  [[ -z $KUBECONFIG_GIVEN ]] || own=
  if [[ -n $own ]]; then
    [[ $EUID = 0 ]] || refuse "a cluster with a node needs root (network namespaces, mounts, cgroups)" \
      "run this as root, or name a cluster that exists: testbed up --kubeconfig FILE"
  else
    [[ -r $KUBECONFIG_GIVEN ]] || refuse "cannot read the kubeconfig $KUBECONFIG_GIVEN"
  fi
  install_packages "$own"
  [[ -z $own ]] || check_kernel
  done_with "machine" "$([[ -n $own ]] || printf 'no cluster is made; the one of %s is used' "$KUBECONFIG_GIVEN")"
}

check_kernel() {
  unshare --net --mount true 2>/dev/null || refuse "this machine does not allow network namespaces, not even to root" \
    "in a container: run it privileged, or name a cluster that exists: testbed up --kubeconfig FILE"
  local probe
  for probe in /sys/fs/cgroup/memory /sys/fs/cgroup; do
    [[ ! -w $probe/cgroup.procs ]] || return 0
  done
  refuse "the cgroups in /sys/fs/cgroup cannot be written" \
    "in a container: run it privileged, or name a cluster that exists: testbed up --kubeconfig FILE"
}

# missing_packages OWN_CLUSTER: the Debian packages whose programs are not there.
missing_packages() {
  local package probe
  while read -r package probe; do
    if [[ $probe = /* ]]; then [[ -x $probe ]]; else command -v "$probe" >/dev/null; fi || printf '%s ' "$package"
  done <<<"git $(git --exec-path 2>/dev/null || printf /nowhere)/git-http-backend
util-linux flock
docker-registry docker-registry
perl perl"
  [[ -n $1 ]] || return 0
  while read -r package probe; do
    if [[ $probe = /* ]]; then [[ -x $probe ]]; else command -v "$probe" >/dev/null; fi || printf '%s ' "$package"
  done <<'NEEDED'
containerd containerd
runc runc
iptables iptables
iproute2 ip
containernetworking-plugins /usr/lib/cni/bridge
conntrack conntrack
NEEDED
  # The image that the testbed makes has no libraries in it.
  if ! command -v busybox >/dev/null || ldd "$(command -v busybox)" >/dev/null 2>&1; then printf 'busybox-static '; fi
}

install_packages() {
  local missing
  missing=$(missing_packages "$1")
  [[ -n $missing ]] || return 0
  local command="apt-get install --yes --no-install-recommends $missing"
  command -v apt-get >/dev/null || refuse "missing: $missing" \
    "(names of Debian packages; install the same with this system's packager and come again)"
  [[ $EUID = 0 ]] || refuse "missing: $missing" "as root: apt-get update && $command" \
    "without them nothing of the testbed works"
  say "  installing $missing"
  # Debian starts the services of what it installs, unless this file says no: our containerd is started by us.
  local policy=/usr/sbin/policy-rc.d ours=
  if [[ ! -e $policy ]]; then
    ours=1
    (umask 022 && printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 755 "$policy")
  fi
  local log=$CACHE/logs/apt.log code=0
  {
    # shellcheck disable=SC2086  # a list of words
    (umask 022 && export DEBIAN_FRONTEND=noninteractive && apt-get update && $command) >"$log" 2>&1 || code=$?
  }
  [[ -z $ours ]] || rm -f "$policy"
  [[ $code = 0 ]] || fail "apt-get ended with $code" "the end of $log:" "$(tail -n 5 "$log")" "by hand: $command"
  missing=$(missing_packages "$1")
  [[ -z $missing ]] || fail "still missing after the installation: $missing" "see $log"
}

# Asked only when something must be built: with everything in the cache, Go is not needed.
check_go() {
  command -v go >/dev/null || refuse "Go is missing; it builds the servers once" \
    "install Go $NEEDED_GO or newer (go.dev/dl) and put it on the PATH"
  # Without a wish of the user's, the Go that is there is the one that is used, or the message below is seen: a
  # toolchain that loads itself behind somebody's back would be a surprise.
  [[ -n $(go env GOTOOLCHAIN) && $(go env GOTOOLCHAIN) != auto ]] || export GOTOOLCHAIN=local
  local version
  version=$(go env GOVERSION)
  version=${version#go}
  [[ $(printf '%s\n%s\n' "$NEEDED_GO" "${version%%[!0-9.]*}" | sort -V | head -n 1) = "$NEEDED_GO" ]] ||
    refuse "Go $version is too old to build the servers" "install Go $NEEDED_GO or newer (go.dev/dl)," \
      "or allow Go to load it: GOTOOLCHAIN=go$NEEDED_GO.0 testbed up$(name_option)"
}
