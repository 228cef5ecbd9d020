# shellcheck shell=bash
# The node: containerd, kubelet and kube-proxy in the node's network namespace. They are entered with
# `nsenter --net`, not with `ip netns exec`: that one mounts /sys anew and so hides the cgroups.

# What a kubelet sets on the whole machine; `down` puts it back when the last instance goes.
SYSCTLS=(kernel.panic kernel.panic_on_oops vm.overcommit_memory vm.panic_on_oom kernel.keys.root_maxkeys
  kernel.keys.root_maxbytes)

start_containerd() {
  CONTAINERD_BEGAN=$EPOCHREALTIME
  mkdir -p "$STATE/config/cni" "$STATE/containerd"
  cat >"$STATE/config/cni/10-ork.conflist" <<CNI
{"cniVersion": "0.4.0", "name": "$NETNS", "plugins": [
  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": false, "hairpinMode": true,
   "ipam": {"type": "host-local", "dataDir": "$STATE/cni", "ranges": [[{"subnet": "$POD_RANGE"}]],
            "routes": [{"dst": "0.0.0.0/0"}]}},
  {"type": "portmap", "capabilities": {"portMappings": true}}]}
CNI
  local snapshotter=overlayfs
  [[ $(stat -f -c %T "$STATE") != overlayfs ]] || snapshotter=native
  # Everything that containerd would put elsewhere by default (/run, /opt, /var) is put below the state folder.
  cat >"$STATE/config/containerd.toml" <<TOML
version = 2
root = "$STATE/containerd/root"
state = "$STATE/containerd/state"
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs", "io.containerd.tracing.processor.v1.otlp",
  "io.containerd.internal.v1.tracing"]
[grpc]
address = "$STATE/containerd.sock"
[plugins."io.containerd.internal.v1.opt"]
path = "$STATE/containerd/opt"
[plugins."io.containerd.grpc.v1.cri"]
disable_tcp_service = true
restrict_oom_score_adj = true
netns_mounts_under_state_dir = true
sandbox_image = "ork.local/pause:1"
[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "$snapshotter"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
Root = "$STATE/containerd/runc"
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = "$STATE/config/cni"
TOML
  alive containerd ||
    start_server containerd nsenter --net="/run/netns/$NETNS" "$STATE/bin/containerd" -c "$STATE/config/containerd.toml"
}

containerd_ctl() { ctr --address "$STATE/containerd.sock" --namespace k8s.io "$@"; }

await_containerd() { await containerd 30 containerd_ctl version; }

# The pause image must be there before the first pod; there is no registry to pull from.
import_images() {
  local present image applet links=()
  present=$(containerd_ctl images list --quiet)
  for image in pause:1 httpd:1 httpd:2; do
    [[ $present != *ork.local/$image* ]] || continue
    case $image in
      pause:1) "$STATE/bin/tools" image -out "$STATE/image.tar" -name ork.local/pause:1 -command /pause \
        "/pause=$STATE/bin/pause" ;;
      *)
        [[ ${#links[@]} -gt 0 ]] || for applet in $(busybox --list); do
          [[ $applet = busybox ]] || links+=("/bin/$applet=->busybox")
        done
        "$STATE/bin/tools" image -out "$STATE/image.tar" -name "ork.local/$image" \
          -command "/bin/busybox httpd -f -p 8080 -h /www" "/bin/busybox=$(command -v busybox)" "${links[@]}" \
          "/etc/passwd=text:root:x:0:0:root:/:/bin/sh" "/www/index.html=text:ork.local/$image"
        ;;
    esac
    containerd_ctl images import "$STATE/image.tar" >/dev/null
    rm "$STATE/image.tar"
  done
  STEP_BEGAN=$CONTAINERD_BEGAN
  done_with "containerd" "images ork.local/pause:1, ork.local/httpd:1 and :2"
}

# A cgroup of its own per instance: a kubelet ends every pod that it does not know in the cgroup that it keeps.
make_cgroups() {
  local root
  for root in /sys/fs/cgroup /sys/fs/cgroup/*/; do
    root=${root%/}
    [[ -w $root/cgroup.procs && ! -L $root ]] || continue
    if [[ -f /sys/fs/cgroup/cgroup.controllers ]]; then
      [[ $root = /sys/fs/cgroup ]] || continue
      sed 's/\(\w\+\)/+\1/g' "$root/cgroup.controllers" >"$root/cgroup.subtree_control" ||
        fail "the cgroup controllers in $root cannot be handed down" \
          "in a container: start it with its own cgroup namespace and an init that moves itself into a child cgroup"
    fi
    mkdir -p "$root/$CGROUP"
    [[ ! -f $root/$CGROUP/cpuset.cpus || -f /sys/fs/cgroup/cgroup.controllers ]] || {
      cat "$root/cpuset.cpus" >"$root/$CGROUP/cpuset.cpus"
      cat "$root/cpuset.mems" >"$root/$CGROUP/cpuset.mems"
    }
  done
}

keep_sysctls() {
  [[ -e $CACHE/run/.sysctls ]] || sysctl "${SYSCTLS[@]}" >"$CACHE/run/.sysctls" 2>/dev/null || true
}

start_node_agents() {
  NODE_BEGAN=$EPOCHREALTIME
  make_cgroups
  keep_sysctls
  mkdir -p "$STATE/pods-log"
  write_kubelet_config
  alive kubelet || start_server kubelet nsenter --net="/run/netns/$NETNS" "$STATE/bin/kubelet" \
    --kubeconfig "$STATE/secrets/kubelet.kubeconfig" --config "$STATE/config/kubelet.yaml" \
    --hostname-override "$NODE" --node-ip "$NODE_IP" --root-dir "$STATE/kubelet" --cert-dir "$STATE/kubelet/pki"
  cat >"$STATE/config/kube-proxy.yaml" <<PROXY
apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
mode: iptables
clientConnection: {kubeconfig: $STATE/secrets/kube-proxy.kubeconfig}
hostnameOverride: $NODE
clusterCIDR: $POD_RANGE
# Answers between two pods of one bridge do not pass iptables unless the module br_netfilter is loaded; masked as the
# node's, they do.
iptables: {masqueradeAll: true}
conntrack: {maxPerCore: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
PROXY
  alive kube-proxy || start_server kube-proxy nsenter --net="/run/netns/$NETNS" "$STATE/bin/kube-proxy" \
    --config "$STATE/config/kube-proxy.yaml"
}

write_kubelet_config() {
  cat >"$STATE/config/kubelet.yaml" <<KUBELET
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: $STATE/pki/ca.crt}
authorization: {mode: Webhook}
tlsCertFile: $STATE/pki/kubelet.crt
tlsPrivateKeyFile: $STATE/pki/kubelet.key
cgroupDriver: cgroupfs
cgroupRoot: /$CGROUP
enforceNodeAllocatable: []
containerRuntimeEndpoint: unix://$STATE/containerd.sock
podLogsDir: $STATE/pods-log
volumePluginDir: $STATE/kubelet/volume-plugins
failSwapOn: false
resolvConf: ""
clusterDNS: [$DNS_IP]
clusterDomain: cluster.local
localStorageCapacityIsolation: false
# A developer's full disk must not evict a test's pods.
imageGCHighThresholdPercent: 100
evictionHard: {memory.available: "50Mi", nodefs.available: "0%", nodefs.inodesFree: "0%", imagefs.available: "0%"}
KUBELET
}

await_node() {
  # Without the default service account no pod can be made; it comes a moment after its namespace.
  await kubelet 60 kubectl_admin wait --for=create --timeout=5s "node/$NODE"
  await kubelet 60 kubectl_admin wait --for=condition=Ready --timeout=10s "node/$NODE"
  await kube-controller-manager 30 kubectl_admin wait --for=create --timeout=5s serviceaccount/default -n default
  STEP_BEGAN=$NODE_BEGAN
  done_with "node $NODE" "Ready"
}
